"""Functions and modules stay small enough to be read at night."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import FunctionNode, functions, place, python_files

FUNCTION_LINES = 60
MODULE_LINES = 400
GENERATED = ("webapp/migrations/versions/",)


def is_generated(path: Path) -> bool:
    return place(path).startswith(GENERATED)


def length(function: FunctionNode) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def long_functions(path: Path) -> Iterator[str]:
    for function in functions(path):
        if length(function) > FUNCTION_LINES:
            yield f"{place(path, function.lineno)} {function.name}: {length(function)} lines"


def test_no_function_is_longer_than_sixty_lines() -> None:
    files = [path for path in python_files() if not is_generated(path)]

    found = [line for path in files for line in long_functions(path)]

    assert found == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    files = [path for path in python_files() if not is_generated(path)]

    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in files}

    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_every_module_of_the_program_opens_with_its_line() -> None:
    files = python_files("gamification", "webapp")

    silent = [place(path) for path in files if not is_generated(path) and not opening(path)]

    assert silent == []


def opening(path: Path) -> bool:
    text = path.read_text("utf-8")
    return not text.strip() or ast.get_docstring(ast.parse(text)) is not None
