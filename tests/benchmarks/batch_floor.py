"""The least that a batch can cost: the same rows, a whole table at a time, by the raw driver."""

import sqlite3
from typing import Self

import psycopg

from tests.benchmarks.floors import KEEP, NOTICE
from tests.benchmarks.places import driver_url, path_of
from tests.benchmarks.recording import Written
from webapp.db import SQLITE_PRAGMAS

MEMBER = "member (public_id, external_id, name, locale, status, origin, joined_at, search)"


def write_sqlite(url: str, pages: list[Written]) -> None:
    """A page a transaction, a prepared statement a table, rows in the order of their keys."""
    connection = sqlite3.connect(path_of(url), isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    for page in pages:
        connection.execute("BEGIN IMMEDIATE")
        for table, rows in page.items():
            marks = ", ".join("?" * len(rows[0]))
            sql = f"INSERT INTO {into(table)} VALUES ({marks}) {KEEP.get(table, '')}"
            connection.executemany(sql, rows)
        connection.execute("COMMIT")
    connection.close()


def into(table: str) -> str:
    """The table with its columns, where not all of them are written."""
    return {"notice": NOTICE, "member": MEMBER}.get(table, table)


class PostgresBatch:
    """A page a transaction: COPY into a table, or by a staging table where rows may be there."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(driver_url(url))
        self._connection.execute("SET synchronous_commit = on")
        for table in KEEP:
            self._connection.execute(
                f"CREATE TEMP TABLE stage_{table} (LIKE {table}) ON COMMIT DELETE ROWS"
            )
        self._connection.commit()
        self.pid = self._connection.info.backend_pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def write(self, pages: list[Written]) -> None:
        for page in pages:
            for table, rows in page.items():
                self._write_table(table, rows)
            self._connection.commit()

    def _write_table(self, table: str, rows: list[tuple[object, ...]]) -> None:
        cursor, target = self._connection.cursor(), into(table)
        staged = target if table not in KEEP else f"stage_{target}"
        with cursor.copy(f"COPY {staged} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if table in KEEP:
            columns = target[len(table) :] or ""
            names = columns.strip(" ()") or "*"
            cursor.execute(f"INSERT INTO {target} SELECT {names} FROM stage_{table} {KEEP[table]}")
