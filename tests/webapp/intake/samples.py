"""Real files, whole or cut to a few customers; tests skip where they are not at hand."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("LAUREL_TEST_FILES", Path(__file__).parents[4] / "shared" / "data"))
FILES = {
    "hillstrom": SHARED / "hillstrom" / "hillstrom.csv.gz",
    "online_retail": SHARED / "online_retail" / "online_retail.csv.gz",
    "complete_journey": SHARED / "complete_journey" / "transactions.csv.gz",
    "x5_retailhero": SHARED / "x5_retailhero" / "check_queries_lines_001_061.tsv.gz",
}
GOODS = "products.csv.gz"


def real_file(name: str) -> Path:
    """A whole file; the test is skipped when it is not there."""
    path = FILES[name]
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand: set LAUREL_TEST_FILES to its folder")
    return path


def cut_file(name: str, folder: Path, keep: Callable[[str], bool]) -> Path:
    """The lines of a file that are kept, its header always; the file of goods lies beside it."""
    source = real_file(name)
    target = folder / source.name
    with (
        gzip.open(source, "rt", encoding="utf-8", newline="") as lines,
        gzip.open(target, "wt", encoding="utf-8", newline="", compresslevel=1) as kept,
    ):
        for number, line in enumerate(lines):
            if number == 0 or keep(line):
                kept.write(line)
    goods = source.parent / GOODS
    if goods.exists():
        (folder / GOODS).symlink_to(goods)
    return target
