"""Rows of tiers and of everybody's standing."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, one_of, serial_key


class Tier(SQLModel, table=True):
    """A step of the programme. Position counts from 1; the first needs nothing.

    `names` holds a name per locale; `perks` are typed entries
    (`{"kind": "delivery" | "early_access" | "service" | "text", ...}`).
    """

    __tablename__ = "tier"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("position"),
        one_of("metal", "clay", "leaf", "gold", "onyx"),
        sa.CheckConstraint("threshold >= 0", name="threshold"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    code: str = Field(max_length=40)
    position: int
    threshold: int = Field(sa_type=WholeNumber)
    metal: str = Field(max_length=8)
    names: dict[str, str] = Field(sa_type=Json)
    perks: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)


class Standing(SQLModel, table=True):
    """Where a member stands now. Dates are local to the programme's zone.

    The term ends at the end of `term_ends`; grace ends at 00:00 of `grace_until`;
    `decided_on` is the day from which the latest decision holds.
    """

    __tablename__ = "standing"

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    tier_id: int = Field(foreign_key="tier.id", sa_type=sa.BigInteger)
    since: str = Field(max_length=10)
    term_ends: str | None = Field(default=None, max_length=10)
    grace_until: str | None = Field(default=None, max_length=10)
    decided_on: str = Field(max_length=10)


class StandingLog(SQLModel, table=True):
    """Every decision about a member's tier, with its basis and sum; append-only.

    A later fact may void rows and write the truer ones after them: the rows
    without `voided_by` are the timeline.
    """

    __tablename__ = "standing_log"
    __table_args__ = (
        sa.Index("ix_standing_log_member", "member_id", "effective_from"),
        one_of(
            "reason",
            "joined",
            "reached",
            "kept",
            "grace",
            "stepped_down",
            "withdrawn",
            "restored",
            "staff",
        ),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    effective_from: str = Field(max_length=10)
    recorded_at: datetime = Field(sa_type=UtcInstant)
    from_tier_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    tier_id: int = Field(foreign_key="tier.id", sa_type=sa.BigInteger)
    since: str = Field(max_length=10)
    term_ends: str | None = Field(default=None, max_length=10)
    grace_until: str | None = Field(default=None, max_length=10)
    reason: str = Field(max_length=12)
    basis: str = Field(default="spend", max_length=12)
    window_days: int
    window_sum: int = Field(sa_type=WholeNumber)
    activity_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    voided_by: int | None = Field(default=None, sa_type=sa.BigInteger)
