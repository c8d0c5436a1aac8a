"""No name says that we have not understood the thing yet."""

import ast
import re

from tests.house.sources import parsed, place, python_files

AVOIDED = {"utils", "util", "helpers", "helper", "manager", "data", "process", "handle"}
# SQLAlchemy and the standard library call these by their names.
GIVEN = ("process_bind_param", "process_result_value", "process_literal_param", "handle_starttag",
         "handle_endtag")  # fmt: skip
NAMED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def words(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_words_of_a_name_are_told_apart() -> None:
    assert words("errorhandler") == {"errorhandler"}
    assert words("handle_form") == {"handle", "form"}
    assert words("DataManager") == {"data", "manager"}


def test_modules_are_named_for_what_they_hold() -> None:
    files = python_files("gamification", "webapp")

    assert [place(path) for path in files if AVOIDED & words(path.stem)] == []


def test_functions_and_classes_are_named_for_what_they_do() -> None:
    found = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files("gamification", "webapp")
        for node in ast.walk(parsed(path))
        if isinstance(node, NAMED) and node.name not in GIVEN and AVOIDED & words(node.name)
    ]

    assert found == []
