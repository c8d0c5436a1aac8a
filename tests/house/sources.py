"""The project's own files, read for the tests about the code."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("gamification", "webapp")
CODE_FOLDERS = (*SOURCE_FOLDERS, "tests")
TEXT_SUFFIXES = {
    ".py", ".md", ".toml", ".html", ".txt", ".css", ".js", ".svg", ".po", ".ini", ".mako", ".json",
    ".csv", ".tsv", ".yml", ".yaml", ".lock", "",
}  # fmt: skip

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders, sorted; all of our code when none is named."""
    found = [path for name in folders or CODE_FOLDERS for path in (ROOT / name).rglob("*.py")]
    return sorted(found if folders else [*found, ROOT / "dev.py"])


def text_files() -> Iterator[Path]:
    """Every text file that a commit may hold: what lies in the tree but for tools' leavings."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts)
        skipped = {
            "__pycache__",
            "var",
            "laurel-data",
            "dist",
            "build",
            "htmlcov",
            "test-results",
            "node_modules",
        }
        if hidden or skipped & set(parts) or not path.is_file():
            continue
        if path.suffix in TEXT_SUFFIXES:
            yield path


@lru_cache(maxsize=1024)
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[FunctionNode]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path, line: int | None = None) -> str:
    """A file, or a line of it, as a person would look it up."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name
