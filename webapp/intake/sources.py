"""Open a file whatever it is wrapped in, and learn how its letters are written."""

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from webapp.intake.faults import BadFile

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MOST_UNPACKED = 4 * 10**9
PIECE = 1 << 20
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
"""Signs that a table holds by mistake only; \x1a once ended files."""

LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""A letter of UTF-8 beyond those of English."""

Watch = Callable[[int], None]
"""Is told how many bytes of the file were read so far."""


def ignore(_position: int) -> None:
    """Nobody watches."""


class WatchedBytes(io.RawIOBase):
    """A file's bytes, telling a watcher how far they were read."""

    def __init__(self, plain: BinaryIO, watch: Watch) -> None:
        self._plain = plain
        self._watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._plain.read(len(buffer))
        buffer[: len(piece)] = piece
        self._watch(self._plain.tell())
        return len(piece)


def is_workbook(path: Path) -> bool:
    """Whether the file is an xlsx, by its first bytes. Raises BadFile when it cannot be read."""
    return _first_bytes(path).startswith(ZIP)


def check_there(path: Path) -> None:
    """See that there is such a file, and that it can be read. Raises BadFile."""
    _first_bytes(path)


def size_of(path: Path) -> int:
    """Bytes on disk, for a progress bar."""
    return path.stat().st_size if path.is_file() else 0


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as plain:
            return plain.read(4)
    except OSError as error:
        raise BadFile("cannot_open", file=str(path), why=error.strerror or "") from error


@contextmanager
def opened_bytes(path: Path, watch: Watch = ignore) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked when it is gzip.

    Raises:
        BadFile: it cannot be opened, or its packing is broken.
    """
    packed = _first_bytes(path).startswith(GZIP)
    try:
        with path.open("rb") as plain:
            watched = io.BufferedReader(WatchedBytes(plain, watch), PIECE)
            yield gzip.GzipFile(fileobj=watched) if packed else watched  # type: ignore[misc]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadFile("broken_packing", file=str(path)) from error
    except OSError as error:
        raise BadFile("cannot_open", file=str(path), why=error.strerror or "") from error


def encoding_of(path: Path, wanted: str = "auto") -> str:
    """How the letters are written: a mark at the start, else UTF-8 if all of it is, else cp1251.

    Raises:
        BadFile: a profile names an encoding that nobody knows, this is no text, or it is
            UTF-8 with damaged letters.
    """
    if wanted != "auto":
        try:
            return "utf-8-sig" if codecs.lookup(wanted).name == "utf-8" else wanted
        except LookupError as error:
            raise BadFile("unknown_encoding", encoding=wanted) from error
    with opened_bytes(path) as plain:
        piece = plain.read(PIECE)
        for mark, encoding in MARKS:
            if piece.startswith(mark):
                return encoding
        check_text(path, piece)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece:
                decoder.decode(piece)
                piece = plain.read(PIECE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            refuse_damaged(path)
            return "cp1251"
    return "utf-8"


def refuse_damaged(path: Path) -> None:
    """Refuse bytes that are no UTF-8 although most of their letters are. Raises BadFile.

    Read in another alphabet, every name in such a file would be a wrong one.
    """
    letters = odd = line = 0
    with opened_bytes(path) as plain:
        for number, text in enumerate(plain, 1):
            try:
                letters += len(text) - len(text.decode())
            except UnicodeDecodeError:
                line = line or number
                left, found = LETTER.subn(b"", text)
                letters += found
                odd += sum(1 for sign in left if sign > 0x7F)
    if letters > odd:
        raise BadFile("damaged_text", file=str(path), encoding="utf-8", line=line)


@contextmanager
def opened_text(path: Path, encoding: str, watch: Watch = ignore) -> Iterator[TextIO]:
    """The file's text with its line ends as they are (a quoted field may hold some).

    Raises:
        BadFile: its bytes are not of that encoding.
    """
    try:
        with opened_bytes(path, watch) as plain:
            yield io.TextIOWrapper(plain, encoding, newline="")
    except UnicodeError as error:
        raise misread(path, encoding) from error


def misread(path: Path, encoding: str) -> BadFile:
    """Why a file's bytes are no text in an encoding, and in which they may be."""
    name = encoding.removesuffix("-sig")
    try:
        seems = encoding_of(path).removesuffix("-sig")
    except BadFile as fault:
        return fault
    with opened_bytes(path) as plain:
        read = io.TextIOWrapper(plain, seems, errors="replace").read(PIECE)
    if seems == name or "\ufffd" in read:
        return BadFile("not_text", file=str(path))
    return BadFile("wrong_encoding", file=str(path), encoding=name, seems=seems)


def check_text(path: Path, piece: bytes) -> None:
    """Refuse bytes of which one in 25 or more is no sign of a text. Raises BadFile."""
    first = piece[:4096]
    if 25 * len(CONTROL.findall(first)) > len(first):
        raise BadFile("not_gzip" if path.suffix == ".gz" else "not_text", file=str(path))


def check_workbook(path: Path) -> None:
    """Refuse a workbook that would unpack to gigabytes. Raises BadFile."""
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise BadFile("broken_packing", file=str(path)) from error
    if size > MOST_UNPACKED:
        raise BadFile("too_large", file=str(path))
