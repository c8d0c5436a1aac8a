"""Rows of what is counted, for whom, and over which period."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, one_of, serial_key


class Measure(SQLModel, table=True):
    """What is counted, without any threshold, addressed by the hash of its spec.

    `keys_id` names the measure whose keys this one reads: measures over the
    same set of days, weeks or categories share one set of rows.
    """

    __tablename__ = "measure"
    __table_args__ = (
        sa.UniqueConstraint("spec_hash"),
        one_of("status", "seeding", "active", "paused"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    spec_hash: str = Field(max_length=64)
    spec: dict[str, Any] = Field(sa_type=Json)
    keys_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    status: str = Field(max_length=8)
    seeded_upto: int = Field(default=0, sa_type=sa.BigInteger)
    created_at: datetime = Field(sa_type=UtcInstant)


class Counter(SQLModel, table=True):
    """One measure's value for one member and period. The key starts with the member.

    `state` is the memory of a streak or a gap: its last key and present run.
    """

    __tablename__ = "counter"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    measure_id: int = Field(foreign_key="measure.id", primary_key=True, sa_type=sa.BigInteger)
    period: str = Field(primary_key=True, max_length=140)
    value: int = Field(sa_type=WholeNumber)
    state: str | None = Field(default=None, max_length=400)


class CounterKey(SQLModel, table=True):
    """How many kept activities hold this key (a day, a category) in this period."""

    __tablename__ = "counter_key"
    __table_args__ = (
        sa.CheckConstraint("n >= 0", name="n"),
        {"sqlite_with_rowid": False},
    )

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    measure_id: int = Field(foreign_key="measure.id", primary_key=True, sa_type=sa.BigInteger)
    period: str = Field(primary_key=True, max_length=20)
    key: str = Field(primary_key=True, max_length=120)
    n: int = Field(sa_type=WholeNumber)


class DaySum(SQLModel, table=True):
    """A summed measure by local day: what rolling windows add up, at most 366 rows."""

    __tablename__ = "day_sum"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    measure_id: int = Field(foreign_key="measure.id", primary_key=True, sa_type=sa.BigInteger)
    day: str = Field(primary_key=True, max_length=10)
    value: int = Field(sa_type=WholeNumber)
