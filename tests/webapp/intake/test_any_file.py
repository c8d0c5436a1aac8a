"""Whatever stands in a file: nothing breaks, the report adds up, the books stay clean."""

import csv
import io
import os
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamification.audit.run import run_audit
from tests.databases import PostgresCopies, SqliteCopies, opened
from tests.webapp.intake.running import HEADER, Intake, shop_profile
from webapp.world import Worlds

GOODS = st.sampled_from(
    [("CUP", "100"), ("CUP", "99.99"), ("TEA", "333.335"), ("SOFA", "40000"), ("DUST", "0.005"),
     ("OFF", "-5"), ("FREE", "0")]
)  # fmt: skip
SOLD = st.sampled_from(["0.333", "1", "1", "2", "10", "0", "-1"])
BACK = st.sampled_from(["-0.333", "-1", "-1", "-2", "-3", "0", "1"])


def papers_of(kind: str, units: st.SearchStrategy[str]) -> st.SearchStrategy["Paper"]:
    """Documents of one kind, over somewhat more than two years."""
    line = st.tuples(GOODS, units).map(lambda pair: (pair[0][0], pair[1], pair[0][1]))
    return st.tuples(
        st.just(kind),
        st.sampled_from(["anna", "anna", "boris", ""]),
        st.integers(0, 800),
        st.lists(line, min_size=1, max_size=4),
        st.one_of(st.none(), st.none(), st.integers(0, 7)),
    )


PAPERS = st.lists(
    st.one_of(papers_of("", SOLD), papers_of("", SOLD), papers_of("R", BACK), papers_of("A", BACK)),
    min_size=1,
    max_size=9,
)
Paper = tuple[str, str, int, list[tuple[str, str, str]], int | None]


def text_of(papers: list[Paper]) -> str:
    """The file; a return may name another document, known or not."""
    target = io.StringIO()
    sheet = csv.writer(target)
    sheet.writerow([*HEADER.strip().split(","), "of"])
    for number, (kind, who, days, lines, names) in enumerate(papers):
        at = f"{2023 + days // 336}-{days % 336 // 28 + 1:02}-{days % 28 + 1:02} 10:00"
        named = None if names is None or kind != "R" else names % len(papers)
        of = "" if named is None else f"{papers[named][0]}{named}"
        for good, units, price in lines:
            sheet.writerow([f"{kind}{number}", who, at, good, units, price, of])
    return target.getvalue()


@dataclass
class Wanted:
    """What one customer's documents come to, reckoned by hand."""

    sales: Decimal = Decimal("0.00")
    returned: Decimal = Decimal("0.00")
    orders: int = 0
    documents: int = 0

    def row(self) -> tuple[object, ...]:
        return str(self.sales), str(self.returned), self.orders, self.documents


def wanted(papers: list[Paper]) -> dict[str, tuple[object, ...]]:
    found: dict[str, Wanted] = defaultdict(Wanted)
    for kind, who, _, lines, _ in papers:
        if not who or kind == "A":
            continue
        exact = sum((Decimal(units) * Decimal(price) for _, units, price in lines), Decimal(0))
        total = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        row = found[who]
        row.documents += 1
        if kind == "R":
            row.returned += total
        else:
            row.sales += total
            row.orders += total > 0
    return {who: row.row() for who, row in found.items()}


Copies = SqliteCopies | PostgresCopies


def check(copies: Copies, folder: Path, papers: list[Paper]) -> None:
    """Import a file twice into an empty database, and look at everything that it left."""
    path = folder / "any.csv"
    path.write_text(text_of(papers))
    url, drop = copies.take()
    with opened(url) as engine:
        intake = Intake(Worlds(engine))
        profile = shop_profile(columns='names = "of"')

        intake.purchases(path, profile)
        again = intake.purchases(path, profile)

        assert again.page.recorded == 0
        assert again.page.replayed == again.tally.receipts
        assert reported(intake) == wanted(papers)
        with intake.worlds.open(readonly=True) as world:
            assert [x for x in run_audit(world, full=True).findings if x.count] == []
    drop()


def reported(intake: Intake) -> dict[str, tuple[object, ...]]:
    if intake.rows("SELECT 1 FROM activity LIMIT 1") == []:
        return {}
    return {
        who: (row["sales"], row["returned"], row["orders"],
              row["sale_documents"] + row["return_documents"])
        for who, row in intake.report().items()
    }  # fmt: skip


FULL = bool(os.environ.get("LAUREL_FULL"))
RELAXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=80 if FULL else 25, deadline=None, suppress_health_check=RELAXED)
@given(papers=PAPERS)
def test_any_file(sqlite_copies: SqliteCopies, tmp_path: Path, papers: list[Paper]) -> None:
    check(sqlite_copies, tmp_path, papers)


@pytest.mark.pg
@settings(max_examples=15 if FULL else 5, deadline=None, suppress_health_check=RELAXED)
@given(papers=PAPERS)
def test_any_file_on_postgresql(
    postgres_copies: PostgresCopies, tmp_path: Path, papers: list[Paper]
) -> None:
    check(postgres_copies, tmp_path, papers)
