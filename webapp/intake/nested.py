"""Rows of cells out of lines of JSON: an object, its receipts, their lines."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from webapp.intake.profile import Column, FileShape
from webapp.intake.sources import Watch, encoding_of, ignore, opened_text
from webapp.intake.tabular import Placed

ROOTS = ("object", "receipt", "line")


def json_rows(
    path: Path, shape: FileShape, columns: Sequence[Column], watch: Watch = ignore
) -> Iterator[Placed]:
    """One row for each line of each receipt, its cells in the order of the columns.

    A receipt without lines is a row whose `line.…` cells are empty.
    """
    paths = [str(column).split(".") for column in columns]
    with opened_text(path, encoding_of(path, shape.encoding), watch) as text:
        for number, line in enumerate(text, 1):
            if line.strip():
                yield from _rows_of(line, number, shape, paths)


def _rows_of(line: str, number: int, shape: FileShape, paths: list[list[str]]) -> Iterator[Placed]:
    parts = line.rstrip("\r\n").split("\t")
    try:
        whole = json.loads(parts[shape.object - 1], parse_float=Decimal)
    except (ValueError, IndexError, RecursionError):
        yield number, None
        return
    for receipt in _listed(whole, shape.receipts):
        for good in _listed(receipt, shape.lines) or [None]:
            roots = {"object": whole, "receipt": receipt, "line": good}
            yield number, [_text(_walked(roots, path)) for path in paths]


def _listed(value: Any, name: str | None) -> list[Any]:
    """The list of that name inside an object; the object itself when there is no name."""
    if name is None:
        return [value]
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _walked(value: Any, path: list[str]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
