"""What points of a former programme paid earns nothing here, and leaves no gap in the books."""

import sqlalchemy as sa
from sqlmodel import Session

from gamification.commands.intake import take_page
from gamification.world import ROW_IDS
from tests.shop import Person, Shop


def test_the_part_paid_elsewhere_earns_nothing_and_is_not_spent_here(engine: sa.Engine) -> None:
    anna = Shop(engine).join("anna")

    anna.buy("p-1", ("COFFEE", None, "1", "600"), ("MUG", None, "1", "400"), paid_elsewhere=30_000)

    assert anna.shop.rows("SELECT amount, base, points, points_paid FROM activity") == [
        (100_000, 70_000, 35, 0)
    ]
    assert anna.shop.rows("SELECT amount, paid, base FROM activity_line ORDER BY line_no") == [
        (60_000, 18_000, 42_000),
        (40_000, 12_000, 28_000),
    ]
    assert anna.shop.rows("SELECT kind, points FROM transfer") == [("purchase", 35)]


def test_a_return_of_such_a_purchase_takes_back_only_what_was_earned(engine: sa.Engine) -> None:
    anna = Shop(engine).join("anna")
    goods = [("COFFEE", None, "1", "600"), ("MUG", None, "1", "400")]
    anna.buy("p-1", *goods, paid_elsewhere=30_000)

    anna.bring_back("r-1", ("MUG", None, "1", "400"), of="p-1")
    assert points_left(anna) == 21

    anna.bring_back("r-2", ("COFFEE", None, "1", "600"), of="p-1")
    assert points_left(anna) == 0
    assert anna.shop.rows("SELECT kind FROM transfer WHERE kind = 'refund'") == []


def points_left(person: Person) -> int:
    ((lots, kept),) = person.shop.rows(
        "SELECT (SELECT SUM(remaining) FROM lot), points_left FROM activity WHERE type = 'purchase'"
    )
    assert lots == kept, "what remains in lots is what the kept basket earns"
    return int(lots)


def test_a_receipt_whose_rows_carry_no_prices_leaves_it_out_of_the_rest(engine: sa.Engine) -> None:
    anna = Shop(engine).join("anna")

    anna.buy("p-1", ("COFFEE", None, "1", "0"), total=1_000, paid_elsewhere=100_000)

    assert anna.shop.rows("SELECT amount, base, points FROM activity") == [(100_000, 0, 0)]


def test_it_is_part_of_the_body_only_where_there_is_some(engine: sa.Engine) -> None:
    anna = Shop(engine).join("anna")
    anna.buy("p-1", ("COFFEE", None, "1", "600"))

    with Session(engine) as session:
        same = anna.shop.receipt("purchase", "p-1", [("COFFEE", None, "1", "600")])
        other = anna.shop.receipt(
            "purchase", "p-1", [("COFFEE", None, "1", "600")], paid_elsewhere=100
        )
        report = take_page(session, ROW_IDS, [("anna", [same, other])])

    assert (report.replayed, report.conflicts) == (1, [("till", "p-1")])


def test_who_came_with_a_file_of_members_joined_with_the_first_purchase(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-05-01 12:00")
    anna = shop.join("anna")
    anna.give(100, "2026-05-01 12:00", None, "opening")

    with Session(engine) as session:
        past = [
            shop.receipt("purchase", "p-1", [("A", None, "1", "10")], at="2026-03-01 12:00"),
            shop.receipt("purchase", "p-2", [("A", None, "1", "10")], at="2026-04-01 12:00"),
        ]
        take_page(session, ROW_IDS, [("anna", past)])
        session.commit()

    joined = "SELECT effective_from, voided_by IS NULL FROM standing_log ORDER BY effective_from"
    assert [(day, bool(holds)) for day, holds in shop.rows(joined)] == [
        ("2026-03-01", True),
        ("2026-05-01", False),
    ]
    assert shop.rows("SELECT since, decided_on FROM standing") == [("2026-03-01", "2026-03-01")]
