"""Files that are damaged in the middle: nothing is recorded by halves, and the rest is taken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.webapp.intake.running import HEADER, Intake
from webapp.intake.profile import parse_profile

Write = Callable[[str, str], Path]
AMOUNTS = "SELECT external_id, amount FROM activity"
NESTED = """
name = "Shop"
source = "shop"
currency = "RUB"
zone = "Europe/Moscow"
[file]
format = "json"
receipts = "receipts"
lines = "lines"
[columns]
document = "receipt.id"
customer = "object.who"
at = "receipt.at"
sku = "line.sku"
quantity = "line.n"
price = "line.price"
"""


@pytest.mark.parametrize(("opens", "closes"), [('"CUP', 'PIPE 1/2"'), ('"CUP', '"PIPE')])
def test_a_quote_that_stands_alone_cuts_no_receipt(
    intake: Intake, written: Write, opens: str, closes: str
) -> None:
    """What it swallowed is named; the receipt in which it ends is not recorded without its head."""
    rows = (
        "P0,anna,2025-03-01 10:00,CUP,1,100\n"
        f"P1,anna,2025-03-01 11:00,{opens},1,100\n"
        "P2,boris,2025-03-01 12:00,TEA,1,100\n"
        "P3,clara,2025-03-01 13:00,A,1,100\n"
        f"P3,clara,2025-03-01 13:00,{closes},1,200\n"
        "P3,clara,2025-03-01 13:00,C,1,300\n"
        "P4,dora,2025-03-01 14:00,C,1,300\n"
    )

    intake.purchases(written("torn.csv", HEADER + rows))
    kept = dict(intake.rows(AMOUNTS))
    intake.purchases(written("mended.csv", HEADER + rows.replace('"', "")))

    whole = {"P0": 10_000, "P1": 10_000, "P2": 10_000, "P3": 60_000, "P4": 30_000}
    assert kept.items() <= whole.items()
    assert {"P0", "P4"} <= set(kept)
    assert dict(intake.rows(AMOUNTS)) == whole
    assert intake.rejects == ()


def test_how_many_lines_a_quote_swallowed_is_said(intake: Intake, written: Write) -> None:
    rows = 'P1,anna,2025-03-01 11:00,"CUP,1,100\nP2,anna,2025-03-01 12:00,TEA,1,100\nP3,x"\n'

    intake.purchases(written("torn.csv", HEADER + rows))

    assert [(r.line, r.code, r.value) for r in intake.rejects] == [(2, "over_lines", "3")]


@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000", "\\udfff\\ud800"])
@pytest.mark.parametrize("where", ["who", "id", "sku"])
def test_half_a_letter_sets_one_receipt_aside(
    intake: Intake, written: Write, odd: str, where: str
) -> None:
    def line(who: str, ident: str, sku: str) -> str:
        good = f'{{"sku": "{sku}", "n": 1, "price": 100}}'
        told = f'{{"id": "{ident}", "at": "2025-03-01 10:00", "lines": [{good}]}}'
        return f'{{"who": "{who}", "receipts": [{told}]}}\n'

    cells = {"who": "anna", "id": "P1", "sku": "A"} | {where: f"x{odd}"}
    text = line(cells["who"], cells["id"], cells["sku"]) + line("boris", "P2", "B")

    intake.purchases(written("a.json", text), parse_profile(NESTED, "test"))

    assert intake.rows("SELECT external_id FROM activity") == [("P2",)]
    assert "unreadable" in {r.code for r in intake.rejects}


@pytest.mark.parametrize("dry", [False, True])
def test_a_sum_beyond_all_bounds_is_in_no_total_and_makes_nobody_a_member(
    intake: Intake, written: Write, dry: bool
) -> None:
    """The limit is one for sales and returns."""
    rows = (
        "P1,anna,2025-03-01 10:00,CUP,1,100000000001\n"
        "RP2,boris,2025-03-01 10:00,CUP,-1,100000000001\n"
        "P3,clara,2025-03-01 10:00,CUP,1,100\n"
    )

    outcome = intake.purchases(written("huge.csv", HEADER + rows), dry=dry)

    assert [r.code for r in intake.rejects] == ["amount_too_large"] * 2
    assert (outcome.tally.receipts, outcome.tally.sales, outcome.tally.returned) == (1, 10_000, 0)
    assert outcome.tally.held_documents == 2
    if not dry:
        assert intake.rows("SELECT external_id FROM member") == [("clara",)]
