"""Rows of periodic work: when each job is due next, and who is at it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import UtcInstant


class ScheduledJob(SQLModel, table=True):
    """One periodic job. A lease that ran out gives it to the next worker."""

    __tablename__ = "schedule"

    name: str = Field(primary_key=True, max_length=40)
    next_run_at: datetime = Field(sa_type=UtcInstant)
    leased_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    finished_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    runs: int = Field(default=0, sa_type=sa.BigInteger)
    failures: int = Field(default=0)
    last_error: str | None = Field(default=None, max_length=300)
