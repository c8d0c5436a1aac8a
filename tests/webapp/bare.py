"""A database without any table, on both engines, for tests that make the schema themselves."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import BOTH
from tests.databases import opened

NUMBERS = itertools.count(1)


@pytest.fixture(params=BOTH)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path, worker_name: str) -> Iterator[str]:
    """The address of an empty database, once per engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"laurel_{worker_name}_bare_{next(NUMBERS)}"
    run_on(server, f'CREATE DATABASE "{name}"')
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    run_on(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def bare(bare_url: str) -> Iterator[sa.Engine]:
    with opened(bare_url) as engine:
        yield engine


def run_on(server: str, statement: str) -> None:
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(statement)
    admin.dispose()
