"""Restoring a backup: all of it, checked, or nothing."""

import base64
import json
import zipfile
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from webapp import migrations
from webapp.backup.manifest import (
    UNREADABLE,
    BackupRefused,
    DatabaseNotEmpty,
    Manifest,
    read_manifest,
)
from webapp.backup.rows import BATCH, Checksum, Row, kind_of, read_rows, reflected_tables
from webapp.migrations.locks import OrphanedRowsError, alone_with_schema

WRITERS: dict[str, Callable[[Any], Any]] = {"bytes": base64.b64decode}


def restore_backup(engine: sa.Engine, path: Path, *, replace: bool = False) -> Manifest:
    """Fill a database from a backup, whichever engine it was taken from.

    One transaction: the schema of the backup's revision, every row, and a count of all of
    it; only what is whole is committed. Afterwards the schema is brought up to date.

    Raises:
        BackupRefused: not a backup, damaged, or of a newer version.
        DatabaseNotEmpty: the database holds rows and `replace` was not asked for.
    """
    manifest = read_manifest(path)
    if not migrations.is_known(manifest.revision):
        raise BackupRefused(
            f"{path} is of schema {manifest.revision}, newer than this version knows:"
            " install the version that made it"
        )
    try:
        with alone_with_schema(engine) as connection, zipfile.ZipFile(path) as file:
            _clear(connection, replace=replace)
            migrations.upgrade_on(connection, manifest.revision)
            _fill(connection, manifest, file)
    except (*UNREADABLE, OrphanedRowsError) as failure:
        raise BackupRefused(f"{path} is damaged, nothing was restored: {failure}") from failure
    except (sa.exc.DBAPIError, psycopg.Error) as failure:
        reason = str(getattr(failure, "orig", failure)).splitlines()[0]
        raise BackupRefused(f"{path} does not fit, nothing was restored: {reason}") from failure
    migrations.upgrade(engine)
    return manifest


def _clear(connection: sa.Connection, *, replace: bool) -> None:
    """Drop every table, if that is allowed or none of them holds a row."""
    tables = reflected_tables(connection)
    full = [table.name for table in tables if _has_rows(connection, table)]
    if full and not replace:
        raise DatabaseNotEmpty(f"The database is not empty: {', '.join(sorted(full)[:3])} …")
    # No parent is missed while foreign keys are off (SQLite) or dropped along (PostgreSQL).
    along = " CASCADE" if connection.dialect.name == "postgresql" else ""
    for name in (*(table.name for table in reversed(tables)), "alembic_version"):
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"{along}')


def _has_rows(connection: sa.Connection, table: sa.Table) -> bool:
    return (
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None
    )


def _fill(connection: sa.Connection, manifest: Manifest, file: zipfile.ZipFile) -> None:
    tables = {table.name: table for table in reflected_tables(connection)}
    if tables.keys() != manifest.tables.keys():
        odd = ", ".join(sorted(tables.keys() ^ manifest.tables.keys()))
        raise ValueError(f"its tables are not those of its schema: {odd}")
    for name, table in tables.items():
        columns = manifest.tables[name].columns
        if set(columns) != set(table.columns.keys()):
            raise ValueError(f"its columns of {name} are not those of its schema")
        for rows in _batches(_lines(file, name, len(columns))):
            _insert(connection, table, columns, rows)
    for table in tables.values():
        _restart_counter(connection, table)
        _check(connection, table, manifest)


def _lines(file: zipfile.ZipFile, name: str, width: int) -> Iterator[Row]:
    with file.open(f"{name}.jsonl") as raw, TextIOWrapper(raw, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not isinstance(row, list) or len(row) != width:
                raise ValueError(f"a line of {name} is no row")
            yield row


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _insert(
    connection: sa.Connection, table: sa.Table, columns: tuple[str, ...], rows: list[Row]
) -> None:
    for place, name in enumerate(columns):
        if write := WRITERS.get(kind_of(table.columns[name])):
            for row in rows:
                row[place] = None if row[place] is None else write(row[place])
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        _copy_in(connection, f'COPY "{table.name}" ({names}) FROM STDIN', rows)
        return
    marks = ", ".join("?" * len(columns))
    into = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names are ours
    connection.exec_driver_sql(into, [tuple(row) for row in rows])


def _copy_in(connection: sa.Connection, words: str, rows: list[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(words) as copy:
        for row in rows:
            copy.write_row(row)


def _restart_counter(connection: sa.Connection, table: sa.Table) -> None:
    """On PostgreSQL the next key that the database counts comes after the last restored."""
    counted = table.autoincrement_column
    if counted is None or connection.dialect.name != "postgresql":
        return
    counter = sa.func.pg_get_serial_sequence(table.name, counted.name)
    last = sa.select(sa.func.max(counted)).scalar_subquery()
    connection.execute(sa.select(sa.func.setval(counter, last)).where(last.is_not(None)))


def _check(connection: sa.Connection, table: sa.Table, manifest: Manifest) -> None:
    """Count and compare what is in the table now, not what was meant to go in."""
    found = Checksum(table)
    for row in read_rows(connection, table):
        found.add(row)
    note, wanted = found.note(), manifest.tables[table.name]
    if (note.rows, note.sha256) != (wanted.rows, wanted.sha256):
        raise ValueError(
            f"{table.name} holds {note.rows} rows that are not the {wanted.rows} saved"
        )
