"""Numbers of rows in addresses: what no row can have is no page."""

from typing import Any

from flask import Flask, abort
from werkzeug import routing

MOST = 2**63 - 1


class IntegerConverter(routing.IntegerConverter):
    """`<int:...>` of no more digits than a row's number can have."""

    regex = r"\d{1,19}"


def as_row(text: str) -> int:
    """The number of a form's field. Raises ValueError: no row can have it."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MOST)) or int(text) > MOST:
        raise ValueError("no row's number")
    return int(text)


def register_row_numbers(app: Flask) -> None:
    """Let every address know what a number is; before the addresses are made."""
    app.url_map.converters["int"] = IntegerConverter
    app.url_value_preprocessor(refuse_beyond_rows)


def refuse_beyond_rows(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """No page for a number above those that the databases count to."""
    if any(isinstance(value, int) and value > MOST for value in (values or {}).values()):
        abort(404)
