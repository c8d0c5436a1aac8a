"""A module with pages is loaded by the program itself, not only by a test that needs it."""

import ast
import subprocess
import sys

from tests.house.sources import ROOT, parsed, python_files

LOADED = "import sys, webapp.app; print('\\n'.join(sys.modules))"


def test_every_module_that_declares_routes_is_loaded_by_the_app() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )

    missing = declaring() - set(answer.stdout.split())

    assert len(declaring()) > 30
    assert missing == set()


def declaring() -> set[str]:
    """The modules in which a function is decorated with a blueprint's method."""
    found = set()
    for path in python_files("webapp"):
        decorators = [
            decorator
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.FunctionDef)
            for decorator in node.decorator_list
        ]
        if any(ast.unparse(one).startswith("blueprint.") for one in decorators):
            found.add(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found
