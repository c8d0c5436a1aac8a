"""Rows set down in a file without a name, then walked receipt by receipt.

Nothing is held whole in memory, whatever the order of the rows.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from gamification.columns import from_micros
from webapp.intake.rows import Row
from webapp.intake.scattered import parts_to_keep
from webapp.intake.values import NO_TEXT

SCHEMA = """
CREATE TABLE row (
    n INTEGER PRIMARY KEY, file INT, place INT, line INT, document, member, kind, at, sku,
    category, quantity, price, amount, total, paid, discounts, store, channel, names, operator,
    payment
);
CREATE TABLE bad (
    file INT, place INT, line INT, document TEXT, code TEXT, field TEXT, value TEXT
);
CREATE TABLE refused (document TEXT, code TEXT);
"""
DOCUMENTS = """
CREATE INDEX row_document ON row (document);
CREATE TABLE document AS
SELECT document, MIN(member) AS member, MIN(at) AS at, MAX(at) AS last, MIN(kind) AS kind,
    COUNT(*) AS rows, MIN(file) <> MAX(file) AS scattered,
    CASE WHEN MIN(kind) <> MAX(kind) THEN 'mixed_kinds'
         WHEN MIN(kind) = 'adjustment' THEN 'adjustment'
         WHEN MIN(member) IS NULL THEN 'nobody'
         WHEN MIN(member) <> MAX(member) THEN 'mixed_customers'
         WHEN MIN(total) <> MAX(total) THEN 'mixed_totals'
         WHEN MIN(operator) <> MAX(operator) THEN 'mixed_cashiers'
         WHEN MIN(payment) <> MAX(payment) THEN 'mixed_payments'
         ELSE 'good' END AS state
FROM row GROUP BY document;
CREATE UNIQUE INDEX document_name ON document (document);
UPDATE document SET state = 'held'
    WHERE document IN (SELECT document FROM bad WHERE document <> '');
CREATE INDEX document_walk ON document (state, member, at, document);
"""
OWN, FILE = 4, 1
"""The columns of `row` before those of a Row, and which of them is the file."""
LONGEST = timedelta(hours=12)
"""How far apart rows of a receipt may be when they lie on two days: a night's bill."""
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Document:
    """A receipt's rows as they were staged, in the order of the file."""

    name: str
    member: str
    at: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not recorded: where it stands, and why."""

    file: int
    place: int
    line: int
    code: str
    field: str
    value: str


class Staging:
    """A temporary database of rows; gone when it is closed, or when its process ends."""

    def __init__(self) -> None:
        # Without a name SQLite makes a private file for what memory does not hold, and takes
        # it out of its folder at once: a run that is killed leaves nothing of a shop behind.
        self._db = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(SCHEMA)
        self._db.execute("BEGIN")
        marks = ", ".join("?" * (OWN - 1 + len(Row._fields)))
        self._insert = f"INSERT INTO row VALUES (NULL, {marks})"  # noqa: S608 - only marks
        self._waiting: list[tuple[object, ...]] = []
        self._suspects: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def add(self, file: int, place: int, line: int, row: Row) -> None:
        """Set a readable row down. `place` counts the rows of the file, `line` its lines."""
        self._waiting.append((file, place, line, *row))
        if len(self._waiting) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany(self._insert, self._waiting)
        self._waiting.clear()

    def reject(
        self, file: int, place: int, line: int, document: str, code: str, field: str, value: str
    ) -> None:
        """Note a row that cannot be read; its receipt will be held back whole."""
        self._db.execute(
            "INSERT INTO bad VALUES (?, ?, ?, ?, ?, ?, ?)",
            (file, place, line, document, code, field, NO_TEXT.sub("\ufffd", value)),
        )

    def gather(self) -> None:
        """Put the rows together into receipts; call once, after the last row."""
        self._flush()
        self._db.execute("COMMIT")
        self._db.executescript(DOCUMENTS)
        for name in self._suspects:
            self.hold(name, "held")

    def suspect(self, name: str) -> None:
        """A receipt that may lack a row nobody could read: it will be held back."""
        if name:
            self._suspects.add(name)

    def hold_numbers_of_two_days(self, zone: ZoneInfo) -> None:
        """Hold what lies far apart on two days of a zone: there numbers begin anew."""
        apart = self._db.execute(
            "SELECT document, at, last FROM document WHERE last - at > ?"
            " AND state IN ('good', 'mixed_customers')",
            (LONGEST // timedelta(microseconds=1),),
        ).fetchall()
        for name, *ends in apart:
            first, last = (from_micros(at).astimezone(zone).date() for at in ends)
            if first != last:
                self.hold(name, "mixed_days")

    def settle_scattered(self) -> None:
        """Settle receipts that stand in several files: the same twice, in parts, or at odds."""
        walk = self._db.execute(
            "SELECT d.document, d.state, r.* FROM document d"
            " CROSS JOIN row r ON r.document = d.document WHERE d.scattered"
            " AND d.state IN ('good', 'nobody', 'adjustment') ORDER BY d.document, r.n"
        )
        again: list[tuple[str, int]] = []
        odd: list[str] = []
        for (name, state), found in groupby(walk, lambda row: row[:2]):
            parts: dict[int, list[Row]] = {}
            for row in found:
                parts.setdefault(row[2 + FILE], []).append(Row(*row[2 + OWN :]))
            kept = parts_to_keep(list(parts.values()))
            if kept is not None:
                again += [(name, file) for n, file in enumerate(parts) if n not in kept]
            elif state == "good":
                odd.append(name)
        for name in odd:
            self.hold(name, "differs_between_files")
        self._drop(again)

    def _drop(self, again: list[tuple[str, int]]) -> None:
        """Forget rows of a receipt in a file that only repeat it; they count nowhere."""
        self._db.executemany("DELETE FROM row WHERE document = ? AND file = ?", again)
        self._db.executemany(
            "UPDATE document SET (rows, at) ="
            " (SELECT COUNT(*), MIN(at) FROM row WHERE document = ?1) WHERE document = ?1",
            [(name,) for name in dict(again)],
        )

    def hold(self, name: str, state: str) -> None:
        """Keep a receipt out of the walk, with the reason."""
        self._db.execute("UPDATE document SET state = ? WHERE document = ?", (state, name))

    def refuse(self, name: str, code: str) -> None:
        """Note during the walk that a receipt was not recorded, with the reason."""
        self._db.execute("INSERT INTO refused VALUES (?, ?)", (name, code))

    def count(self, state: str) -> tuple[int, int]:
        """Receipts in that state, and their rows."""
        found = self._db.execute(
            "SELECT COUNT(*), COALESCE(SUM(rows), 0) FROM document WHERE state = ?", (state,)
        ).fetchone()
        return int(found[0]), int(found[1])

    def members(self) -> int:
        """How many members have a receipt that can be recorded."""
        found = self._db.execute("SELECT COUNT(DISTINCT member) FROM document WHERE state = 'good'")
        return int(found.fetchone()[0])

    def payments(self) -> tuple[int, int]:
        """How many different payments good receipts tell, of how many members."""
        found = self._db.execute(
            "SELECT COUNT(DISTINCT r.payment), COUNT(DISTINCT d.member) FROM document d"
            " JOIN row r ON r.document = d.document"
            " WHERE d.state = 'good' AND r.payment IS NOT NULL"
        ).fetchone()
        return int(found[0]), int(found[1])

    def documents(self, state: str = "good") -> Iterator[Document]:
        """Receipts by member and time, each with its rows."""
        walk = self._db.execute(
            "SELECT d.document, d.member, d.at, r.* FROM document d"
            " CROSS JOIN row r ON r.document = d.document"
            " WHERE d.state = ? ORDER BY d.member, d.at, d.document",
            (state,),
        )
        for (name, member, at), found in groupby(walk, lambda row: row[:3]):
            rows = sorted(found, key=lambda row: row[3])
            yield Document(name, member or "", at, tuple(Row(*row[3 + OWN :]) for row in rows))

    def rejects(self) -> Iterator[Reject]:
        """Every row that was not recorded, in the order of the files."""
        walk = self._db.execute(
            "SELECT file, place, line, code, field, value FROM bad"
            " UNION ALL SELECT r.file, r.place, r.line,"
            " CASE d.state WHEN 'held' THEN 'held_back' ELSE d.state END, '', r.document"
            " FROM document d JOIN row r ON r.document = d.document"
            " WHERE d.state NOT IN ('good', 'adjustment', 'nobody')"
            " UNION ALL SELECT r.file, r.place, r.line, f.code, '', r.document"
            " FROM refused f JOIN row r ON r.document = f.document ORDER BY 1, 2"
        )
        return (Reject(*row) for row in walk)

    def refuse_nobody(self) -> None:
        """Receipts without a customer are rejects, not passed over."""
        self._db.execute("UPDATE document SET state = 'no_customer' WHERE state = 'nobody'")

    def bad_rows(self) -> int:
        """How many rows could not be read."""
        return int(self._db.execute("SELECT COUNT(*) FROM bad").fetchone()[0])

    def held_documents(self) -> int:
        """Receipts that are not recorded, those included of which no row could be read."""
        found = self._db.execute(
            "SELECT (SELECT COUNT(*) FROM document WHERE state NOT IN ('good', 'adjustment',"
            " 'nobody')) + (SELECT COUNT(DISTINCT document) FROM bad WHERE document <> '' AND"
            " document NOT IN (SELECT document FROM document))"
        ).fetchone()
        return int(found[0])


def in_pages(documents: Iterable[Document], lines: int) -> Iterator[list[Document]]:
    """Receipts in pages of about so many lines."""
    page: list[Document] = []
    size = 0
    for document in documents:
        page.append(document)
        size += len(document.rows) or 1
        if size >= lines:
            yield page
            page, size = [], 0
    if page:
        yield page
