"""Rows of medals and of who holds them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, one_of, serial_key


class Achievement(SQLModel, table=True):
    """A medal. Its names and sentences live in translations, or in `achievement_text`."""

    __tablename__ = "achievement"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        one_of("visibility", "open", "teaser", "secret", "hidden"),
        one_of("state", "draft", "live", "retired", "archived"),
        one_of("on_reversal", "keep", "revoke_if_below"),
        one_of("occurrence", "once", "every", "per_value"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    code: str = Field(max_length=60)
    position: int
    occurrence: str = Field(max_length=10)
    visibility: str = Field(max_length=8)
    state: str = Field(max_length=8)
    on_reversal: str = Field(max_length=16)
    live_version_id: int | None = Field(default=None, sa_type=sa.BigInteger)


class AchievementText(SQLModel, table=True):
    """A shop's own words for a medal in one language; absent means the shipped ones."""

    __tablename__ = "achievement_text"

    achievement_id: int = Field(
        foreign_key="achievement.id", primary_key=True, sa_type=sa.BigInteger
    )
    locale: str = Field(primary_key=True, max_length=8)
    name: str = Field(max_length=120)
    description: str = Field(default="", max_length=400)


class AchievementVersion(SQLModel, table=True):
    """What earns the medal. Immutable once published."""

    __tablename__ = "achievement_version"
    __table_args__ = (sa.UniqueConstraint("achievement_id", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    achievement_id: int = Field(foreign_key="achievement.id", sa_type=sa.BigInteger)
    number: int
    criterion: dict[str, Any] = Field(sa_type=Json)
    measure_id: int = Field(foreign_key="measure.id", sa_type=sa.BigInteger)
    published_at: datetime = Field(sa_type=UtcInstant)


class AchievementLevel(SQLModel, table=True):
    """One metal of a medal: its threshold and the points that come with it."""

    __tablename__ = "achievement_level"
    __table_args__ = (sa.CheckConstraint("threshold > 0 AND points >= 0", name="bounds"),)

    version_id: int = Field(
        foreign_key="achievement_version.id", primary_key=True, sa_type=sa.BigInteger
    )
    level: int = Field(primary_key=True)
    threshold: int = Field(sa_type=WholeNumber)
    points: int = Field(default=0, sa_type=WholeNumber)


class Award(SQLModel, table=True):
    """A medal's level, given once per member and occurrence. Rows are never deleted.

    `held` are the points that it gave and that were not taken back, be it from the wallet or
    as a debt: of a lost award, what was written off.
    """

    __tablename__ = "award"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "achievement_id", "level", "occurrence"),
        one_of("status", "active", "on_hold", "revoked", "void"),
        one_of("origin", "event", "seed", "challenge", "staff", "import"),
        sa.Index("ix_award_achievement", "achievement_id", "level", "status"),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    achievement_id: int = Field(foreign_key="achievement.id", sa_type=sa.BigInteger)
    version_id: int = Field(foreign_key="achievement_version.id", sa_type=sa.BigInteger)
    level: int
    occurrence: str = Field(max_length=140)
    status: str = Field(max_length=8)
    origin: str = Field(max_length=10)
    earned_at: datetime = Field(sa_type=UtcInstant)
    granted_at: datetime = Field(sa_type=UtcInstant)
    activity_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    value: int = Field(sa_type=WholeNumber)
    times: int = Field(default=1)
    seen_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    held: int = Field(
        default=0, sa_type=WholeNumber, sa_column_kwargs={"server_default": sa.text("0")}
    )


class AwardLog(SQLModel, table=True):
    """Each change of an award, append-only."""

    __tablename__ = "award_log"
    __table_args__ = (sa.Index("ix_award_log_award", "award_id"),)

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    award_id: int = Field(foreign_key="award.id", sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=UtcInstant)
    from_status: str | None = Field(default=None, max_length=8)
    to_status: str = Field(max_length=8)
    reason: str = Field(max_length=40)
    activity_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    actor: str = Field(default="engine", max_length=120)


class MedalPin(SQLModel, table=True):
    """A medal that a member keeps in sight. Unpinning deletes the row."""

    __tablename__ = "medal_pin"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    achievement_id: int = Field(
        foreign_key="achievement.id", primary_key=True, sa_type=sa.BigInteger
    )
    pinned_at: datetime = Field(sa_type=UtcInstant)


class MedalRarity(SQLModel, table=True):
    """How many of the active members hold a medal's level, counted every night."""

    __tablename__ = "medal_rarity"
    __table_args__ = (
        sa.CheckConstraint("holders >= 0 AND holders <= eligible", name="holders"),
        {"sqlite_with_rowid": False},
    )

    achievement_id: int = Field(
        foreign_key="achievement.id", primary_key=True, sa_type=sa.BigInteger
    )
    level: int = Field(primary_key=True)
    holders: int = Field(sa_type=WholeNumber)
    eligible: int = Field(sa_type=WholeNumber)
    counted_at: datetime = Field(sa_type=UtcInstant)


class Shelf(SQLModel, table=True):
    """A member's public shelf: its address, who is named on it, whether the tier is shown.

    It is open only while the member's latest answer to "shelf" is yes.
    """

    __tablename__ = "shelf"
    __table_args__ = (one_of("naming", "none", "first", "nick"), {"sqlite_with_rowid": False})

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    address: str = Field(unique=True, max_length=24)
    naming: str = Field(default="none", max_length=5)
    nickname: str = Field(default="", max_length=30)
    tier_shown: bool = Field(default=False)
    made_at: datetime = Field(sa_type=UtcInstant)
    renewed_at: datetime = Field(sa_type=UtcInstant)


class ShelfMedal(SQLModel, table=True):
    """A medal on a shelf, in its place; `period` is its category, `all` of every other medal."""

    __tablename__ = "shelf_medal"
    __table_args__ = (
        sa.CheckConstraint("place > 0", name="place"),
        {"sqlite_with_rowid": False},
    )

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    achievement_id: int = Field(
        foreign_key="achievement.id", primary_key=True, sa_type=sa.BigInteger
    )
    period: str = Field(primary_key=True, max_length=140)
    place: int
