"""Money beyond the goods of a receipt (delivery) goes back once, with its points."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.intake import take_page
from gamification.refusals import ReceiptClosed, ReturnsTooMuch
from gamification.store import Store
from tests.shop import Good, Person, Shop

TWO_CUPS = ("CUP", None, "2", "1000")
ONE_CUP = ("CUP", None, "1", "500")


def of_receipt(anna: Person) -> tuple[Any, ...]:
    """State, kept money, kept earning money and points of receipt r1."""
    sql = (
        "SELECT state, amount_left, base_left, points_left FROM activity"
        " WHERE external_id = 'r1' AND type = 'purchase'"
    )
    return anna.shop.rows(sql)[0]


@pytest.mark.parametrize("by_file", [False, True])
def test_half_of_the_delivery_then_the_rest_whole(engine: sa.Engine, by_file: bool) -> None:
    """1,000 of goods and 100 for delivery: what went back is subtracted once, and on its day."""
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("r1", TWO_CUPS, total="1100")
    shop.at = "2026-03-05 12:00"

    back(anna, by_file, "b1", ONE_CUP, total="550")
    assert of_receipt(anna) == ("partly_returned", 55_000, 55_000, 27)
    assert spent_by_day(anna) == {"2026-03-01": 55_000}

    back(anna, by_file, "b2", whole=True, total="0")
    assert of_receipt(anna) == ("returned", 0, 0, 0)
    assert spent_by_day(anna) == {}
    assert money_back(anna) == 110_000
    assert is_clean(shop)


@pytest.mark.parametrize("by_file", [False, True])
def test_pieces_with_their_delivery_are_the_whole(engine: sa.Engine, by_file: bool) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("r1", TWO_CUPS, total="1100")

    for number in (1, 2):
        back(anna, by_file, f"b{number}", ONE_CUP, total="550")

    assert of_receipt(anna) == ("returned", 0, 0, 0)
    assert spent_by_day(anna) == {}
    assert anna.pending() == 0
    assert is_clean(shop)


def test_delivery_alone_comes_back_once(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("r1", TWO_CUPS, total="1100")

    anna.bring_back("b1", of="r1", total="100")

    assert of_receipt(anna) == ("partly_returned", 100_000, 100_000, 50)
    with pytest.raises(ReturnsTooMuch):
        anna.bring_back("b2", of="r1", total="100")
    assert spent_by_day(anna) == {"2026-03-01": 100_000}
    assert is_clean(shop)


@pytest.mark.parametrize("by_file", [False, True])
def test_a_fee_on_the_goods_does_not_hide_their_delivery(engine: sa.Engine, by_file: bool) -> None:
    """450 for a cup of 500, and 50 of its delivery: the shop kept a fee, the window knows none."""
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("r1", TWO_CUPS, total="1100")
    shop.at = "2026-03-05 12:00"

    back(anna, by_file, "b1", ("CUP", None, "1", "450"), total="500")
    assert spent_by_day(anna) == {"2026-03-01": 55_000}

    back(anna, by_file, "b2", whole=True, total="0")
    assert spent_by_day(anna) == {}
    assert is_clean(shop)


def test_the_audit_sees_more_delivery_back_than_there_was(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("r1", TWO_CUPS, total="1100")
    anna.bring_back("b1", ONE_CUP, of="r1", total="600")
    assert is_clean(shop)

    with shop.world() as world:
        sql = "UPDATE return_match SET amount = amount + 1 WHERE purchase_line_no = 0"
        Store(world.connection).run(sql)

    with shop.world() as world:
        found = run_audit(world, full=True).findings
    assert {finding.id: finding.count for finding in found}["R3"] == 1


def test_a_receipt_of_a_total_alone_goes_back_in_parts(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("r1", total="1000")

    taken = [
        anna.bring_back(f"b{number}", of="r1", total=part).answer["clawed_back"]
        for number, part in enumerate(("310", "310", "380"))
    ]

    assert taken == [16, 15, 19]
    assert of_receipt(anna) == ("returned", 0, 0, 0)
    with pytest.raises(ReceiptClosed):
        anna.bring_back("b4", of="r1", total="1")
    assert is_clean(shop)


def test_points_that_paid_for_delivery_come_back_with_it(engine: sa.Engine) -> None:
    """110 points paid a part of 1,100: 100 of the cups, 10 of their delivery."""
    shop = Shop(engine, at="2026-03-01 12:00", columns={"pay_share": 100})
    anna = shop.join("anna")
    anna.give(110, "2026-01-01", "2026-06-01", "first")
    anna.buy("r1", TWO_CUPS, total="1100", points_paid=110)
    assert of_receipt(anna) == ("counted", 110_000, 99_000, 49)

    given = [
        anna.bring_back("b1", ONE_CUP, of="r1", total="550").answer["points_back"],
        anna.bring_back("b2", ONE_CUP, of="r1", total="550").answer["points_back"],
    ]

    assert given == [55, 55]
    assert of_receipt(anna) == ("returned", 0, 0, 0)
    assert is_clean(shop)


def test_a_return_of_before_leaves_what_it_had_beyond_its_goods(engine: sa.Engine) -> None:
    """Rows from when such money stood on the return itself: it is not to be had once more."""
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("r1", TWO_CUPS, total="1100")
    anna.bring_back("b1", ONE_CUP, of="r1", total="550")
    with shop.world() as world:
        store = Store(world.connection)
        store.run("DELETE FROM return_match WHERE line_no = 0")
        store.run(
            "UPDATE activity SET amount_left = 60000, base_left = 60000, points_left = 30"
            " WHERE type = 'purchase'"
        )
        store.run(
            "UPDATE activity SET amount_left = -5000, base_left = -5000 WHERE type = 'return'"
        )

    with pytest.raises(ReturnsTooMuch):
        anna.bring_back("b2", ONE_CUP, of="r1", total="551")
    anna.bring_back("b3", of="r1", whole=True, total="0")

    assert money_back(anna) == 110_000


def back(anna: Person, by_file: bool, name: str, *goods: Good, **more: Any) -> None:
    """A return of receipt r1, told by the till or brought by a file."""
    receipt = anna.shop.receipt("return", name, list(goods), names_id="r1", **more)
    if not by_file:
        anna.tell(receipt)
        return
    with anna.shop.world() as world:
        page = take_page(world.session, world.ids, [(anna.name, [receipt])], brought=world.now)
    assert (page.recorded, page.refused) == (1, [])


def spent_by_day(anna: Person) -> dict[str, int]:
    """Kept spend by local day, where there is any."""
    sql = "SELECT day, value FROM day_sum WHERE member_id = ? AND value <> 0"
    return {str(day): value for day, value in anna.shop.rows(sql, anna.id)}


def is_clean(shop: Shop) -> bool:
    with shop.world() as world:
        return run_audit(world, full=True).is_clean


def money_back(anna: Person) -> int:
    return -int(anna.shop.rows("SELECT SUM(amount) FROM activity WHERE type = 'return'")[0][0])
