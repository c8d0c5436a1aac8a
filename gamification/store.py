"""Rows in and out of either engine in few statements, without objects on the way.

Values are what the database keeps: instants as microseconds, JSON as text.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.exc import DBAPIError

from gamification.statements import (
    Target,
    insert_all_sql,
    insert_sql,
    key_names,
    lookup_sql,
    numbered,
    update_sql,
    whole_target,
)

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


def raw_cursor(connection: sa.Connection) -> Any:
    """A PostgreSQL cursor that takes statements as they are: reading marks costs more."""
    from psycopg import RawCursor  # who keeps to SQLite need not load it

    driver: Any = connection.connection.dbapi_connection
    return RawCursor(driver)


def arrays_of(rows: Sequence[Values]) -> list[str]:
    """The columns of rows as PostgreSQL writes arrays: cheaper than its driver's lists."""
    return [f"{{{','.join(map(array_element, column))}}}" for column in zip(*rows, strict=True)]


def array_element(value: Any) -> str:
    """One value within a PostgreSQL array."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'
    return str(value)


class Store:
    """Statements on one connection, inside whatever transaction it is in.

    They go to the driver's own cursor: what SQLAlchemy adds to a statement costs
    more than the statement. Its errors come out as SQLAlchemy's all the same.
    Source: decision 0050.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.postgres = connection.dialect.name == "postgresql"
        self._connection = connection
        self._cursor = raw_cursor(connection) if self.postgres else connection.connection.cursor()
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
        target = Target(table, columns, conflict) if columns else whole_target(table, conflict)
        self.insert_all([(target, rows)])

    def insert_all(self, parts: Iterable[tuple[Target, Sequence[Values]]]) -> None:
        """Insert into several tables, parents first; PostgreSQL does so in one statement."""
        filled = [(target, rows) for target, rows in parts if rows]
        if not self.postgres:
            for target, rows in filled:
                self._many(insert_sql(target, False), rows)
        elif filled:
            sql = insert_all_sql(tuple(target for target, _ in filled))
            self._execute(sql, [column for _, rows in filled for column in arrays_of(rows)])

    def update(self, table: str, columns: tuple[str, ...], rows: Sequence[Values]) -> None:
        """Update rows by primary key; each row is its key and then the new values."""
        if not rows:
            return
        sql = update_sql(table, columns, self.postgres)
        if self.postgres:
            self._execute(sql, arrays_of(rows))
            return
        size = len(key_names(table))
        self._many(sql, [(*row[size:], *row[:size]) for row in rows])

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
            sql = lookup_sql(table, picks, fixed[0], keys, 0, True)
            return self._rows(sql, [*arrays_of(wanted), fixed[1]])
        found: list[Any] = []
        for start in range(0, len(wanted), MOST_PROBES):
            part = wanted[start : start + MOST_PROBES]
            size = next(size for size in PROBES if size >= len(part))
            probes = [*part, *[NOWHERE[: len(keys)]] * (size - len(part))]
            sql = lookup_sql(table, picks, fixed[0], keys, size, False)
            found += self._rows(sql, (*chain.from_iterable(probes), fixed[1]))
        return found

    def rows(self, sql: str, *params: Any) -> list[Any]:
        """The rows of a query written with `?` marks."""
        return self._rows(sql, params)

    def first(self, sql: str, *params: Any) -> Any | None:
        """The first row of a query written with `?` marks, or None."""
        found = self.rows(sql, *params)
        return found[0] if found else None

    def run(self, sql: str, *params: Any) -> int:
        """Run a statement written with `?` marks; answers how many rows it met."""
        self._execute(sql, params)
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
        if len(rows) == 1:
            self._execute(sql, rows[0])
            return
        try:
            self._cursor.executemany(sql, rows)
        except self._error as error:
            raise self._known(error, sql, rows[0]) from error

    def _execute(self, sql: str, params: Values) -> None:
        try:
            self._cursor.execute(numbered(sql) if self.postgres else sql, params)
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
