"""Rows in and out of either engine in few statements, without objects on the way.

Values are what the database keeps: instants as microseconds, JSON as text.
SQLite takes many rows in one prepared statement; PostgreSQL takes one statement
over arrays, since a row at a time is about three times slower there.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

Values = Sequence[Any]


def compact_json(value: Any) -> str | None:
    """JSON without spaces, letters as they are; None stays None."""
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
def _column_names(table: str) -> tuple[str, ...]:
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
    """Statements on one connection, inside whatever transaction it is in."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.postgres = connection.dialect.name == "postgresql"

    def insert(
        self,
        table: str,
        rows: Sequence[Values],
        *,
        columns: tuple[str, ...] | None = None,
        conflict: str = "fail",
    ) -> None:
        """Insert rows; on a conflict fail, ignore the row, or replace its values."""
        if rows:
            names = columns or _column_names(table)
            self._many(_insert_sql(table, names, conflict, self.postgres), rows)

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
        found: list[Any] = []
        step = len(wanted) if self.postgres else 400
        for start in range(0, len(wanted), step or 1):
            part = wanted[start : start + step]
            sql = _lookup_sql(table, picks, fixed[0], keys, len(part), self.postgres)
            if self.postgres:
                params = (*[list(column) for column in zip(*part, strict=True)], fixed[1])
            else:
                params = (*[value for row in part for value in row], fixed[1])
            found += self.connection.exec_driver_sql(sql, params).all()
        return found

    def rows(self, sql: str, *params: Any) -> list[Any]:
        """The rows of a query written with `?` marks."""
        text = sql.replace("?", "%s") if self.postgres else sql
        return list(self.connection.exec_driver_sql(text, params).all())

    def first(self, sql: str, *params: Any) -> Any | None:
        """The first row of a query written with `?` marks, or None."""
        text = sql.replace("?", "%s") if self.postgres else sql
        return self.connection.exec_driver_sql(text, params).first()

    def run(self, sql: str, *params: Any) -> int:
        """Run a statement written with `?` marks; answers how many rows it met."""
        text = sql.replace("?", "%s") if self.postgres else sql
        return self.connection.exec_driver_sql(text, params).rowcount

    def in_list(self, sql: str, values: Iterable[Any], *params: Any) -> list[Any]:
        """Rows of a query whose `IN (?*)` stands for any number of values."""
        found: list[Any] = []
        wanted = list(values)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            text = sql.replace("?*", ", ".join("?" * len(part)))
            found += self.rows(text, *part, *params)
        return found

    def _many(self, sql: str, rows: Sequence[Values]) -> None:
        if self.postgres:
            columns = tuple(list(column) for column in zip(*rows, strict=True))
            self.connection.exec_driver_sql(sql, columns)
        elif len(rows) == 1:
            self.connection.exec_driver_sql(sql, tuple(rows[0]))
        else:
            self.connection.exec_driver_sql(sql, [tuple(row) for row in rows])
