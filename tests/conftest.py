"""What every test may ask for: an empty database on both engines, and a browser's settings."""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from tests import provision
from tests.compiled import remember_compiled
from tests.connections import keep_connections
from tests.databases import PostgresCopies, SqliteCopies
from webapp.db import make_engine

remember_compiled()
keep_connections()
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)]


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """A test that starts an app sets the log up; the next one finds it as it was."""
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)


@pytest.fixture(scope="session")
def worker_name() -> str:
    """Tells apart the processes of one run, and one run from another."""
    return f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


@pytest.fixture(scope="session")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> SqliteCopies:
    return SqliteCopies(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """One throw-away server for the whole run, shared by its workers."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return provision.postgres_url(Path(tempfile.gettempdir()) / f"laurel-pgdata-{run[:12]}")


@pytest.fixture(scope="session")
def postgres_copies(postgres_server: str, worker_name: str) -> Iterator[PostgresCopies]:
    copies = PostgresCopies(postgres_server, worker_name)
    yield copies
    copies.close()


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database with every table and no row, once per engine."""
    names = {"sqlite": "sqlite_copies", "postgresql": "postgres_copies"}
    url, drop = request.getfixturevalue(names[request.param]).take()
    yield url
    drop()


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = make_engine(database_url)
    yield engine
    left_open = connections_out(engine)
    engine.dispose()
    assert left_open == 0, "the test left a connection open; its rows may still be locked"


def connections_out(engine: sa.Engine) -> int:
    """Connections that somebody still holds, after letting go of what nobody can reach."""
    assert isinstance(engine.pool, sa.QueuePool), "tests want the pool of production"
    if engine.pool.checkedout():
        gc.collect()
    return engine.pool.checkedout()


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, object], browser_name: str
) -> dict[str, object]:
    """Tell pytest-playwright which Chromium there is; one is brought in when there is none."""
    found = provision.browser_launch_args() if browser_name == "chromium" else {}
    return {**browser_type_launch_args, **found}
