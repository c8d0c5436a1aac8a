"""The SQL of the engine's few kinds of statements, composed once each.

SQLite gets one row's marks and runs the statement for many; PostgreSQL gets one
statement over arrays, since a row at a time is about three times slower there.
"""

from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import SQLModel


class Target(NamedTuple):
    """Where rows go: a table, the columns they fill, and what a conflict does.

    `fail`, `ignore` the row, or `replace` its values.
    """

    table: str
    columns: tuple[str, ...]
    conflict: str


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """A statement written with `?` marks as PostgreSQL numbers them: $1, $2 …"""
    first, *others = sql.split("?")
    return first + "".join(f"${n}{part}" for n, part in enumerate(others, 1))


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
    """A table's columns in their order."""
    return tuple(column.name for column in SQLModel.metadata.tables[table].columns)


@lru_cache(maxsize=256)
def key_names(table: str) -> tuple[str, ...]:
    """The columns of a table's primary key."""
    return tuple(c.name for c in SQLModel.metadata.tables[table].primary_key.columns)


@lru_cache(maxsize=512)
def insert_sql(target: Target, postgres: bool) -> str:
    """The statement that inserts rows into a target."""
    table, columns, conflict = target
    names = ", ".join(columns)
    if postgres:
        kinds = [_array_type(table, name) for name in columns]
        arrays = ", ".join(f"?::{array}" for array, _ in kinds)
        picks = ", ".join(f"x.{name}{cast}" for name, (_, cast) in zip(columns, kinds, strict=True))
        head = f"INSERT INTO {table} ({names}) SELECT {picks} FROM unnest({arrays}) AS x({names})"
    else:
        marks = ", ".join("?" * len(columns))
        head = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    if conflict == "fail":
        return head
    key = key_names(table)
    if conflict == "ignore":
        return f"{head} ON CONFLICT DO NOTHING"
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f"{head} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"


@lru_cache(maxsize=256)
def whole_target(table: str, conflict: str) -> Target:
    """All columns of a table."""
    return Target(table, column_names(table), conflict)


@lru_cache(maxsize=512)
def insert_all_sql(targets: tuple[Target, ...]) -> str:
    """One PostgreSQL statement that inserts into several tables; keys are checked at its end."""
    parts = [insert_sql(target, True) for target in targets]
    earlier = ", ".join(f"p{n} AS ({part})" for n, part in enumerate(parts[:-1]))
    return f"WITH {earlier} {parts[-1]}" if earlier else parts[-1]


@lru_cache(maxsize=256)
def update_sql(table: str, columns: tuple[str, ...], postgres: bool) -> str:
    """The update of rows by their key; columns are first the key, then what changes."""
    key = key_names(table)
    changed = [name for name in columns if name not in key]
    if not postgres:
        sets = ", ".join(f"{name} = ?" for name in changed)
        where = " AND ".join(f"{name} = ?" for name in key)
        return f"UPDATE {table} SET {sets} WHERE {where}"
    kinds = {name: _array_type(table, name) for name in columns}
    arrays = ", ".join(f"?::{kinds[name][0]}" for name in columns)
    sets = ", ".join(f"{name} = x.{name}{kinds[name][1]}" for name in changed)
    where = " AND ".join(f"t.{name} = x.{name}" for name in key)
    names = ", ".join(columns)
    return f"UPDATE {table} AS t SET {sets} FROM unnest({arrays}) AS x({names}) WHERE {where}"


@lru_cache(maxsize=1024)
def lookup_sql(
    table: str, picks: str, fixed: str, keys: tuple[str, ...], count: int, postgres: bool
) -> str:
    """Rows of one owner by keys: a join of primary-key probes, however much there is."""
    wanted = ", ".join(keys)
    on = " AND ".join(f"t.{name} = w.{name}" for name in keys)
    if postgres:
        arrays = ", ".join(f"?::{_array_type(table, name)[0]}" for name in keys)
        source = f"unnest({arrays}) AS w({wanted})"
        return f"SELECT {picks} FROM {source} JOIN {table} t ON t.{fixed} = ? AND {on}"
    row = f"({', '.join('?' * len(keys))})"
    values = ", ".join([row] * count)
    return (
        f"WITH w({wanted}) AS (VALUES {values}) SELECT {picks} "
        f"FROM w CROSS JOIN {table} t ON t.{fixed} = ? AND {on}"
    )
