"""Rows of earn rules. A published version never changes; a new one replaces it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, one_of, serial_key

RULE_KINDS = ("tier_rate", "multiplier", "exclusion", "bonus", "cap", "act")


class EarnRule(SQLModel, table=True):
    """One idea of how points are earned, by its code; `names` are a shop's own, by locale."""

    __tablename__ = "earn_rule"
    __table_args__ = (one_of("kind", *RULE_KINDS), sa.UniqueConstraint("code"))

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    code: str = Field(max_length=60)
    kind: str = Field(max_length=12)
    position: int = Field(default=0)
    names: dict[str, str] = Field(default_factory=dict, sa_type=Json)


class EarnRuleVersion(SQLModel, table=True):
    """The rule as it stood from one instant (inclusive) to another (exclusive)."""

    __tablename__ = "earn_rule_version"
    __table_args__ = (sa.UniqueConstraint("rule_id", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    rule_id: int = Field(foreign_key="earn_rule.id", sa_type=sa.BigInteger)
    number: int
    params: dict[str, Any] = Field(sa_type=Json)
    valid_from: datetime = Field(sa_type=UtcInstant)
    valid_until: datetime | None = Field(default=None, sa_type=UtcInstant)
