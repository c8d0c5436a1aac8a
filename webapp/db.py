"""Engines for both databases, set so that an acknowledged receipt survives a power cut."""

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "synchronous=FULL",
)
SAFE_VALUES: dict[str, dict[str, tuple[str | int, ...]]] = {
    "sqlite": {
        "PRAGMA journal_mode": ("wal",),
        "PRAGMA synchronous": (2, 3),
        "PRAGMA foreign_keys": (1,),
    },
    "postgresql": {
        "SHOW synchronous_commit": ("on", "remote_apply"),
        "SHOW fsync": ("on",),
        "SHOW full_page_writes": ("on",),
    },
}


def make_engine(url: str, **options: Any) -> sa.Engine:
    """An engine for a SQLite or PostgreSQL address; `options` go to SQLAlchemy."""
    options = {"hide_parameters": True} | options  # an error must not log phones and hashes
    engine = sa.create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    else:
        event.listen(engine, "connect", prepare_postgres)
    return engine


def read_only(connection: sa.Connection) -> sa.Connection:
    """The connection for one transaction that only looks: a still picture, and no writing.

    SQLite begins deferred, so that it never waits for a writer.
    """
    if connection.dialect.name == "sqlite":
        return connection.execution_options(readonly=True)
    return connection.execution_options(
        readonly=True, isolation_level="REPEATABLE READ", postgresql_readonly=True
    )


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Leave transactions to us, and set what SQLite keeps per connection."""
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: sa.Connection) -> None:
    """Take the write lock at once, so that a reader who then writes cannot lose a race.

    Connections with the execution option `readonly` begin deferred, never wait and
    cannot write.
    """
    readonly = bool(connection.get_execution_options().get("readonly"))
    let_write(connection, not readonly)
    begin = "BEGIN" if readonly else "BEGIN IMMEDIATE"
    try:  # by the driver itself: every transaction begins here
        connection.connection.cursor().execute(begin)
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            begin, (), error, sqlite3.Error, dialect=connection.dialect
        ) from error


def let_write(connection: sa.Connection, writes: bool) -> None:
    """Let a SQLite connection write, or refuse to, from its next statement on."""
    info, readonly = connection.info, not writes
    if info.get("readonly", False) != readonly:
        connection.connection.cursor().execute(f"PRAGMA query_only={'ON' if readonly else 'OFF'}")
        info["readonly"] = readonly


def prepare_postgres(connection: Any, _record: Any) -> None:
    """Wait for the disk at every commit, whatever the server's default says."""
    connection.autocommit = True
    connection.execute("SET synchronous_commit = on")
    connection.autocommit = False


def unsafe_settings(engine: sa.Engine) -> list[str]:
    """What in this database could lose an acknowledged receipt, a sentence each."""
    wanted = SAFE_VALUES[engine.dialect.name]
    with read_only(engine.connect()) as connection:
        found = {words: connection.exec_driver_sql(words).scalar() for words in wanted}
    return [
        f"{words.split()[1]} is {found[words]}, which is unsafe: it should be {values[0]}"
        for words, values in wanted.items()
        if found[words] not in values
    ]
