"""The programme speaks in codes and values, asks one clock, and leaves the commit to the edge."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import parsed, place, python_files

CYRILLIC = re.compile("[А-Яа-яЁё]")
# A capital, then four words or more: how a sentence for people begins.
SENTENCE = re.compile(r"^[A-Z][a-z'’]*(?:[ ,]+[\w'’%-]+){3,}")
SQL = re.compile(r"^[A-Z]{2,}\b")
CLOCKS = {"now", "utcnow", "today"}
WORLD = {"gamification/world.py"}  # hands the clock out, and the commit to the edge
REHEARSAL = "gamification/commands/rehearsal.py"


def parents(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def is_for_developers(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Docstrings, messages of asserts and of errors in the code."""
    while node in above:
        node = above[node]
        if isinstance(node, ast.Expr | ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.stmt):
            return False
    return False


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    above = parents(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        spoken = SENTENCE.match(node.value) and not SQL.match(node.value)
        if (spoken or CYRILLIC.search(node.value)) and not is_for_developers(node, above):
            yield node.lineno, node.value


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('x = "You have no points left"', 1),
        ('x = "баллы"', 1),
        ('f("Not enough points, sorry")', 0),  # an expression statement shows nothing to anyone
        ('x = f("Not enough points, sorry")', 1),
        ('"""A docstring may say what it likes."""', 0),
        ('raise ValueError("A clock needs a time zone")', 0),
        ('x = "SELECT id FROM member WHERE id = 1"', 0),
        ('x = "not_enough_points"', 0),
    ],
)
def test_a_sentence_is_told_from_a_code(source: str, count: int) -> None:
    assert len(list(sentences(ast.parse(source)))) == count


def test_the_programme_holds_no_sentence_for_people() -> None:
    found = [
        f"{place(path, line)} {text[:60]!r}"
        for path in python_files("gamification")
        for line, text in sentences(parsed(path))
    ]

    assert found == []


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))


def method_calls(path: Path, names: set[str]) -> list[str]:
    return [
        f"{place(path, call.lineno)} {call.func.attr}()"
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in names
    ]


def test_only_the_clock_knows_the_present() -> None:
    files = [path for path in python_files("gamification") if place(path) not in WORLD]

    assert [line for path in files for line in method_calls(path, CLOCKS)] == []


def test_the_programme_never_commits() -> None:
    files = [path for path in python_files("gamification") if place(path) not in WORLD]

    found = [line for path in files for line in method_calls(path, {"commit", "rollback"})]

    # Putting a rehearsal back to its own savepoint ends nobody's transaction.
    assert [line for line in found if not line.startswith(REHEARSAL)] == []
