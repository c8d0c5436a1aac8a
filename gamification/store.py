"""Rows in and out of either engine in few statements, without objects on the way.

Values are what the database keeps: instants as microseconds, JSON as text.
SQLite takes many rows in one prepared statement; PostgreSQL takes one statement
over arrays, since a row at a time is about three times slower there.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

Values = Sequence[Any]
PROBES = (1, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256)
"""How many keys one statement may ask for: few sizes, so that it stays prepared."""
MOST_PROBES = PROBES[-1]
NOWHERE = (0, "", "")
"""A key that no row has, to fill a statement up."""


def compact_json(value: Any) -> str | None:
    """JSON without spaces, letters as they are; None stays None."""
    if value is None:
        return None
    return to_json(value).decode()


@lru_cache(maxsize=256)
def _array_type(table: str, column: str) -> tuple[str, str]:
    """The PostgreSQL array type of a column and the cast back from its element."""
    kind = SQLModel.metadata.tables[table].c[column].type
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, sa.JSON):
        return "text[]", "::jsonb"
    if isinstance(kind, sa.Boolean):
        return "boolean[]", ""
    if isinstance(kind, sa.Integer):
        return "bigint[]", ""
    if isinstance(kind, sa.Date):
        return "date[]", ""
    return "text[]", ""


@lru_cache(maxsize=256)
def column_names(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in SQLModel.metadata.tables[table].columns)


@lru_cache(maxsize=256)
def _key_names(table: str) -> tuple[str, ...]:
    return tuple(c.name for c in SQLModel.metadata.tables[table].primary_key.columns)


@lru_cache(maxsize=512)
def _insert_sql(table: str, columns: tuple[str, ...], conflict: str, postgres: bool) -> str:
    names = ", ".join(columns)
    if postgres:
        kinds = [_array_type(table, name) for name in columns]
        arrays = ", ".join(f"%s::{array}" for array, _ in kinds)
        picks = ", ".join(f"x.{name}{cast}" for name, (_, cast) in zip(columns, kinds, strict=True))
        head = f"INSERT INTO {table} ({names}) SELECT {picks} FROM unnest({arrays}) AS x({names})"
    else:
        marks = ", ".join("?" * len(columns))
        head = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    if conflict == "fail":
        return head
    key = _key_names(table)
    if conflict == "ignore":
        return f"{head} ON CONFLICT DO NOTHING"
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f"{head} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"


@lru_cache(maxsize=256)
def _whole_insert_sql(table: str, conflict: str, postgres: bool) -> str:
    return _insert_sql(table, column_names(table), conflict, postgres)


@lru_cache(maxsize=256)
def _update_sql(table: str, columns: tuple[str, ...], postgres: bool) -> str:
    """Columns are first the primary key, then what changes."""
    key = _key_names(table)
    changed = [name for name in columns if name not in key]
    if not postgres:
        sets = ", ".join(f"{name} = ?" for name in changed)
        where = " AND ".join(f"{name} = ?" for name in key)
        return f"UPDATE {table} SET {sets} WHERE {where}"
    kinds = {name: _array_type(table, name) for name in columns}
    arrays = ", ".join(f"%s::{kinds[name][0]}" for name in columns)
    sets = ", ".join(f"{name} = x.{name}{kinds[name][1]}" for name in changed)
    where = " AND ".join(f"t.{name} = x.{name}" for name in key)
    names = ", ".join(columns)
    return f"UPDATE {table} AS t SET {sets} FROM unnest({arrays}) AS x({names}) WHERE {where}"


@lru_cache(maxsize=1024)
def _lookup_sql(
    table: str, picks: str, fixed: str, keys: tuple[str, ...], count: int, postgres: bool
) -> str:
    wanted = ", ".join(keys)
    on = " AND ".join(f"t.{name} = w.{name}" for name in keys)
    if postgres:
        arrays = ", ".join(f"%s::{_array_type(table, name)[0]}" for name in keys)
        source = f"unnest({arrays}) AS w({wanted})"
        return f"SELECT {picks} FROM {source} JOIN {table} t ON t.{fixed} = %s AND {on}"
    row = f"({', '.join('?' * len(keys))})"
    values = ", ".join([row] * count)
    return (
        f"WITH w({wanted}) AS (VALUES {values}) SELECT {picks} "
        f"FROM w CROSS JOIN {table} t ON t.{fixed} = ? AND {on}"
    )


class Store:
    """Statements on one connection, inside whatever transaction it is in.

    They go to the driver's own cursor: what SQLAlchemy adds to a statement costs
    more than the statement. Its errors come out as SQLAlchemy's all the same.
    Source: decision 0050.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.postgres = connection.dialect.name == "postgresql"
        self._connection = connection
        self._cursor = connection.connection.cursor()
        self._error: type[Exception] = connection.dialect.loaded_dbapi.Error

    def insert(
        self,
        table: str,
        rows: Sequence[Values],
        *,
        columns: tuple[str, ...] | None = None,
        conflict: str = "fail",
    ) -> None:
        """Insert rows; on a conflict fail, ignore the row, or replace its values."""
        if not rows:
            return
        if columns is None:
            self._many(_whole_insert_sql(table, conflict, self.postgres), rows)
        else:
            self._many(_insert_sql(table, columns, conflict, self.postgres), rows)

    def update(self, table: str, columns: tuple[str, ...], rows: Sequence[Values]) -> None:
        """Update rows by primary key; each row is its key and then the new values."""
        if not rows:
            return
        sql = _update_sql(table, columns, self.postgres)
        if not self.postgres:
            size = len(_key_names(table))
            rows = [(*row[size:], *row[:size]) for row in rows]
        self._many(sql, rows)

    def lookup(
        self,
        table: str,
        picks: str,
        *,
        fixed: tuple[str, Any],
        keys: tuple[str, ...],
        wanted: Sequence[Values],
    ) -> list[Any]:
        """Rows of one owner whose keys are among the wanted, by primary-key probes."""
        if not wanted:
            return []
        if self.postgres:
            sql = _lookup_sql(table, picks, fixed[0], keys, 0, True)
            return self._rows(sql, (*map(list, zip(*wanted, strict=True)), fixed[1]))
        found: list[Any] = []
        for start in range(0, len(wanted), MOST_PROBES):
            part = wanted[start : start + MOST_PROBES]
            size = next(size for size in PROBES if size >= len(part))
            probes = [*part, *[NOWHERE[: len(keys)]] * (size - len(part))]
            sql = _lookup_sql(table, picks, fixed[0], keys, size, False)
            found += self._rows(sql, (*chain.from_iterable(probes), fixed[1]))
        return found

    def rows(self, sql: str, *params: Any) -> list[Any]:
        """The rows of a query written with `?` marks."""
        return self._rows(sql.replace("?", "%s") if self.postgres else sql, params)

    def first(self, sql: str, *params: Any) -> Any | None:
        """The first row of a query written with `?` marks, or None."""
        found = self.rows(sql, *params)
        return found[0] if found else None

    def run(self, sql: str, *params: Any) -> int:
        """Run a statement written with `?` marks; answers how many rows it met."""
        self._execute(sql.replace("?", "%s") if self.postgres else sql, params)
        return int(self._cursor.rowcount)

    def in_list(self, sql: str, values: Iterable[Any], *params: Any) -> list[Any]:
        """Rows of a query whose `IN (?*)` stands for any number of values."""
        found: list[Any] = []
        wanted = list(values)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            text = sql.replace("?*", ", ".join("?" * len(part)))
            found += self.rows(text, *part, *params)
        return found

    def _rows(self, sql: str, params: Values) -> list[Any]:
        self._execute(sql, params)
        return list(self._cursor.fetchall())

    def _many(self, sql: str, rows: Sequence[Values]) -> None:
        if self.postgres:
            self._execute(sql, tuple(list(column) for column in zip(*rows, strict=True)))
        elif len(rows) == 1:
            self._execute(sql, rows[0])
        else:
            try:
                self._cursor.executemany(sql, rows)
            except self._error as error:
                raise self._known(error, sql, rows[0]) from error

    def _execute(self, sql: str, params: Values) -> None:
        try:
            self._cursor.execute(sql, params)
        except self._error as error:
            raise self._known(error, sql, params) from error

    def _known(self, error: Exception, sql: str, params: Values) -> Exception:
        """A driver's error as SQLAlchemy tells it; a lost connection is given up."""
        connection, dialect = self._connection, self._connection.dialect
        lost = isinstance(error, dialect.loaded_dbapi.Error) and dialect.is_disconnect(
            error, connection.connection, self._cursor
        )
        if lost:
            connection.invalidate(error)
        return DBAPIError.instance(
            sql,
            params,
            error,
            self._error,
            hide_parameters=connection.engine.hide_parameters,
            connection_invalidated=lost,
            dialect=dialect,
        )
