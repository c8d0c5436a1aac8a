"""Where benchmarks run: SQLite files on the disk, and the tests' own PostgreSQL."""

import pytest

from tests.benchmarks.cafe import Cafe, make_cafe
from tests.benchmarks.places import Place, PostgresPlace, SqlitePlace


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One engine's databases, then the other's."""
    if request.param == "sqlite":
        return SqlitePlace(tmp_path_factory.mktemp("bench"))
    return PostgresPlace(request.getfixturevalue("postgres_server"))


@pytest.fixture(scope="module")
def cafe(tmp_path_factory: pytest.TempPathFactory) -> Cafe:
    """The demo's café, made anew for each module."""
    return make_cafe(tmp_path_factory.mktemp("cafe"))
