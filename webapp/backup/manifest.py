"""What a backup says about itself: schema, and for every table its rows and their checksum."""

import json
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT, VERSION = "laurel-backup", 1
MANIFEST = "manifest.json"
UNREADABLE = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)
"""What Python raises over a file that is no zip, is cut, or holds something else."""


class BackupRefused(Exception):  # noqa: N818 - an answer, not an accident
    """No backup is made, or none is restored; the message says why, in one line."""


class DatabaseNotEmpty(BackupRefused):
    """The database holds rows, and nobody said that they may go."""


@dataclass(frozen=True, slots=True)
class TableNote:
    """One table: its columns in order, how many rows, and a SHA-256 over them by key."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that must be true of a database after it was restored."""

    revision: str
    engine: str
    taken_at: str
    tables: dict[str, TableNote]

    @property
    def rows(self) -> int:
        """Rows in all tables together."""
        return sum(note.rows for note in self.tables.values())

    def text(self) -> str:
        """As it stands in the file."""
        head = {"format": FORMAT, "version": VERSION}
        return json.dumps(head | asdict(self), indent=2, ensure_ascii=False) + "\n"


def read_manifest(path: Path) -> Manifest:
    """What a backup file says about itself.

    Raises:
        BackupRefused: no such file, or not a backup that this version can read.
    """
    try:
        with zipfile.ZipFile(path) as file:
            found = json.loads(file.read(MANIFEST))
        return _manifest_of(found)
    except FileNotFoundError as failure:
        raise BackupRefused(f"There is no file {path}") from failure
    except UNREADABLE as failure:
        raise BackupRefused(f"{path} is not a backup of Laurel, or is damaged") from failure


def _manifest_of(found: dict[str, Any]) -> Manifest:
    if found["format"] != FORMAT or found["version"] != VERSION:
        raise ValueError("another format")
    tables = {
        str(name): TableNote(tuple(map(str, note["columns"])), int(note["rows"]), note["sha256"])
        for name, note in found["tables"].items()
    }
    return Manifest(str(found["revision"]), found["engine"], found["taken_at"], tables)
