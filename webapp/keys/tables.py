"""Rows of the keys of tills."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, serial_key


class ApiKey(SQLModel, table=True):
    """A key of one sender. Only its hash is kept; the prefix finds it and names it in lists.

    Receipts carry the key's `name` as their source, so the ids of two tills never
    clash. A rotated key has a successor of the same name (`rotated_from`) and works
    on until `expires_at`, so that tills can be told one by one.
    """

    __tablename__ = "api_key"
    __table_args__ = (sa.Index("ix_api_key_name", "name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    name: str = Field(max_length=60)
    prefix: str = Field(unique=True, max_length=12)
    hash: str = Field(max_length=64)
    scopes: list[str] = Field(sa_type=Json)
    created: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    last_used: datetime | None = Field(default=None, sa_type=UtcInstant)
    rotated_from: int | None = Field(default=None, foreign_key="api_key.id", sa_type=sa.BigInteger)
