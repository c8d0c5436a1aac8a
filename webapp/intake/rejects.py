"""The file of what was not taken: where it stands, why, and the row as it came."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from webapp.intake.faults import BadFile
from webapp.intake.reasons import row_reason
from webapp.intake.staging import Reject
from webapp.intake.tabular import Cells, Placed

HEADER = ("file", "line", "code", "field", "value", "reason", "row")

Reread = Callable[[Path], Iterator[Placed]]
"""Reads a file again, row by row as before; see `rows_as_written`."""


def check_target(target: Path | None, read: Iterable[Path]) -> None:
    """See that a list of rejects takes the place of nothing that this import reads.

    Raises:
        BadFile: it would be written over one of those files.
    """
    if target is None or not target.exists():
        return
    for path in read:
        if path.exists() and path.samefile(target):
            raise BadFile("rejects_over_input", file=str(target))


def write_rejects(
    path: Path, files: Sequence[Path], rejects: Iterable[Reject], reread: Reread
) -> int:
    """Write the rejects, which come in the order of the files; answers how many.

    Rows are read once more for it, so that good imports keep no copy of them.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        sheet = csv.writer(target)
        sheet.writerow(HEADER)
        walk, names = _Rows(files, reread), shown_names(files)
        for found in rejects:
            row = walk.at(found.file, found.place)
            reason = row_reason(found.code, found.field, found.value)
            name = names[found.file]
            sheet.writerow(
                (name, found.line, found.code, found.field, found.value, reason, _joined(row))
            )
            count += 1
    return count


def shown_names(files: Sequence[Path]) -> list[str]:
    """What files are called in the list: their names, or their paths where names are alike."""
    alike = Counter(path.name for path in files)
    return [path.name if alike[path.name] == 1 else str(path) for path in files]


def _joined(cells: Cells | None) -> str:
    """The cells of a row in one cell, quoted as they would stand in a file."""
    if cells is None:
        return ""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


class _Rows:
    """Walks along the files to one place after the other."""

    def __init__(self, files: Sequence[Path], reread: Reread) -> None:
        self._files = files
        self._reread = reread
        self._file = -1
        self._place = 0
        self._rows: Iterator[Placed] = iter(())
        self._cells: Cells | None = None

    def at(self, file: int, place: int) -> Cells | None:
        """The cells of a row that lies after all those asked for before, or is the last."""
        if file != self._file:
            self._file, self._place = file, 0
            self._rows = self._reread(self._files[file])
        while self._place < place:
            self._cells = next(self._rows, (0, None))[1]
            self._place += 1
        return self._cells
