"""The row of an import that the owner asked for on a page."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, one_of, serial_key

STATES = ("to_look", "looking", "looked", "to_import", "importing", "done", "failed")


class ImportRun(SQLModel, table=True):
    """Files that were sent, how they are read, and how far the work on them has come.

    An import from the command line is noted when it is done, without account or folder.
    `files` and `choice` are by kind: purchases, members. `found` is what looking
    came to, `outcome` what importing did; `error` is a code with its values. A
    lease that ran out gives the work to whoever has the files.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        one_of("state", *STATES),
        sa.Index(
            "ix_import_run_open",
            "id",
            sqlite_where=sa.text("state IN ('to_look', 'looking', 'to_import', 'importing')"),
            postgresql_where=sa.text("state IN ('to_look', 'looking', 'to_import', 'importing')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=sa.BigInteger)
    state: str = Field(max_length=12)
    folder: str = Field(max_length=40)
    files: dict[str, str] = Field(sa_type=Json)
    choice: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    found: dict[str, Any] | None = Field(default=None, sa_type=Json)
    outcome: dict[str, Any] | None = Field(default=None, sa_type=Json)
    error: dict[str, Any] | None = Field(default=None, sa_type=Json)
    stage: str = Field(default="", max_length=20)
    done: int = Field(default=0, sa_type=sa.BigInteger)
    whole: int = Field(default=0, sa_type=sa.BigInteger)
    created_at: datetime = Field(sa_type=UtcInstant)
    changed_at: datetime = Field(sa_type=UtcInstant)
    finished_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    leased_until: datetime | None = Field(default=None, sa_type=UtcInstant)
