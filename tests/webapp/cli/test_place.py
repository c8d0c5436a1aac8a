"""A command that begins nothing makes no database: a mistyped folder is told, not filled."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.webapp.cli.conftest import Said


@pytest.mark.parametrize(
    "words",
    [
        ("audit",),
        ("report", "members"),
        ("outbox",),
        ("accounts", "list"),
        ("keys", "list"),
        ("keys", "revoke", "till"),
        ("keys", "rotate", "till"),
        ("erase", "1", "--yes"),
        ("routes",),
        ("worker", "--once"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("variable", ["LAUREL_DATA", "LAUREL_DATABASE_URL"])
def test_a_folder_without_a_database_is_told(
    home: Path,
    laurel: Callable[..., Said],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    variable: str,
) -> None:
    typed = home / "mistyped"
    address = f"sqlite:///{home}/laurel.db"
    monkeypatch.setenv(variable, str(typed) if variable == "LAUREL_DATA" else address)

    said = laurel(*words)

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("laurel: There is no database at ")
    assert said.err.count("\n") == 1
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("module", ["webapp.cli.place", "webapp.demo"])
def test_what_writes_alone_knows_every_table(module: str) -> None:
    ask = (
        f"import sys, {module}; told = {{*sys.modules['sqlmodel'].SQLModel.metadata.tables}};"
        " from webapp.tables import METADATA; print({*METADATA.tables} - told)"
    )

    answer = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert answer.stdout.strip() == "set()"
