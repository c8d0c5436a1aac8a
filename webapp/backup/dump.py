"""Writing a backup of a database that may be in use."""

import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

import sqlalchemy as sa

from gamification.world import system_clock
from webapp.backup.manifest import MANIFEST, BackupRefused, Manifest
from webapp.backup.rows import Checksum, read_rows, reflected_tables, told
from webapp.db import read_only
from webapp.migrations import current_on


def write_backup(engine: sa.Engine, path: Path, *, replace: bool = False) -> Manifest:
    """Write everything that was committed when it began into one file; answers its manifest.

    The database may be in use. The file appears under its name only when it is whole,
    and only its owner may read it.

    Raises:
        BackupRefused: the file is there already, the database has no tables of ours,
            or SQLite finds it damaged.
    """
    if path.exists() and not replace:
        raise BackupRefused(f"{path} exists already")
    if not path.parent.is_dir():
        raise BackupRefused(f"There is no folder {path.parent}")
    with tempfile.TemporaryDirectory(prefix=".laurel-backup-", dir=path.parent) as name:
        folder = Path(name)
        draft = folder / "draft.zip"
        with still_picture(engine, folder) as connection:
            manifest = _write(connection, draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    return manifest


@contextmanager
def still_picture(engine: sa.Engine, folder: Path) -> Iterator[sa.Connection]:
    """The database as it is at one instant, while others go on writing.

    PostgreSQL: a repeatable-read transaction. SQLite: a copy by its backup API, checked,
    so that a long read does not let the write-ahead log of the live file grow.
    """
    if engine.dialect.name == "postgresql":
        with read_only(engine.connect()) as connection:
            yield connection
        return
    copy = sa.create_engine(f"sqlite:///{_checked_copy(engine, folder / 'copy.db')}")
    try:
        with copy.connect() as connection:
            yield connection
    finally:
        copy.dispose()


def _checked_copy(engine: sa.Engine, path: Path) -> Path:
    path.touch(0o600)
    live = engine.raw_connection()
    copy = sqlite3.connect(path)
    try:
        assert isinstance(live.driver_connection, sqlite3.Connection)
        live.driver_connection.backup(copy)
        faults = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
        orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        copy.close()
        live.close()
    if faults != ["ok"]:
        raise BackupRefused(f"SQLite finds the database damaged: {faults[0]}")
    if orphans:
        raise BackupRefused(f"Rows of {orphans[0][0]} point to rows that are not there")
    return path


def _write(connection: sa.Connection, path: Path) -> Manifest:
    revision = current_on(connection)
    if revision is None:
        raise BackupRefused("The database holds no tables of Laurel")
    path.touch(0o600)
    taken_at = system_clock().isoformat(timespec="seconds")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file:
        notes = {}
        for table in reflected_tables(connection):
            notes[table.name] = _write_table(connection, table, file).note()
        manifest = Manifest(revision, connection.dialect.name, taken_at, notes)
        file.writestr(MANIFEST, manifest.text())
    return manifest


def _write_table(connection: sa.Connection, table: sa.Table, file: zipfile.ZipFile) -> Checksum:
    checksum = Checksum(table)
    with (
        file.open(f"{table.name}.jsonl", "w", force_zip64=True) as raw,
        TextIOWrapper(raw, encoding="utf-8", newline="\n") as lines,
    ):
        for row in read_rows(connection, table):
            checksum.add(row)
            lines.write(told(row))
    return checksum
