"""Rows of what happened outside: activities, their lines, and what a return met."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, one_of

COUNTED = ("counted", "partly_returned")
STATES = (
    "counted",
    "partly_returned",
    "returned",
    "superseded",
    "parked",
    "under_review",
    "rejected",
    "ignored",
    "cancelled",
)


class Activity(SQLModel, table=True):
    """Something a member did, once per source and external id.

    Money is signed, in minor units: a purchase adds, a return takes. `*_left`
    is what is still kept of a purchase; with a discount or an exchange among
    the lines it may be more than the whole, or on the other side of zero. `base`
    is the part that earned (without points paid and excluded goods). `local_date`
    and `local_minute` are frozen at insertion in `zone`. `judged` keeps the context and the
    trace of earning, `outcome` the answer that a replay gets again. An act besides
    purchases has points and no money; beyond its limit it is kept as `ignored`.
    """

    __tablename__ = "activity"
    __table_args__ = (
        sa.UniqueConstraint("source", "external_id"),
        sa.Index("ix_activity_member", "member_id", "occurred_at"),
        sa.Index(
            "ix_activity_waiting",
            "names_source",
            "names_id",
            sqlite_where=sa.text("state IN ('parked', 'under_review')"),
            postgresql_where=sa.text("state IN ('parked', 'under_review')"),
        ),
        one_of("state", *STATES),
        sa.CheckConstraint("points_left BETWEEN 0 AND points", name="left"),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    source: str = Field(max_length=60)
    external_id: str = Field(max_length=120)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    type: str = Field(max_length=40)
    state: str = Field(max_length=16)
    occurred_at: datetime = Field(sa_type=UtcInstant)
    recorded_at: datetime = Field(sa_type=UtcInstant)
    zone: str = Field(max_length=64)
    local_date: str = Field(max_length=10)
    local_minute: int
    amount: int = Field(sa_type=WholeNumber)
    amount_left: int = Field(sa_type=WholeNumber)
    base: int = Field(sa_type=WholeNumber)
    base_left: int = Field(sa_type=WholeNumber)
    points: int = Field(sa_type=WholeNumber)
    points_left: int = Field(sa_type=WholeNumber)
    points_paid: int = Field(default=0, sa_type=WholeNumber)
    line_count: int
    store: str | None = Field(default=None, max_length=120)
    channel: str | None = Field(default=None, max_length=40)
    operator: str | None = Field(default=None, max_length=120)
    names_id: str | None = Field(default=None, max_length=120)
    names_source: str | None = Field(default=None, max_length=60)
    body_hash: str = Field(max_length=32)
    judged: dict[str, Any] | None = Field(default=None, sa_type=Json)
    outcome: dict[str, Any] | None = Field(default=None, sa_type=Json)
    body: dict[str, Any] | None = Field(default=None, sa_type=Json)


class ActivityLine(SQLModel, table=True):
    """One line of a receipt. Quantities are in thousandths of a unit."""

    __tablename__ = "activity_line"
    __table_args__ = (
        sa.CheckConstraint("abs(quantity_left) <= abs(quantity)", name="left"),
        {"sqlite_with_rowid": False},
    )

    activity_id: int = Field(foreign_key="activity.id", primary_key=True, sa_type=sa.BigInteger)
    line_no: int = Field(primary_key=True)
    sku: str | None = Field(default=None, max_length=120)
    category: str | None = Field(default=None, max_length=120)
    quantity: int = Field(sa_type=WholeNumber)
    quantity_left: int = Field(sa_type=WholeNumber)
    amount: int = Field(sa_type=WholeNumber)
    paid: int = Field(default=0, sa_type=WholeNumber)
    base: int = Field(sa_type=WholeNumber)
    price: str | None = Field(default=None, max_length=60)
    discounts: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)


class ReturnMatch(SQLModel, table=True):
    """Which purchase line a returned line took from, and how much of it."""

    __tablename__ = "return_match"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.Index("ix_return_match_purchase", "purchase_id"),
        {"sqlite_with_rowid": False},
    )

    return_id: int = Field(foreign_key="activity.id", primary_key=True, sa_type=sa.BigInteger)
    line_no: int = Field(primary_key=True)
    purchase_id: int = Field(foreign_key="activity.id", primary_key=True, sa_type=sa.BigInteger)
    purchase_line_no: int = Field(primary_key=True)
    quantity: int = Field(sa_type=WholeNumber)
    amount: int = Field(sa_type=WholeNumber)
