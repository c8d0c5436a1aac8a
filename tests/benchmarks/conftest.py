"""Where benchmarks run: SQLite files on the disk, and the tests' own PostgreSQL."""

import pytest

from tests.benchmarks.places import Place, PostgresPlace, SqlitePlace


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One engine's databases, then the other's."""
    if request.param == "sqlite":
        return SqlitePlace(tmp_path_factory.mktemp("bench"))
    return PostgresPlace(request.getfixturevalue("postgres_server"))
