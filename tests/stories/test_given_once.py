"""What was given and spent is not given again for the same medal or the same purchase."""

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.clockwork import expire_points
from gamification.measures.catalogue import Count
from gamification.refusals import ShareTooHigh
from tests.shop import Person, Shop, plain_tiers


def no_rates(engine: sa.Engine, policy: str) -> Shop:
    columns = {"pending_days": 0, "negative_policy": policy}
    shop = Shop(engine, at="2026-03-01 12:00", columns=columns, tiers=plain_tiers(("base", 0, 0)))
    shop.medal("one", Count(), at=1, points=50)
    return shop


def is_clean(shop: Shop) -> bool:
    with shop.world() as world:
        return run_audit(world, full=True).is_clean


def spend_all(who: Person, name: str) -> int:
    points = who.balance()
    if points:
        who.pay(points, name)
    return points


@pytest.mark.parametrize("policy", ["within_balance", "only_pending", "unlimited"])
def test_a_medal_lost_and_earned_again_pays_once(engine: sa.Engine, policy: str) -> None:
    shop = no_rates(engine, policy)
    anna = shop.join("anna")
    spent = 0
    for n in range(1, 4):
        shop.at = f"2026-03-0{n} 12:00"
        anna.spend_money(f"p{n}", "100")
        spent += spend_all(anna, f"s{n}")
        anna.bring_back(f"r{n}", of=f"p{n}", whole=True, total="0")

    assert spent == 50
    assert is_clean(shop)


def test_what_was_taken_back_of_a_medal_is_given_again(engine: sa.Engine) -> None:
    shop = no_rates(engine, "within_balance")
    anna = shop.join("anna")
    anna.spend_money("p1", "100")
    anna.pay(30, "s1")
    anna.bring_back("r1", of="p1", whole=True, total="0")
    lost = anna.balance()
    anna.spend_money("p2", "100")
    again = anna.balance()
    anna.bring_back("r2", of="p2", whole=True, total="0")

    assert (lost, again, anna.balance()) == (0, 20, 0)
    given = "SELECT status, times, held FROM award WHERE held > 0"
    assert shop.rows(given) == [("revoked", 2, 30)]
    assert is_clean(shop)


@pytest.mark.parametrize("policy", ["within_balance", "only_pending", "unlimited"])
def test_a_purchase_corrected_down_and_up_earns_once(engine: sa.Engine, policy: str) -> None:
    columns = {"pending_days": 0, "negative_policy": policy}
    shop = Shop(engine, at="2026-03-01 12:00", columns=columns)
    anna = shop.join("anna")
    anna.spend_money("a", "2000")
    anna.pay(100, "s")
    anna.spend_money("b", "1", names_id="a")
    anna.spend_money("c", "1000", names_id="b")
    halfway = anna.balance()
    anna.spend_money("d", "2400", names_id="c")

    assert (halfway, anna.balance()) == (0, 20)
    assert is_clean(shop)


def test_points_pay_no_more_than_the_goods_they_may_pay(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    shop.rule("gifts", "exclusion", {"categories": ["gift"]})
    anna = shop.join("anna")
    anna.give(1000, "2026-01-01 00:00", None, "n")

    with pytest.raises(ShareTooHigh) as refused:
        anna.buy("p", ("G", "gift", "1", "1000"), ("M", None, "1", "100"), points_paid=101)
    anna.buy("p", ("G", "gift", "1", "1000"), ("M", None, "1", "100"), points_paid=100)

    assert refused.value.values["most"] == 100
    assert shop.rows("SELECT sku, paid FROM activity_line ORDER BY sku") == [("G", 0), ("M", 10000)]


def test_points_go_back_to_what_lasts_longest(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.give(60, "2026-01-01 00:00", "2026-07-01 00:00", "burns")
    anna.give(40, "2026-01-01 00:00", None, "lasts")
    anna.buy("p", ("X", None, "2", "1000"), points_paid=100)
    anna.bring_back("r", ("X", None, "1", "450"), of="p")

    lots = "SELECT amount, remaining FROM lot WHERE cause_id IS NULL ORDER BY amount"
    assert shop.rows(lots) == [(40, 40), (60, 10)]
    assert is_clean(shop)


@pytest.mark.parametrize("policy", ["within_balance", "unlimited"])
@pytest.mark.parametrize("booked", [True, False])
def test_what_lapsed_is_taken_from_nothing_else(
    engine: sa.Engine, policy: str, booked: bool
) -> None:
    columns = {"pending_days": 0, "expiry_months": 1, "negative_policy": policy}
    shop = Shop(engine, at="2026-01-01 12:00", columns=columns)
    anna = shop.join("anna")
    anna.buy("a", ("X", None, "2", "2000"))
    anna.pay(30, "s")
    shop.at = "2026-02-10 12:00"
    if booked:
        with shop.world() as world:
            expire_points(world)
    anna.spend_money("b", "2000")
    anna.bring_back("ra", ("X", None, "1", "1000"), of="a")
    half = anna.balance()
    anna.bring_back("rb", ("X", None, "1", "1000"), of="a")
    with shop.world() as world:
        expire_points(world)

    assert (half, anna.balance()) == (100, 70)
    assert is_clean(shop)
