"""Rows of a file as people may see them: what was paid with is shown by its last signs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from webapp.intake.guess import Sheet, fit, unique_labels, words_of
from webapp.intake.paying import masked
from webapp.intake.profile import Profile
from webapp.intake.rows import column_places, fitted, rows_as_written
from webapp.intake.tabular import Cells, Placed, file_kind, lines_of, table_rows

UNSHOWN = "…"


def secret_places(labels: Sequence[str], columns: Mapping[str, str]) -> frozenset[int]:
    """Where payments stand, from 0: in the chosen column, and wherever a header says so."""
    return frozenset(
        place
        for place, label in enumerate(labels)
        if label == columns.get("payment") or fit(words_of(label), "payment")
    )


def hidden(cells: Sequence[str], places: Collection[int]) -> tuple[str, ...]:
    """A row with its payments masked; a cell over several lines may have swallowed others'."""
    if not places:
        return tuple(cells)
    return tuple(
        masked(cell) if place in places else UNSHOWN if "\n" in cell else cell
        for place, cell in enumerate(cells)
    )


def hidden_sheet(sheet: Sheet, columns: Mapping[str, str]) -> Sheet:
    """The first rows of a file with what was paid with masked."""
    places = secret_places(sheet.labels, columns)
    rows = tuple(hidden(row, places) for row in sheet.rows) if places else sheet.rows
    return Sheet(sheet.labels, rows, sheet.header)


def rows_to_show(path: Path, profile: Profile) -> Iterator[Placed]:
    """As `rows_as_written`, with payments masked.

    Of a row that is torn or runs over several lines nobody knows where they stand: where a
    file tells payments, nothing of such a row is shown.
    """
    rows = rows_as_written(path, profile.file)
    if file_kind(path, profile.file) == "json":
        return rows
    first = next(table_rows(path, profile.file), (0, None))[1] or []
    places = _places(path, first, profile)
    return _shown(rows, places, len(first), pad=file_kind(path, profile.file) == "xlsx")


def _places(path: Path, first: Cells, profile: Profile) -> frozenset[int]:
    header = first if profile.file.header else []
    column = profile.columns.payment
    told = [] if column is None else column_places(path, header, [column], len(first))
    return secret_places(unique_labels(header, len(header)), {}) | frozenset(told)


def _shown(
    rows: Iterator[Placed], places: frozenset[int], width: int, *, pad: bool
) -> Iterator[Placed]:
    for line, cells in rows:
        torn = cells is None or lines_of(cells) > 1 or fitted(cells, width, pad=pad) is None
        if not places:
            yield line, cells
        elif torn or cells is None:
            yield line, None
        else:
            yield line, list(hidden(cells, places))
