"""Databases to measure on: filled once, then copied, so that every run starts alike."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from webapp.db import make_engine

NUMBERS = itertools.count(1)


class SqlitePlace:
    """Files in one folder."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self) -> str:
        """The address of an empty database."""
        return f"sqlite:///{self._folder / f'fresh-{next(NUMBERS)}.db'}"

    @contextmanager
    def copies(self, url: str, count: int) -> Iterator[list[str]]:
        """Addresses of copies of a database that nobody has open; gone at the end."""
        paths = [self._folder / f"copy-{next(NUMBERS)}.db" for _ in range(count)]
        for path in paths:
            shutil.copyfile(path_of(url), path)
        yield [f"sqlite:///{path}" for path in paths]
        for path in paths:
            self.drop(f"sqlite:///{path}")

    def drop(self, url: str) -> None:
        """Remove a database that nobody has open."""
        path = path_of(url)
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


class PostgresPlace:
    """Databases on one server."""

    name = "postgresql"

    def __init__(self, server: str) -> None:
        self._server = sa.make_url(server)

    def fresh(self) -> str:
        """The address of an empty database."""
        name = f"bench_{next(NUMBERS)}"
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{name}"')
        return self._address(name)

    @contextmanager
    def copies(self, url: str, count: int) -> Iterator[list[str]]:
        """Addresses of copies of a database that nobody has open; gone at the end."""
        names = [f"bench_{next(NUMBERS)}" for _ in range(count)]
        for name in names:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._run(f'CREATE DATABASE "{name}" TEMPLATE "{sa.make_url(url).database}"')
        yield [self._address(name) for name in names]
        for name in names:
            self.drop(self._address(name))

    def drop(self, url: str) -> None:
        """Remove a database."""
        self._run(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')

    def _address(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        admin = sa.create_engine(self._server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(statement)
        admin.dispose()


Place = SqlitePlace | PostgresPlace


def path_of(url: str) -> Path:
    """The file of a SQLite address."""
    return Path(sa.make_url(url).database or "")


def driver_url(url: str) -> str:
    """A PostgreSQL address as the driver itself reads it."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def single(url: str) -> Iterator[sa.Engine]:
    """An engine that holds one connection, so that one backend does all the work."""
    engine = make_engine(url, pool_size=1, max_overflow=0)
    try:
        yield engine
    finally:
        engine.dispose()
