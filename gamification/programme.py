"""The settings of one programme, frozen, read from its row."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, one_of


class ProgrammeRow(SQLModel, table=True):
    """The one row of settings. `version` grows with every change of a definition.

    `news_a_day` is how many messages that nobody asked for may reach a member in a day.
    `leaf_seed` is drawn once and never changes: every leaf of a herbarium follows from it.
    """

    __tablename__ = "programme"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="single"),
        one_of("downgrade", "none", "one_step", "earned"),
        one_of("negative_policy", "only_pending", "within_balance", "unlimited"),
        one_of("combine", "add", "multiply", "best"),
        sa.CheckConstraint("review_over > 0", name="review_over"),
    )

    id: int = Field(default=1, primary_key=True)
    name: str = Field(max_length=120)
    currency: str = Field(max_length=3)
    zone: str = Field(max_length=64)
    locale: str = Field(default="ru", max_length=8)
    point_worth: int = Field(default=100, sa_type=WholeNumber)
    pending_days: int = Field(default=14)
    expiry_months: int | None = Field(default=None)
    window_days: int = Field(default=365)
    term_months: int = Field(default=12)
    grace_days: int = Field(default=30)
    downgrade: str = Field(default="one_step", max_length=10)
    pay_share: int = Field(default=30)
    negative_policy: str = Field(default="within_balance", max_length=16)
    combine: str = Field(default="add", max_length=10)
    late_days: int = Field(default=30)
    early_minutes: int = Field(default=5)
    park_days: int = Field(default=30)
    review_over: int | None = Field(default=None, sa_type=WholeNumber)
    colour: str | None = Field(default=None, max_length=7)
    logo: str | None = Field(default=None, max_length=200)
    news_a_day: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    leaf_seed: str = Field(default_factory=lambda: secrets.token_hex(8), max_length=32)
    setup: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    live_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    version: int = Field(default=1)


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name, kept once read."""
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Programme:
    """What every rule may ask of the programme.

    `point_worth` is in minor units a point; `pay_share` in per cent of a
    basket; `expiry_months` None means that points never burn. A till's receipt of
    more than `review_over` minor units waits for a person; None lets all pass.
    """

    name: str
    currency: str
    zone: ZoneInfo
    locale: str
    point_worth: int
    pending_days: int
    expiry_months: int | None
    window_days: int
    term_months: int
    grace_days: int
    downgrade: str
    pay_share: int
    negative_policy: str
    combine: str
    late_days: int
    early_minutes: int
    park_days: int
    review_over: int | None
    colour: str | None
    logo: str | None
    leaf_seed: str
    version: int


def programme_of(row: ProgrammeRow) -> Programme:
    """The frozen settings of a programme's row."""
    values = {name: getattr(row, name) for name in Programme.__dataclass_fields__}
    return Programme(**(values | {"zone": zone_of(row.zone)}))


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month: 31 Jan + 1 = 28 Feb."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    next_month = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (next_month - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@lru_cache(maxsize=8192)
def day_starts(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(), zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The local date of an instant."""
    return instant.astimezone(zone).date()


@lru_cache(maxsize=8192)
def lot_life(
    day: date, zone: ZoneInfo, pending_days: int, expiry_months: int | None
) -> tuple[datetime, datetime | None]:
    """From when (inclusive) and until when (exclusive) points earned on a day can be spent.

    They ripen at 00:00 of the day + N and burn at the end of the day so many
    months after that. Source: decisions, 5.
    """
    ripe = day + timedelta(days=pending_days)
    burn = None
    if expiry_months is not None:
        burn = day_starts(add_months(ripe, expiry_months) + timedelta(days=1), zone)
    return day_starts(ripe, zone), burn
