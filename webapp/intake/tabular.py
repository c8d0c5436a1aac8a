"""Rows of cells out of delimited text, spaced text and workbooks, each with its place."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from webapp.intake.faults import BadFile
from webapp.intake.profile import FileShape
from webapp.intake.sources import (
    Watch,
    check_workbook,
    encoding_of,
    ignore,
    is_workbook,
    opened_text,
)

Cells = list[str]


class Spread(Cells):
    """The cells of a row that runs over several lines, as it does between two quotes."""

    def __init__(self, cells: Iterable[str], lines: int) -> None:
        super().__init__(cells)
        self.lines = lines


class Torn(Spread):
    """The cells of a row of a wrong width: enough to guess whose it is, never to count it."""


def lines_of(cells: Cells | None) -> int:
    """How many lines of its file a row runs over."""
    return cells.lines if isinstance(cells, Spread) else 1


Placed = tuple[int, Cells | None]
"""The line on which a row begins, and its cells; None for a row that cannot be read."""

SAMPLE_LINES = 50
CLOCK_ROWS = 2_000
"""So many rows of a sheet tell whether a column holds times of day."""
NO_MARKS = re.compile(r'"[^"]*"|\\.')
"""What a number format says in plain words."""
csv.field_size_limit(1 << 20)


def delimited_rows(path: Path, shape: FileShape, watch: Watch = ignore) -> Iterator[Placed]:
    """Rows of a delimited file; a row may run over several lines within quotes."""
    encoding = encoding_of(path, shape.encoding)
    mark = shape.delimiter if shape.delimiter != "auto" else sniffed_delimiter(path, encoding)
    with opened_text(path, encoding, watch) as text:
        reader = csv.reader(
            text, delimiter=mark, quoting=csv.QUOTE_MINIMAL if shape.quoting else csv.QUOTE_NONE
        )
        before = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield before + 1, None
            else:
                lines = reader.line_num - before
                if cells:
                    yield before + 1, cells if lines == 1 else Spread(cells, lines)
            before = reader.line_num


def sniffed_delimiter(path: Path, encoding: str) -> str:
    """The mark that splits the first lines most alike, into the most cells."""
    with opened_text(path, encoding) as text:
        sample = [line for line in islice(text, SAMPLE_LINES) if line.strip()]
    best, most = ",", 1
    for mark in (";", "\t", ",", "|"):
        width = _common_width(sample, mark)
        if width > most:
            best, most = mark, width
    return best


def _common_width(sample: list[str], mark: str) -> int:
    """The number of cells that the header and most rows have; 1 when they differ."""
    try:
        widths = [len(cells) for cells in csv.reader(sample, delimiter=mark)]
    except csv.Error:
        return 1
    common = max(set(widths), key=widths.count, default=1)
    alike = widths.count(common) >= 0.8 * len(widths)
    return common if alike and widths[:1] == [common] else 1


def spaced_rows(path: Path, shape: FileShape, watch: Watch = ignore) -> Iterator[Placed]:
    """Rows of a file whose cells are parted by any run of spaces or tabs."""
    with opened_text(path, encoding_of(path, shape.encoding), watch) as text:
        for number, line in enumerate(text, 1):
            if cells := line.split():
                yield number, cells


def workbook_rows(path: Path, shape: FileShape) -> Iterator[Placed]:
    """Rows of a sheet, every cell as text."""
    from openpyxl import load_workbook  # many modules, and few files are workbooks
    from openpyxl.utils.exceptions import InvalidFileException

    check_workbook(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise BadFile("not_a_workbook", file=str(path)) from error
    try:
        if shape.sheet is not None and shape.sheet not in book.sheetnames:
            known = ", ".join(book.sheetnames)
            raise BadFile("no_sheet", file=str(path), sheet=shape.sheet, known=known)
        sheet = book[shape.sheet] if shape.sheet is not None else book.worksheets[0]
        rows = enumerate(sheet.iter_rows(), 1)
        first = list(islice(rows, CLOCK_ROWS))
        clocked = clocked_columns(row for _, row in first)
        for number, row in chain(first, rows):
            cells = [
                cell_text(cell.value, cell.number_format if place in clocked else "")
                for place, cell in enumerate(row)
            ]
            if any(cells):
                yield number, cells
    finally:
        book.close()


def clocked_columns(rows: Iterable[Sequence[Any]]) -> set[int]:
    """Where most dates of a sheet carry a time of day: there midnight is one, too."""
    more: Counter[int] = Counter()
    for row in rows:
        for place, cell in enumerate(row):
            if isinstance(cell.value, datetime):
                more[place] += -1 if cell.value.time() == time() else 1
    return {place for place, surplus in more.items() if surplus > 0}


def cell_text(value: Any, written: str = "") -> str:
    """A workbook's value as the text that a person would have typed.

    A date and its midnight are kept alike: it is a date, unless it stands among times
    of day and is written as one.

    Args:
        written: the cell's number format, in a column that holds times of day.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        dated = value.time() == time() and "h" not in NO_MARKS.sub("", written).lower()
        return value.date().isoformat() if dated else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def table_rows(path: Path, shape: FileShape, watch: Watch = ignore) -> Iterator[Placed]:
    """Rows of a file of any tabular kind, its header among them."""
    kind = file_kind(path, shape)
    if kind == "xlsx":
        return workbook_rows(path, shape)
    if kind == "spaces":
        return spaced_rows(path, shape, watch)
    return delimited_rows(path, shape, watch)


def file_kind(path: Path, shape: FileShape) -> str:
    """What the profile says, else what the first bytes say."""
    if shape.format != "auto":
        return shape.format
    return "xlsx" if is_workbook(path) else "delimited"


def encoding_told(path: Path, shape: FileShape) -> str | None:
    """In which encoding a file is read, for people; None for a workbook. Raises BadFile."""
    if file_kind(path, shape) == "xlsx":
        return None
    return encoding_of(path, shape.encoding).removesuffix("-sig")
