"""A whole database in one file, and back again: the same file for SQLite and PostgreSQL."""

from webapp.backup.dump import write_backup
from webapp.backup.load import restore_backup
from webapp.backup.manifest import (
    BackupRefused,
    DatabaseNotEmpty,
    Manifest,
    TableNote,
    read_manifest,
)

__all__ = [
    "BackupRefused",
    "DatabaseNotEmpty",
    "Manifest",
    "TableNote",
    "read_manifest",
    "restore_backup",
    "write_backup",
]
