"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON on SQLite, JSONB on PostgreSQL. Assign a new object to change it."""


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970 in UTC; refuses an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The UTC instant of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


class UtcInstant(sa.types.TypeDecorator[datetime]):
    """An aware instant, stored as whole microseconds since 1970 in UTC.

    One whole number sorts, compares and indexes alike on both engines, and no
    driver can drop its zone.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class WholeNumber(sa.types.TypeDecorator[int]):
    """A whole number that refuses anything else, since SQLite would keep a text."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> int | None:
        if value is not None and type(value) is not int:
            raise TypeError(f"a whole number is needed, not {type(value).__name__}")
        return value


def serial_key() -> Any:
    """A small primary key counted by the database (a rowid alias on SQLite)."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """A CHECK that keeps a text column to a closed list of words."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({words})", name=column)
