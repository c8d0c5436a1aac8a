"""The row of a rehearsal that somebody asked for on a page."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, one_of, serial_key

STATES = ("running", "done", "stopped", "slow", "broken")
KINDS = ("rule", "tiers", "challenge")


class RehearsalRun(SQLModel, table=True):
    """How far a rehearsal is and what it found; forgotten after a day.

    `of` is the challenge's number, `mark` the fingerprint of what was rehearsed, `draft`
    what the page needs to show it again. A row that runs and was not touched for a while
    belongs to a process that is gone.
    """

    __tablename__ = "rehearsal_run"
    __table_args__ = (one_of("kind", *KINDS), one_of("state", *STATES))

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    kind: str = Field(max_length=12)
    of: int | None = Field(default=None, sa_type=sa.BigInteger)
    mark: str = Field(max_length=16)
    draft: dict[str, Any] = Field(sa_type=Json)
    state: str = Field(default="running", max_length=12)
    percent: int = Field(default=0)
    found: dict[str, Any] | None = Field(default=None, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcInstant)
    touched_at: datetime = Field(sa_type=UtcInstant)
