"""The report equals what the standard library works out from the very same file."""

import csv
import re
from pathlib import Path

import pytest

from tests.webapp.intake import reference, reference_medals, reference_returns
from tests.webapp.intake.running import Intake
from tests.webapp.intake.samples import cut_file, real_file

EARNED = ("points_earned", "points_reversed", "balance", "pending", "tier")
BOUGHT = (
    "net", "sales", "returned", "sale_documents", "orders", "return_documents", "first_order",
    "last_order", "active_months", "longest_month_streak", "net_365d",
)  # fmt: skip
# Returns within minutes, only returns, a customer of two countries, and many small ones.
CUSTOMERS = re.compile(r"(12346|16446|12431|12394|13256|15098|178\d\d|12[34]5\d)")


def small_online_retail(folder: Path, customers: re.Pattern[str] = CUSTOMERS) -> Path:
    """Some customers, a few of nobody's rows, and every adjustment."""

    def keep(line: str) -> bool:
        number, *_, customer, _ = next(csv.reader([line]))
        if not customer:
            return number.startswith(("A", "536", "C536", "58", "C58"))
        return customers.fullmatch(customer.removesuffix(".0")) is not None

    return cut_file("online_retail", folder, keep)


def small_complete_journey(folder: Path) -> Path:
    households = {"900", "1228", "2108", "116", "1100", "636"}
    return cut_file("complete_journey", folder, lambda line: line.split(",")[0] in households)


def compared(found: dict[str, dict[str, object]], columns: tuple[str, ...]) -> dict[str, object]:
    return {who: {name: row[name] for name in columns} for who, row in found.items()}


def assert_equal(intake: Intake, name: str, path: Path) -> None:
    """Every column of every customer, and nobody else."""
    papers = getattr(reference, name)(path)
    points = (
        reference_returns.earnings(path) if name == "online_retail" else reference.earnings(papers)
    )
    found = intake.report()
    assert compared(found, BOUGHT) == reference.report(papers)
    assert compared(found, EARNED) == points
    assert {who: row["medals"] for who, row in found.items()} == getattr(reference_medals, name)(
        path
    )
    assert len(BOUGHT) + len(EARNED) + 1 == len(next(iter(found.values())))


def test_some_customers_of_online_retail(intake: Intake, tmp_path: Path) -> None:
    path = small_online_retail(tmp_path)

    outcome = intake.purchases(path, "online_retail")

    assert outcome.tally.receipts > 500
    assert outcome.tally.adjustments == 3
    assert outcome.tally.skipped_documents > 10
    assert_equal(intake, "online_retail", path)


def test_some_households_of_complete_journey(intake: Intake, tmp_path: Path) -> None:
    path = small_complete_journey(tmp_path)

    intake.purchases(path, "complete_journey")

    assert_equal(intake, "complete_journey", path)


def test_every_card_of_x5_retailhero(intake: Intake) -> None:
    path = real_file("x5_retailhero")

    outcome = intake.purchases(path, "x5_retailhero")

    assert (outcome.tally.receipts, outcome.tally.sales) == (914, 38_456_073)
    assert_equal(intake, "x5_retailhero", path)


def test_the_report_of_an_earlier_day(intake: Intake, tmp_path: Path) -> None:
    path = small_complete_journey(tmp_path)
    intake.purchases(path, "complete_journey")
    papers = reference.complete_journey(path)

    for as_of in ("2017-03-31", "2017-10-01", "2018-06-30"):
        day = reference.date.fromisoformat(as_of)
        before = [paper for paper in papers if paper.day <= day]
        found = intake.report(day)

        assert compared(found, BOUGHT) == reference.report(papers, day)
        known = {paper.customer for paper in before}
        bought = {who: row for who, row in found.items() if who in known}
        if day.year == 2017:
            assert compared(bought, EARNED) == reference.earnings(before, day)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["online_retail", "complete_journey"])
def test_whole_files(intake: Intake, name: str) -> None:
    path = real_file(name)

    outcome = intake.purchases(path, name)
    again = intake.purchases(path, name)

    assert outcome.tally.receipts == outcome.page.recorded == again.page.replayed > 20_000
    assert (again.page.recorded, again.page.members) == (0, 0)
    assert_equal(intake, name, path)
