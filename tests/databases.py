"""Fresh databases for tests: each a copy of one that was made once per worker."""

import gc
import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

import webapp.tables  # noqa: F401 - tables exist once they are imported
from tests.connections import keep, let_go
from webapp.db import make_engine

NUMBERS = itertools.count(1)


@contextmanager
def opened(url: str) -> Iterator[sa.Engine]:
    """An engine whose connections are closed at the end; SQLite then empties its log."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


class SqliteCopies:
    """Databases that are copies of one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        with opened(f"sqlite:///{self._template}") as engine:
            SQLModel.metadata.create_all(engine)

    def take(self) -> tuple[str, Callable[[], None]]:
        """The address of a fresh database, and how to drop it."""
        path = self._folder / f"copy-{next(NUMBERS)}.db"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}", lambda: remove_database(path)


def remove_database(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


class PostgresCopies:
    """One database per worker, emptied after each test; made anew when a test bent its schema.

    Emptying takes milliseconds, a new copy of the template takes a fifth of a second.
    """

    def __init__(self, server: str, worker: str) -> None:
        self._server = sa.make_url(server)
        self._worker = worker
        self._admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        self._template = f"laurel_{worker}_template"
        self._run(f'CREATE DATABASE "{self._template}"')
        with opened(self._address(self._template)) as engine:
            SQLModel.metadata.create_all(engine)
            with engine.connect() as connection:
                self._shape = schema_shape(connection)
        self._spare: list[str] = []

    def take(self) -> tuple[str, Callable[[], None]]:
        """The address of a fresh database, and how to give it back."""
        name = self._spare.pop() if self._spare else self._copy_template()
        return self._address(name), lambda: self._give_back(name)

    def close(self) -> None:
        gc.collect()  # sessions that tests forgot go before their databases do
        for name in (self._template, *self._spare):
            self._drop(name)
        self._admin.dispose()

    def _copy_template(self) -> str:
        name = f"laurel_{self._worker}_{next(NUMBERS)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        keep(name)
        return name

    def _give_back(self, name: str) -> None:
        with opened(self._address(name)) as engine, engine.begin() as connection:
            unbent = schema_shape(connection) == self._shape
            if unbent:
                empty_tables(connection)
        if unbent:
            self._spare.append(name)
        else:
            self._drop(name)

    def _drop(self, name: str) -> None:
        let_go(name)
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _address(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


SCHEMA_SHAPE = (
    "SELECT count(*), sum(hashtext(concat_ws(' ', attrelid, attnum, a.xmin)))"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
    " WHERE relnamespace = 'public'::regnamespace AND attnum > 0"
    " UNION ALL SELECT count(*), sum(hashtext(concat_ws(' ', oid, xmin)))"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    " UNION ALL SELECT count(*), sum(hashtext(concat_ws(' ', oid, xmin)))"
    " FROM pg_trigger WHERE NOT tgisinternal"
)
STILL_OPEN = (
    " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND state <> 'idle'"
)
RESTART_SEQUENCES = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


def schema_shape(connection: sa.Connection) -> Sequence[sa.Row[Any]]:
    """The columns, constraints and triggers of a PostgreSQL database, and who wrote them.

    A copy has the rows of its template's catalogue as they are; any change of the schema writes
    new ones. Comparing the definitions themselves would take longer than emptying the tables.
    """
    return connection.exec_driver_sql(SCHEMA_SHAPE).all()


def empty_tables(connection: sa.Connection) -> None:
    """Every row goes, whatever forbids it; transactions that a test forgot are ended."""
    tables = [f'DELETE FROM "{table.name}"' for table in SQLModel.metadata.sorted_tables]
    end_others(connection)
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql("; ".join(tables))
    connection.exec_driver_sql(RESTART_SEQUENCES)


def end_others(connection: sa.Connection) -> None:
    """End what would hold locks: first by letting go of forgotten sessions, then by force."""
    if connection.exec_driver_sql(f"SELECT count(*){STILL_OPEN}").scalar():
        gc.collect()
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid){STILL_OPEN}")


REFLECTED: dict[str, sa.MetaData] = {}


def dump(engine: sa.Engine) -> str:
    """Every value of every row of every table, as text.

    The tables are those that the database tells of, asked once per kind of database.
    """
    with engine.connect() as connection:
        if engine.dialect.name not in REFLECTED:
            REFLECTED[engine.dialect.name] = found = sa.MetaData()
            found.reflect(connection)
        tables = REFLECTED[engine.dialect.name].sorted_tables
        rows = [(table.name, connection.execute(sa.select(table)).all()) for table in tables]
    return "\n".join(f"{name}: {list(row)!r}" for name, found in rows for row in found)
