"""The import contracts cover every room of the house, and each of them can fail."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.sources import ROOT, SOURCE_FOLDERS

LINT = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
DOORS = {"commands", "readmodels", "audit"}

PLANTED = {
    "The programme knows no web": ("gamification/points.py", "import flask"),
    "The storeys of the programme": ("gamification/points.py", "import gamification.ledger.tables"),
    "A concept reads downwards: actions, queries, then rules and tables": (
        "gamification/ledger/tables.py",
        "import gamification.ledger.actions",
    ),
    "The face comes in by two doors": ("webapp/db.py", "import gamification.ledger.tables"),
    "Faces do not import each other": ("webapp/api/__init__.py", "import webapp.cabinet"),
}


def settings() -> dict[str, dict[str, object]]:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    return {contract["name"]: contract for contract in tools["importlinter"]["contracts"]}


def concepts() -> set[str]:
    """The folders of the programme that hold tables or actions of one concept."""
    folders = [path.parent.name for path in (ROOT / "gamification").glob("*/__init__.py")]
    return set(folders) - DOORS


def lint_a_copy(folder: Path, target: str, line: str) -> str:
    for name in SOURCE_FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.po", "*.mo"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    with (folder / target).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    answer = subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False
    )
    return answer.stdout + answer.stderr


def test_every_contract_has_its_planted_break() -> None:
    assert set(settings()) == set(PLANTED)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_breaks_its_contract(name: str, tmp_path: Path) -> None:
    target, line = PLANTED[name]

    report = lint_a_copy(tmp_path, target, line)

    assert f"{name} BROKEN" in report


def test_every_concept_has_its_storey() -> None:
    layers = settings()["The storeys of the programme"]["layers"]
    assert isinstance(layers, list)

    placed = {word.strip("()") for layer in layers for word in layer.replace("|", ":").split()}

    assert concepts() - placed == set()


def test_every_concept_is_closed_to_the_face() -> None:
    protected = settings()["The face comes in by two doors"]["protected_modules"]
    assert isinstance(protected, list)

    assert {f"gamification.{name}" for name in concepts()} - set(protected) == set()
