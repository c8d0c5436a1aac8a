"""Rows as both engines agree on them: read in the order of their keys, told as JSON."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from webapp.backup.manifest import TableNote

Row = list[Any]
Reader = Callable[[Any], Any]
OURS_ALONE = "alembic_version"
BATCH = 5_000
STREAMED = {"stream_results": True, "yield_per": BATCH}


def reflected_tables(connection: sa.Connection) -> list[sa.Table]:
    """Every table of ours as it is in the database, parents before their children."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != OURS_ALONE]


def kind_of(column: sa.Column[Any]) -> str:
    """How a column's values travel: `whole`, `text`, `flag`, `day`, `json`, `number`, `bytes`.

    A type that is not listed is refused rather than guessed at.
    """
    kinds: dict[str, type[Any] | tuple[type[Any], ...]] = {
        "flag": sa.Boolean,
        "json": sa.JSON,
        "day": (sa.Date, sa.DateTime, sa.Time),
        "whole": sa.Integer,
        "number": sa.Numeric,
        "bytes": sa.LargeBinary,
        "text": sa.String,
    }
    for kind, types in kinds.items():
        if isinstance(column.type, types):
            return kind
    raise TypeError(f"{column.table.name}.{column.name} is of no known type: {column.type!r}")


def read_rows(connection: sa.Connection, table: sa.Table) -> Iterator[Row]:
    """The rows of a table by primary key, each value as it travels."""
    kinds = [kind_of(column) for column in table.columns]
    picks = ", ".join(map(_picked, table.columns))
    query = f'SELECT {picks} FROM "{table.name}" ORDER BY {_order(connection, table)}'  # noqa: S608
    readers = [READERS.get(kind) for kind in kinds]
    with connection.exec_driver_sql(query, execution_options=STREAMED) as rows:
        for found in rows:
            yield [
                value if read is None or value is None else read(value)
                for read, value in zip(readers, found, strict=True)
            ]


def _picked(column: sa.Column[Any]) -> str:
    name = f'"{column.name}"'
    # As text the engine tells JSON and dates itself, without a detour through objects.
    return f"CAST({name} AS TEXT)" if kind_of(column) in {"json", "day"} else name


def _order(connection: sa.Connection, table: sa.Table) -> str:
    """By key, with texts compared byte by byte, which is what SQLite does anyway."""
    postgres = connection.dialect.name == "postgresql"
    byte_wise = ' COLLATE "C"' if postgres else ""
    keys = list(table.primary_key.columns) or list(table.columns)
    return ", ".join(f'"{k.name}"{byte_wise if kind_of(k) == "text" else ""}' for k in keys)


READERS: dict[str, Reader] = {
    "flag": bool,
    "number": str,
    "bytes": lambda value: base64.b64encode(value).decode("ascii"),
}


def told(row: Row) -> str:
    """A row as a line of the file."""
    return ENCODE(row) + "\n"


class Checksum:
    """A SHA-256 over rows that is the same on both engines.

    JSON is compared by what it means: PostgreSQL keeps neither the order of names
    nor how a number was spelled.
    """

    def __init__(self, table: sa.Table) -> None:
        self._names = tuple(column.name for column in table.columns)
        self._order = sorted(range(len(self._names)), key=self._names.__getitem__)
        self._json = [n for n, column in enumerate(table.columns) if kind_of(column) == "json"]
        self._hash = hashlib.sha256()
        self._rows = 0

    def add(self, row: Row) -> None:
        """One more row, in order."""
        plain = list(row)
        for place in self._json:
            if plain[place] is not None:
                plain[place] = meaning_of(plain[place])
        # By name: an upgraded database may hold its columns in another order.
        self._hash.update(told([plain[place] for place in self._order]).encode())
        self._rows += 1

    def note(self) -> TableNote:
        """The note for the manifest."""
        return TableNote(self._names, self._rows, self._hash.hexdigest())


@lru_cache(maxsize=4096)
def meaning_of(text: str) -> str:
    """JSON with its names sorted and its whole numbers whole."""
    return ENCODE_SORTED(DECODE(text))


def _plain_number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


# Made once: json.dumps with options would make an encoder for every row.
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
ENCODE_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
DECODE = json.JSONDecoder(parse_float=_plain_number).decode
