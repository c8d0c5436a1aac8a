"""The least that an event can cost: raw drivers, the same rows, statements written by hand."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, Self

import psycopg

from gamification.store import arrays_of
from tests.benchmarks.meters import Meter, cpu_meter, server_meter
from tests.benchmarks.places import driver_url, path_of
from tests.benchmarks.recording import Event, Written
from webapp.db import SQLITE_PRAGMAS

MEMBER = (
    "SELECT m.id, m.status, m.locale, c.state, s.tier_id, s.since, s.decided_on"
    " FROM card c JOIN member m ON m.id = c.member_id"
    " LEFT JOIN standing s ON s.member_id = m.id WHERE c.number = ?"
)
KEEP = {
    "counter": "ON CONFLICT (member_id, measure_id, period)"
    " DO UPDATE SET value = excluded.value, state = excluded.state",
    "counter_key": "ON CONFLICT (member_id, measure_id, period, key) DO UPDATE SET n = excluded.n",
    "day_sum": "ON CONFLICT (member_id, measure_id, day) DO UPDATE SET value = excluded.value",
    "standing": "ON CONFLICT (member_id) DO UPDATE SET tier_id = excluded.tier_id,"
    " since = excluded.since, term_ends = excluded.term_ends,"
    " grace_until = excluded.grace_until, decided_on = excluded.decided_on",
    "challenge_entry": "ON CONFLICT (id) DO UPDATE SET state = excluded.state,"
    " score = excluded.score, steps = excluded.steps, rung = excluded.rung,"
    " reached = excluded.reached, completed_at = excluded.completed_at,"
    " completed_by = excluded.completed_by, due_at = excluded.due_at",
    "notice": "ON CONFLICT DO NOTHING",
}
NOTICE = (
    "notice (id, member_id, kind, channel, purpose, locale, payload, dedupe_key, state, attempts,"
    " created_at, due_at)"
)


class Floor(Protocol):
    """Something that takes an event as cheaply as it can be done."""

    def take(self, event: Event) -> None: ...


@contextmanager
def floor_at(url: str) -> Iterator[tuple[Floor, Meter]]:
    """The floor of a database's engine, with the meter that reads what it costs."""
    if url.startswith("sqlite"):
        with SqliteFloor(str(path_of(url))) as sqlite:
            yield sqlite, cpu_meter()
    else:
        with PostgresFloor(driver_url(url)) as postgres:
            yield postgres, server_meter(postgres.pid)


class SqliteFloor:
    """One connection, prepared statements, one transaction an event."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in SQLITE_PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._cursor = self._connection.cursor()
        self._statements: dict[tuple[str, int], str] = {}

    def take(self, event: Event) -> None:
        """Read the member, write every row, commit."""
        cursor, statements = self._cursor, self._statements
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(MEMBER, (event.card,)).fetchone()
        for table, rows in event.rows.items():
            key = (table, len(rows[0]))
            if (sql := statements.get(key)) is None:
                sql = statements[key] = self._insert(*key)
            if len(rows) == 1:
                cursor.execute(sql, rows[0])
            else:
                cursor.executemany(sql, rows)
        cursor.execute("COMMIT")

    def _insert(self, table: str, columns: int) -> str:
        marks = ", ".join("?" * columns)
        into = NOTICE if table == "notice" else table
        return f"INSERT INTO {into} VALUES ({marks}) {KEEP.get(table, '')}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()


ALWAYS = ("activity", "activity_line", "transfer", "lot", "counter", "counter_key", "day_sum")
"""The tables that every purchase writes: the arguments of the one function, in its order."""


class PostgresFloor:
    """One call of one plpgsql function an event, its arguments arrays of column values."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("SET synchronous_commit = on")
        tables = (*ALWAYS, *KEEP, *SELDOM)
        self._kinds = {table: self._columns(table) for table in tables}
        self._connection.execute(self._function())
        casts = [f"%s::{cast}" for table in ALWAYS for _, cast in self._kinds[table]]
        self._call = f"SELECT take_event(%s, {', '.join(casts)})"
        self._cursor = self._connection.cursor()
        self.pid = self._connection.info.backend_pid

    def take(self, event: Event) -> None:
        """One round trip for what every purchase writes; a second one for the seldom rows."""
        arguments: list[Any] = [event.card]
        for table in ALWAYS:
            arguments += _columns_of(event.rows, table, len(self._kinds[table]))
        seldom = [table for table in event.rows if table not in ALWAYS]
        if not seldom:
            self._cursor.execute(self._call, arguments, prepare=True)
            return
        with self._connection.transaction():
            self._cursor.execute(self._call, arguments, prepare=True)
            for table in seldom:
                kinds = self._kinds[table][: len(event.rows[table][0])]
                arrays = ", ".join(f"%s::{cast}" for _, cast in kinds)
                sql = self._insert(table, arrays, len(kinds))
                columns = _columns_of(event.rows, table, len(kinds))
                self._cursor.execute(sql, columns, prepare=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def _columns(self, table: str) -> list[tuple[str, str]]:
        """Each column's name and the array type that carries it."""
        rows = self._connection.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
            (table,),
        ).fetchall()
        if table == "notice":
            wanted = NOTICE[len("notice (") : -1].split(", ")
            rows = [next(row for row in rows if row[0] == name) for name in wanted]
        as_text = {"character varying": "text", "jsonb": "text"}
        return [(name, f"{as_text.get(kind, kind)}[]") for name, kind in rows]

    def _insert(self, table: str, arrays: str, columns: int) -> str:
        names = [f"c{n}" for n in range(columns)]
        picks = ", ".join(
            f"{name}::jsonb" if column in JSON_COLUMNS else name
            for name, (column, _) in zip(names, self._kinds[table], strict=False)
        )
        into = NOTICE if table == "notice" else table
        return (
            f"INSERT INTO {into} SELECT {picks} FROM unnest({arrays}) AS x({', '.join(names)})"
            f" {KEEP.get(table, '')}"
        )

    def _function(self) -> str:
        """The function: the member with a lock, then one INSERT a table."""
        arguments, body = ["card_number text"], []
        for table in ALWAYS:
            names = [f"{table}_{n}" for n in range(len(self._kinds[table]))]
            arguments += [
                f"{name} {cast}" for name, (_, cast) in zip(names, self._kinds[table], strict=True)
            ]
            body.append(self._insert(table, ", ".join(names), len(names)) + ";")
        member = MEMBER.replace("?", "card_number").replace(" FROM", " INTO who FROM", 1)
        return (
            f"CREATE OR REPLACE FUNCTION take_event({', '.join(arguments)}) RETURNS void"
            " LANGUAGE plpgsql AS $$ DECLARE who record; BEGIN"
            f" {member} FOR UPDATE OF m; {' '.join(body)} END $$"
        )


SELDOM = ("award", "award_log", "standing_log", "point_grant")
JSON_COLUMNS = ("judged", "outcome", "body", "discounts", "trace", "payload", "steps",
                "reached")  # fmt: skip


def _columns_of(rows: Written, table: str, columns: int) -> list[str]:
    found = rows.get(table)
    return arrays_of(found) if found else ["{}"] * columns
