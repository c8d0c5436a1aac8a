"""Semantics 1 and 2: lots that burn, and points on the way."""

import pytest
import sqlalchemy as sa

from gamification.commands.clockwork import expire_points
from tests.shop import Person, Shop, plain_tiers


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    """Three lots: C 50 until 28 Feb, A 100 until 31 Mar, B 200 until 30 Jun."""
    anna = Shop(engine, at="2026-02-15 12:00").join("anna")
    anna.give(100, "2026-01-01", "2026-04-01", "A")
    anna.give(200, "2026-01-01", "2026-07-01", "B")
    anna.give(50, "2026-01-01", "2026-03-01", "C")
    return anna


def remaining(anna: Person) -> dict[int, int]:
    return dict(anna.shop.rows("SELECT amount, remaining FROM lot"))


def test_the_soonest_to_burn_is_spent_first(anna: Person) -> None:
    before = anna.balance()
    anna.shop.at = "2026-02-20 12:00"

    anna.pay(120, "spend")

    assert (before, anna.balance()) == (350, 230)
    assert remaining(anna) == {50: 0, 100: 30, 200: 200}


def test_what_lapses_is_gone_at_its_instant_whenever_it_is_booked(anna: Person) -> None:
    anna.shop.at = "2026-02-20 12:00"
    anna.pay(120, "spend")
    by_the_clock = anna.balance("2026-04-01 00:00")

    with anna.shop.world("2026-04-04 03:00") as world:
        expire_points(world)

    assert by_the_clock == 200
    assert anna.balance("2026-04-04 04:00") == 200
    assert anna.balance("2026-03-31 23:59") == 200
    booked = anna.shop.rows("SELECT points, occurred_at FROM transfer WHERE kind = 'expiry'")
    assert [points for points, _ in booked] == [30]
    assert booked[0][1] == anna.shop.rows("SELECT expires_at FROM lot WHERE amount = 100")[0][0]


def test_a_lot_without_end_is_used_last_and_equals_go_by_age(engine: sa.Engine) -> None:
    anna = Shop(engine).join("anna")
    anna.give(10, "2025-12-01", None, "for ever")
    anna.give(20, "2025-12-02", "2026-06-01", "younger")
    anna.give(30, "2025-12-01", "2026-06-01", "older")

    anna.pay(45, "spend")

    assert remaining(anna) == {10: 10, 20: 5, 30: 0}


def test_points_ripen_at_midnight_and_burn_at_the_end_of_a_day(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-05-01 15:00", columns={"pending_days": 14, "expiry_months": 3})
    anna = shop.join("anna")
    anna.spend_money("r", "3000")
    shop.at = "2026-05-10 12:00"
    anna.bring_back("b", ("GOODS", None, "1", "1000"), now=shop.at, of=None)
    unmatched = anna.pending()

    assert (anna.balance("2026-05-14 23:59"), unmatched) == (0, 150)
    assert (anna.balance("2026-05-15 00:00"), anna.pending("2026-05-15 00:00")) == (150, 0)
    assert (anna.balance("2026-08-15 23:59"), anna.balance("2026-08-16 00:00")) == (150, 0)


def test_a_return_inside_the_window_shrinks_what_is_on_the_way(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-05-01 15:00", tiers=plain_tiers(("only", 0, 500)))
    anna = shop.join("anna")
    anna.buy("r", ("CUP", None, "3", "3000"))
    shop.at = "2026-05-10 12:00"

    anna.bring_back("b", ("CUP", None, "1", "1000"), of="r")

    assert (anna.balance(), anna.pending()) == (0, 100)
    assert (anna.balance("2026-05-15 00:00"), anna.pending("2026-05-15 00:00")) == (100, 0)
