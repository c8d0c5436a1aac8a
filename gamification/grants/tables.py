"""Rows of grants: a reward asked of the ledger, once per key."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import UtcInstant, WholeNumber, one_of


class Grant(SQLModel, table=True):
    """A promise of points by a decision. Posted at once unless it waits for one."""

    __tablename__ = "point_grant"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        one_of("cause_kind", "award", "challenge", "referral", "board", "staff"),
        one_of("state", "waiting", "posted", "reversed", "cancelled"),
        sa.CheckConstraint("points > 0", name="points"),
        sa.Index("ix_point_grant_member", "member_id"),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    key: str = Field(max_length=120)
    cause_kind: str = Field(max_length=12)
    cause_id: int = Field(sa_type=sa.BigInteger)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    points: int = Field(sa_type=WholeNumber)
    state: str = Field(max_length=10)
    created_at: datetime = Field(sa_type=UtcInstant)
    transfer_id: int | None = Field(default=None, sa_type=sa.BigInteger)
