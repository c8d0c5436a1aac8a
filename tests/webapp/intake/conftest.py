"""Imports on an empty database of each engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.webapp.intake.running import Intake
from webapp.world import Worlds


@pytest.fixture
def intake(engine: sa.Engine) -> Intake:
    return Intake(Worlds(engine))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a text file and answer its path."""

    def write(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def other_url(request: pytest.FixtureRequest, engine: sa.Engine) -> Iterator[str]:
    """A second empty database of the same engine."""
    names = {"sqlite": "sqlite_copies", "postgresql": "postgres_copies"}
    url, drop = request.getfixturevalue(names[engine.dialect.name]).take()
    yield url
    drop()
