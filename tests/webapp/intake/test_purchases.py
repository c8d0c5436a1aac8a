"""What becomes of receipts: taken, known, held back, passed over, in conflict."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gamification.audit.run import run_audit
from gamification.refusals import ProgrammeMismatch
from gamification.world import fixed_clock
from tests.webapp.intake.running import HEADER, Intake, all_rows, differences, shop_profile
from webapp.intake import purchases
from webapp.intake.faults import BadFile
from webapp.intake.purchases import Forecast
from webapp.world import Worlds

Write = Callable[..., Path]

GOOD = """P1,anna,2025-03-01 10:00,CUP,2,100.00
P1,anna,2025-03-01 10:05,TEA,0.333,99.90
P2,boris,2025-03-02 11:00,CUP,1,100
RP2,boris,2025-03-05 11:00,CUP,-1,100
P3,,2025-03-06 12:00,CUP,1,5
A4,,2025-03-07 12:00,DEBT,1,-500
"""


def totals(intake: Intake) -> list[tuple[object, ...]]:
    return intake.rows("SELECT external_id, type, amount, state FROM activity ORDER BY external_id")


def test_a_file_of_sales_and_returns(intake: Intake, written: Write) -> None:
    outcome = intake.purchases(written("may.csv", HEADER + GOOD))

    tally, page = outcome.tally, outcome.page
    assert (tally.rows, tally.receipts, page.recorded, page.members) == (6, 3, 3, 2)
    assert (tally.sales, tally.returned) == (33_327, -10_000)
    assert (tally.skipped_documents, tally.skipped_rows) == (1, 1)
    assert (tally.adjustments, tally.adjustment_rows) == (1, 1)
    assert (tally.first_day, tally.last_day) == (date(2025, 3, 1), date(2025, 3, 5))
    assert outcome.made_programme
    assert totals(intake) == [
        ("P1", "purchase", 23_327, "counted"),
        ("P2", "purchase", 10_000, "returned"),
        ("RP2", "return", -10_000, "counted"),
    ]


def test_a_document_is_rounded_once_and_takes_its_earliest_moment(
    intake: Intake, written: Write
) -> None:
    rows = (
        "P1,a,2025-03-01 10:05,X,1,0.005\nP1,a,2025-03-01 10:00,Y,1,0.005\n"
        "P2,a,2025-03-02 10:00,X,3,0.335\nP2,a,2025-03-02 10:00,Z,1,0\n"
        "RP3,a,2025-03-03 10:00,Q,-1,0.125\n"
    )

    intake.purchases(written("half.csv", HEADER + rows))

    assert intake.rows(
        "SELECT external_id, amount, local_minute, line_count FROM activity ORDER BY external_id"
    ) == [("P1", 1, 600, 2), ("P2", 101, 600, 2), ("RP3", -13, 600, 1)]
    assert intake.rows(
        "SELECT SUM(l.amount) - a.amount FROM activity a JOIN activity_line l"
        " ON l.activity_id = a.id GROUP BY a.id, a.amount"
    ) == [(0,), (0,), (0,)]


def test_a_dry_run_foresees_what_the_real_one_brings(
    intake: Intake, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purchases, "PAGE_LINES", 1)  # a member stands on several pages
    path = written("may.csv", HEADER + GOOD + "P5,anna,2025-03-08 12:00,CUP,1,5\n")

    first = intake.purchases(path, dry=True)
    before = (totals(intake), intake.rows("SELECT id FROM programme"))
    real = intake.purchases(path)
    later = written(
        "june.csv", HEADER + "P5,anna,2025-03-08 12:00,CUP,1,5\nP6,zoe,2025-06-01,X,1,5"
    )
    again = intake.purchases(later, dry=True)

    assert before == ([], [])
    assert first.forecast == Forecast(receipts=4, known=0, members=2, programme=True)
    assert (real.page.recorded, real.page.members, real.made_programme) == (4, 2, True)
    assert real.forecast is None
    assert again.forecast == Forecast(receipts=1, known=1, members=1, programme=False)


def test_the_same_file_again_changes_nothing(intake: Intake, written: Write) -> None:
    path = written("may.csv", HEADER + GOOD)
    intake.purchases(path)
    before = all_rows(intake.worlds.engine)

    again = intake.purchases(path)

    assert (again.page.recorded, again.page.replayed, again.page.members) == (0, 3, 0)
    assert not again.made_programme
    assert differences(all_rows(intake.worlds.engine), before) == {}


def test_an_overlapping_file_adds_only_what_is_new(intake: Intake, written: Write) -> None:
    intake.purchases(written("may.csv", HEADER + GOOD))

    more = intake.purchases(
        written("june.csv", HEADER + GOOD + "P9,carol,2025-06-01 10:00,CUP,1,10\n")
    )

    assert (more.page.recorded, more.page.replayed, more.page.members) == (1, 3, 1)


def test_a_number_with_other_contents_is_a_conflict(intake: Intake, written: Write) -> None:
    intake.purchases(written("may.csv", HEADER + GOOD))
    before = all_rows(intake.worlds.engine)

    other = GOOD.replace(
        "P2,boris,2025-03-02 11:00,CUP,1,100", "P2,boris,2025-03-02 11:00,CUP,2,100"
    )
    foreseen = intake.purchases(written("other.csv", HEADER + other), dry=True)
    codes = intake.codes()
    again = intake.purchases(written("other.csv", HEADER + other))

    assert again.page.conflicts == foreseen.page.conflicts == [("shop", "P2")]
    assert foreseen.forecast == Forecast(receipts=0, known=2, members=0, programme=False)
    assert codes == [(4, "conflict")]
    assert intake.codes() == [(4, "conflict")]
    assert differences(all_rows(intake.worlds.engine), before) == {}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("P1,anna,2025-03-01 10:05,TEA,x,99.90", "not_a_number"),
        ("P1,anna,2025-03-01 10:05,TEA,1,", "not_a_number"),
        ("P1,anna,when,TEA,1,1", "not_a_date"),
        ("P1,anna,2525-03-01,TEA,1,1", "date_out_of_range"),
        ("P1,anna,2099-03-01,TEA,1,1", "from_the_future"),
        (f"P1,anna,2025-03-01 10:05,{'T' * 121},1,1", "too_long"),
        ("P1,anna,2025-03-01 10:05,TEA,1e11,1e11", "number_too_large"),
    ],
)
def test_a_receipt_with_a_bad_row_is_held_back_whole(
    intake: Intake, written: Write, row: str, code: str
) -> None:
    text = HEADER + GOOD.replace("P1,anna,2025-03-01 10:05,TEA,0.333,99.90", row)

    outcome = intake.purchases(written("bad.csv", text))

    assert intake.codes() == [(2, "held_back"), (3, code)]
    assert (outcome.tally.bad_rows, outcome.tally.held_documents) == (1, 1)
    assert [row[0] for row in totals(intake)] == ["P2", "RP2"]

    mended = intake.purchases(written("mended.csv", HEADER + GOOD))
    assert (mended.page.recorded, mended.page.replayed) == (1, 2)
    assert totals(intake)[0] == ("P1", "purchase", 23_327, "counted")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("P1,boris,2025-03-01 10:05,TEA,1,1", "mixed_customers"),
        ("P1,anna", "unreadable_row"),
        ("P1,4.6E+12,2025-03-01 10:05,TEA,1,1", "shortened_id"),
        ("4.6E+12,anna,2025-03-01 10:05,TEA,1,1", "shortened_id"),
        (",anna,2025-03-01 10:05,TEA,1,1", "no_document"),
    ],
)
def test_rows_at_odds_and_rows_of_no_receipt(
    intake: Intake, written: Write, row: str, code: str
) -> None:
    text = HEADER + GOOD.replace("P1,anna,2025-03-01 10:05,TEA,0.333,99.90", row)

    intake.purchases(written("odd.csv", text))

    found = dict(intake.codes())
    assert found[3] == code
    assert "P1" not in {row[0] for row in totals(intake)}


def test_a_row_of_no_receipt_holds_back_the_receipts_on_both_sides(
    intake: Intake, written: Write
) -> None:
    rows = "".join(f"P{n},anna,2025-03-0{n} 10:00,CUP,1,10\n" for n in range(1, 5))
    torn = rows.replace("P3,", ",anna,2025-03-02 10:05,TEA,1,5\nP3,")

    outcome = intake.purchases(written("torn.csv", HEADER + torn))

    assert [row[0] for row in totals(intake)] == ["P1", "P4"]
    assert outcome.page.recorded == 2


def test_a_row_that_leaves_the_customer_out_belongs_to_its_receipt(
    intake: Intake, written: Write
) -> None:
    rows = "P1,anna,2025-03-01 10:00,CUP,1,10\nP1,,2025-03-01 10:00,TEA,1,5\n"

    outcome = intake.purchases(written("blank.csv", HEADER + rows))

    assert (outcome.tally.sales, outcome.tally.skipped_rows) == (1_500, 0)


def test_receipts_of_nobody_can_be_rejects(intake: Intake, written: Write) -> None:
    profile = shop_profile(customer='missing = "reject"')

    outcome = intake.purchases(written("may.csv", HEADER + GOOD), profile)

    assert intake.codes() == [(6, "no_customer")]
    assert (outcome.tally.skipped_documents, outcome.tally.held_documents) == (0, 1)


def test_two_files_in_one_command(intake: Intake, written: Write) -> None:
    first = written("a.csv", HEADER + GOOD + "P7,anna,2025-04-01 10:00,CUP,1,10\n")
    second = written("b.csv", HEADER + GOOD + "P7,anna,2025-04-01 10:00,TEA,1,5\n")

    outcome = intake.purchases([first, second])

    assert outcome.tally.receipts == outcome.page.recorded == 4
    assert ("P7", "purchase", 1_500, "counted") in totals(intake)
    assert ("P1", "purchase", 23_327, "counted") in totals(intake)


def test_two_files_that_contradict_each_other(intake: Intake, written: Write) -> None:
    first = written("a.csv", HEADER + GOOD)
    second = written("b.csv", HEADER + GOOD + "P1,anna,2025-03-01 10:05,MUG,1,5\n")

    intake.purchases([first, second])

    codes = {(reject.file, reject.line, reject.code) for reject in intake.rejects}
    assert codes == {
        (file, line, "differs_between_files")
        for file, line in ((0, 2), (0, 3), (1, 2), (1, 3), (1, 8))
    }
    assert "P1" not in {row[0] for row in totals(intake)}


def test_a_dry_run_counts_and_writes_nothing(intake: Intake, written: Write) -> None:
    outcome = intake.purchases(written("may.csv", HEADER + GOOD), dry=True)

    assert (outcome.tally.receipts, outcome.tally.sales, outcome.page.recorded) == (3, 33_327, 0)
    assert all(rows == [] for rows in all_rows(intake.worlds.engine).values())


def test_another_currency_is_refused(intake: Intake, written: Write) -> None:
    path = written("may.csv", HEADER + GOOD)
    intake.purchases(path)
    before = all_rows(intake.worlds.engine)

    for dry in (False, True):
        with pytest.raises(ProgrammeMismatch):
            intake.purchases(path, shop_profile().model_copy(update={"currency": "EUR"}), dry=dry)

    assert differences(all_rows(intake.worlds.engine), before) == {}


def test_a_damaged_file_among_good_ones_changes_nothing(intake: Intake, written: Write) -> None:
    good, bad = written("may.csv", HEADER + GOOD), written("bad.csv", "doc,who\n1,2\n")

    with pytest.raises(BadFile):
        intake.purchases([good, bad])

    assert all(rows == [] for rows in all_rows(intake.worlds.engine).values())


def test_a_return_before_its_purchase_waits_for_it_over_files(
    intake: Intake, written: Write
) -> None:
    profile = shop_profile(columns='names = "of"')
    head = HEADER.strip() + ",of\n"
    back = intake.purchases(
        written("back.csv", head + "R1,anna,2025-03-05 10:00,CUP,-1,100,P1\n"), profile
    )
    assert back.page.parked == 1

    intake.purchases(written("sale.csv", head + "P1,anna,2025-03-01 10:00,CUP,2,100,\n"), profile)

    assert totals(intake) == [
        ("P1", "purchase", 20_000, "partly_returned"),
        ("R1", "return", -10_000, "counted"),
    ]
    assert intake.report()["anna"]["returned"] == "-100.00"


@pytest.mark.parametrize("dry", [False, True])
@pytest.mark.parametrize("told", ["", "negative_total_is_return = true"])
def test_a_return_that_names_two_purchases_is_held(
    intake: Intake, written: Write, told: str, dry: bool
) -> None:
    profile = shop_profile(columns='names = "of"', kinds=told)
    number = "M1" if told else "R1"
    rows = (
        "P1,anna,2025-03-01 10:00,CUP,1,100,\nP2,anna,2025-03-01 11:00,TEA,1,100,\n"
        f"{number},anna,2025-03-05 10:00,CUP,-1,100,P1\n"
        f"{number},anna,2025-03-05 10:00,TEA,-1,100,P2\n"
        "R2,anna,2025-03-06 10:00,CUP,-1,100,P1\nR2,anna,2025-03-06 10:00,CUP,-1,1,\n"
    )

    outcome = intake.purchases(
        written("back.csv", HEADER.strip() + ",of\n" + rows), profile, dry=dry
    )

    assert intake.codes() == [(4, "mixed_names"), (5, "mixed_names")]
    assert (outcome.tally.return_documents, outcome.tally.held_documents) == (1, 1)


def test_signs_of_returns_that_are_written_as_positive(intake: Intake, written: Write) -> None:
    profile = shop_profile(kinds="returns_are_positive = true")
    rows = "P1,anna,2025-03-01 10:00,CUP,3,0.335\nRP1,anna,2025-03-02 10:00,CUP,1,0.335\n"

    intake.purchases(written("plus.csv", HEADER + rows), profile)

    assert totals(intake) == [
        ("P1", "purchase", 101, "partly_returned"),
        ("RP1", "return", -34, "counted"),
    ]
    assert intake.rows("SELECT COUNT(*) FROM return_match") == [(1,)]


def test_a_total_below_zero_can_mean_a_return(intake: Intake, written: Write) -> None:
    profile = shop_profile(kinds="negative_total_is_return = true")
    rows = "1,anna,2025-03-01 10:00,CUP,2,100\n2,anna,2025-03-02 10:00,CUP,-1,100\n"

    intake.purchases(written("minus.csv", HEADER + rows), profile)

    assert [row[1] for row in totals(intake)] == ["purchase", "return"]


def test_totals_on_the_wrong_side_of_zero_keep_their_kind(intake: Intake, written: Write) -> None:
    rows = (
        "P1,anna,2025-03-01 10:00,CUP,2,100\nP2,anna,2025-03-02 10:00,OFF,1,-30\n"
        "RP3,anna,2025-03-03 10:00,CUP,-1,100\nRP3,anna,2025-03-03 10:00,POT,1,150\n"
        "P4,anna,2025-03-04 10:00,FREE,1,0\nP5,boris,2025-03-05 10:00,CUP,1,100\n"
        "P5,boris,2025-03-05 10:00,COUPON,-1,90\nRP6,boris,2025-03-06 10:00,CUP,-1,100\n"
    )

    intake.purchases(written("odd.csv", HEADER + rows))

    found = intake.report()["anna"]
    assert {name: found[name] for name in ("net", "sales", "returned", "orders")} == {
        "net": "220.00",
        "sales": "170.00",
        "returned": "50.00",
        "orders": 1,
    }
    assert (found["sale_documents"], found["return_documents"]) == (3, 1)
    assert intake.rows("SELECT amount_left FROM activity WHERE external_id = 'P5'") == [(-9_000,)]
    with intake.worlds.open(readonly=True) as world:
        assert [x for x in run_audit(world, full=True).findings if x.count] == []


def test_points_of_a_former_programme_earn_nothing(intake: Intake, written: Write) -> None:
    profile = shop_profile(columns='paid = ["used", "gift"]', paid="worth = 0.5")
    head = HEADER.strip() + ",used,gift\n"
    rows = (
        "P1,anna,2025-03-01 10:00,CUP,1,1000,-300.4,-99.6\nP2,anna,2025-03-02 10:00,CUP,1,1,-9,0\n"
    )

    outcome = intake.purchases(written("paid.csv", head + rows), profile)

    assert outcome.tally.paid_elsewhere == 20_000
    assert intake.rows("SELECT amount, base, points FROM activity") == [(100_000, 80_000, 8)]
    assert intake.codes() == [(3, "paid_exceeds_total")]


def test_what_lapsed_long_ago_is_booked_by_the_import_itself(
    intake: Intake, written: Write
) -> None:
    later = Intake(Worlds(intake.worlds.engine, fixed_clock(datetime(2027, 1, 1, tzinfo=UTC))))

    later.purchases(written("may.csv", HEADER + "P1,anna,2025-03-01 10:00,CUP,1,1000\n"))

    assert later.rows("SELECT kind, points FROM transfer ORDER BY id") == [
        ("purchase", 10),
        ("expiry", 10),
    ]
    assert later.report(date(2025, 3, 20))["anna"]["balance"] == 10
    assert later.report(date(2026, 3, 16))["anna"]["balance"] == 0
