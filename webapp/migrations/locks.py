"""One migration at a time, however many workers start at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock

ADVISORY_KEY = 0x6C61_7572_656C  # "laurel"


class OrphanedRowsError(RuntimeError):
    """What was done would leave rows whose parent is gone; it was undone."""


@contextmanager
def alone_with_schema(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that nobody else's migration can overlap; commits at its end.

    SQLite: a file lock beside the database, since waiting for its own write lock
    ends after seconds. PostgreSQL: an advisory lock that goes with the transaction.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(engine), _unchecked_keys(engine) as connection:
            yield connection
    else:
        with engine.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_KEY)))
            yield connection


@contextmanager
def _file_lock(engine: sa.Engine) -> Iterator[None]:
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    path = Path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{path.name}.migrating")):
        yield


@contextmanager
def _unchecked_keys(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction without foreign keys, which are checked as a whole at its end.

    Rebuilding a table drops the old one, and with keys on that would delete its
    children (ON DELETE CASCADE) without a word. The switch works only outside a
    transaction, hence on the driver's connection.
    """
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None, "a connection that was just opened"
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                _refuse_orphans(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _refuse_orphans(connection: sa.Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        tables = sorted({f"{child} -> {parent}" for child, _, parent, _ in orphans})
        raise OrphanedRowsError(f"{len(orphans)} rows would lose their parent: {', '.join(tables)}")
