"""Tills whose numbers begin anew: two receipts never become one without a word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.webapp.intake.running import HEADER, Intake, shop_profile

Write = Callable[[str, str], Path]
RECORDED = "SELECT external_id, amount FROM activity ORDER BY external_id"


def row(at: str, who: str = "anna", sku: str = "CUP") -> str:
    return f"1,{who},{at},{sku},1,10\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2025-03-02", "2025-04-02"),
        ("2025-03-02", "2025-03-03"),
        ("2025-03-02 18:00", "2025-03-03 09:00"),
        ("2025-03-03 09:00", "2025-03-02 18:00"),
    ],
)
@pytest.mark.parametrize("who", ["anna", "boris"])
@pytest.mark.parametrize("dry", [False, True])
def test_one_number_on_two_days_is_held(
    intake: Intake, written: Write, one: str, other: str, who: str, dry: bool
) -> None:
    text = HEADER + row(one) + row(other, who) + "2,anna,2025-03-05,TEA,1,5\n"

    outcome = intake.purchases(written("anew.csv", text), dry=dry)

    assert intake.codes() == [(2, "mixed_days"), (3, "mixed_days")]
    assert (outcome.tally.receipts, outcome.tally.held_documents) == (1, 1)
    assert intake.rows(RECORDED) == ([] if dry else [("2", 500)])


def test_equal_receipts_of_two_days_in_two_files_are_not_taken_for_one(
    intake: Intake, written: Write
) -> None:
    days = ("2025-03-02", "2025-03-03")
    files = [written(f"{day}.csv", HEADER + row(day)) for day in days]

    intake.purchases(files)

    assert intake.codes() == [(2, "mixed_days"), (2, "mixed_days")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2025-03-02 10:00", "2025-03-02 10:02"),
        ("2025-03-02 00:10", "2025-03-02 23:50"),
        ("2025-03-02 20:00", "2025-03-03 03:00"),
    ],
)
def test_a_long_receipt_is_one_receipt(
    intake: Intake, written: Write, one: str, other: str
) -> None:
    """Two minutes, one day, or a bar's bill over midnight."""
    intake.purchases(written("long.csv", HEADER + row(one) + row(other, sku="TEA")))

    assert (intake.rows(RECORDED), intake.rejects) == ([("1", 2_000)], ())


def test_the_date_in_the_number_tells_them_apart(intake: Intake, written: Write) -> None:
    profile = shop_profile()
    names = profile.columns.model_copy(update={"document": ("doc", "at")})

    intake.purchases(
        written("anew.csv", HEADER + row("2025-03-02") + row("2025-04-02")),
        profile.model_copy(update={"columns": names}),
    )

    assert intake.rows(RECORDED) == [("1/2025-03-02", 1_000), ("1/2025-04-02", 1_000)]
