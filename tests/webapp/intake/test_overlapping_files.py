"""A receipt that stands in several files of one command is recorded once, however it is spelled."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.webapp.intake.running import HEADER, Intake, all_rows, differences, shop_profile

Write = Callable[[str, str], Path]
FIRST = "P1,anna,2025-03-01 10:00,CUP,1,10.00\nP1,anna,2025-03-01 10:00,TEA,2,3.00\n"
OTHERS = {
    "numbers": "P1,anna,2025-03-01 10:00,CUP,1.0,10\nP1,anna,2025-03-01 10:00,TEA,2,3.0\n",
    "order": "P1,anna,2025-03-01 10:00,TEA,2,3\nP1,anna,2025-03-01 10:00,CUP,1,10\n",
    "customer": "P1,,2025-03-01 10:00,CUP,1,10\nP1,,2025-03-01 10:00,TEA,2,3\n",
    "moment": "P1,anna,2025-03-01,CUP,1,10\nP1,anna,2025-03-01,TEA,2,3\n",
}
RECORDED = "SELECT external_id, amount FROM activity ORDER BY external_id"


@pytest.mark.parametrize("other", OTHERS)
def test_another_spelling_of_a_receipt_is_the_same_receipt(
    intake: Intake, written: Write, other: str
) -> None:
    first, second = written("a.csv", HEADER + FIRST), written("b.csv", HEADER + OTHERS[other])

    outcome = intake.purchases([first, second])
    before = all_rows(intake.worlds.engine)
    again, alone = intake.purchases([first, second]), intake.purchases(first)

    assert (outcome.tally.receipts, outcome.tally.sales) == (1, 1_600)
    assert intake.rows(RECORDED) == [("P1", 1_600)]
    assert intake.rejects == ()
    assert (again.page.recorded, again.page.replayed) == (0, 1)
    assert (alone.page.recorded, alone.page.replayed) == (0, 1)
    assert differences(all_rows(intake.worlds.engine), before) == {}


@pytest.mark.parametrize("other", OTHERS)
def test_whichever_file_comes_first(intake: Intake, written: Write, other: str) -> None:
    first, second = written("a.csv", HEADER + FIRST), written("b.csv", HEADER + OTHERS[other])

    intake.purchases([second, first])
    again = intake.purchases([second, first])

    assert intake.rows(RECORDED) == [("P1", 1_600)]
    assert intake.rows("SELECT external_id FROM member") == [("anna",)]
    assert (again.page.replayed, again.page.conflicts, intake.rejects) == (1, [], ())


def test_a_part_a_part_and_the_first_part_again(intake: Intake, written: Write) -> None:
    one, two = FIRST.splitlines(keepends=True)
    files = [written(f"{n}.csv", HEADER + part) for n, part in enumerate((one, two, one))]

    intake.purchases(files)

    assert (intake.rows(RECORDED), intake.rejects) == ([("P1", 1_600)], ())


@pytest.mark.parametrize(
    "other",
    [
        FIRST.replace("TEA,2", "TEA,3"),
        FIRST.replace("3.00", "4.00"),
        FIRST + "P1,anna,2025-03-01 10:00,TEA,2,3\n",
    ],
)
def test_other_goods_or_sums_hold_the_receipt(intake: Intake, written: Write, other: str) -> None:
    intake.purchases([written("a.csv", HEADER + FIRST), written("b.csv", HEADER + other)])

    assert {code for _, code in intake.codes()} == {"differs_between_files"}
    assert intake.rows(RECORDED) == []


def test_one_number_in_two_shops_is_held(intake: Intake, written: Write) -> None:
    head = HEADER.strip() + ",shop\n"
    files = [
        written(f"{shop}.csv", f"{head}P1,anna,2025-03-01 10:00,CUP,1,10,{shop}\n")
        for shop in ("north", "south")
    ]

    intake.purchases(files, shop_profile(columns='store = "shop"'))

    assert {code for _, code in intake.codes()} == {"differs_between_files"}


def test_totals_are_equal_however_they_are_written(intake: Intake, written: Write) -> None:
    profile = shop_profile()
    names = profile.columns.model_copy(
        update={"price": None, "quantity": None, "sku": None, "total": "price"}
    )
    profile = profile.model_copy(update={"columns": names})
    files = [
        written(f"{n}.csv", f"{HEADER}P1,anna,2025-03-01 10:00,,,{total}\n")
        for n, total in enumerate(("10", "10.00"))
    ]

    outcome = intake.purchases(files, profile)

    assert (outcome.tally.sales, intake.rejects) == (1_000, ())


def test_what_is_passed_over_is_counted_once(intake: Intake, written: Write) -> None:
    rows = FIRST.replace("anna", "") + "A2,,2025-03-01 10:00,FEE,1,5\n"
    files = [written(f"{n}.csv", HEADER + rows) for n in range(2)]

    tally = intake.purchases(files).tally

    assert (tally.skipped_documents, tally.skipped_rows) == (1, 2)
    assert (tally.adjustments, tally.adjustment_rows) == (1, 1)
