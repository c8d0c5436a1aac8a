"""Engines for both databases, set so that an acknowledged receipt survives a power cut."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "synchronous=FULL",
)


def make_engine(url: str, **options: Any) -> sa.Engine:
    """An engine for a SQLite or PostgreSQL address; `options` go to SQLAlchemy."""
    engine = sa.create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Leave transactions to us, and set what SQLite keeps per connection."""
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: sa.Connection) -> None:
    """Take the write lock at once, so that a reader who then writes cannot lose a race.

    Connections with the execution option `readonly` begin deferred and never wait.
    """
    readonly = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
