"""Rows of saved segments, of lists that were brought in, and of the shop's rhythm."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, serial_key


def one_name(table: str) -> sa.Index:
    """Rows that are not archived bear different names."""
    present = sa.text("archived_at IS NULL")
    return sa.Index(
        f"ux_{table}_name", "name", unique=True, sqlite_where=present, postgresql_where=present
    )


class Segment(SQLModel, table=True):
    """An audience with a name. An archived one is offered no more and still means the same."""

    __tablename__ = "segment"
    __table_args__ = (one_name("segment"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    name: str = Field(max_length=80)
    audience: dict[str, Any] = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=UtcInstant)
    created_by: str = Field(default="", max_length=120)
    archived_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class MemberList(SQLModel, table=True):
    """A list of members that came as a file.

    Of its rows only counts are kept: `matched` named a member for the first time,
    `duplicates` named one again, `unmatched` named nobody who may take part. What they
    said is not kept.
    """

    __tablename__ = "member_list"
    __table_args__ = (
        one_name("member_list"),
        sa.CheckConstraint("matched >= 0 AND duplicates >= 0 AND unmatched >= 0", name="counts"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    name: str = Field(max_length=80)
    matched: int = Field(sa_type=WholeNumber)
    duplicates: int = Field(sa_type=WholeNumber)
    unmatched: int = Field(sa_type=WholeNumber)
    created_at: datetime = Field(sa_type=UtcInstant)
    created_by: str = Field(default="", max_length=120)
    archived_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class MemberListEntry(SQLModel, table=True):
    """A member on a list. Erasing the member deletes the row."""

    __tablename__ = "member_list_entry"
    __table_args__ = ({"sqlite_with_rowid": False},)

    list_id: int = Field(foreign_key="member_list.id", primary_key=True, sa_type=sa.BigInteger)
    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)


class PurchaseRhythm(SQLModel, table=True):
    """How this shop's customers buy, as at 00:00 of a local day; see `stages.py`.

    `cuts` holds four bounds between fifths of the buyers for `silence` (days), `days` and
    `money` (minor units).
    """

    __tablename__ = "purchase_rhythm"
    __table_args__ = (
        sa.CheckConstraint("gaps >= 0 AND buyers >= 0", name="counts"),
        sa.CheckConstraint("typical_days > 0 AND typical_days <= long_days", name="gaps_in_order"),
    )

    day: str = Field(primary_key=True, max_length=10)
    gaps: int = Field(sa_type=WholeNumber)
    typical_days: int
    long_days: int
    buyers: int = Field(sa_type=WholeNumber)
    cuts: dict[str, list[int]] = Field(sa_type=Json)
    counted_at: datetime = Field(sa_type=UtcInstant)
