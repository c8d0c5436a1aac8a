"""Semantics 3: a partial return, with its medal and its tier, number for number."""

import json

import pytest
import sqlalchemy as sa

from gamification.achievements.publishing import publish_medal
from gamification.audit.run import run_audit
from gamification.commands.intake import take_page
from gamification.commands.owner import touch_definitions
from gamification.measures.catalogue import Count, Where
from gamification.refusals import ReturnsTooMuch
from tests.shop import Person, Shop, plain_tiers

COFFEE = ("COFFEE", "coffee", "2", "1200")
MUG = ("MUG", "mugs", "1", "1800")
GIFT = ("GIFT", "gift_cards", "1", "1000")
TIERS = plain_tiers(("bronze", 0, 500), ("silver", 5_000, 500))


def open_shop(engine: sa.Engine, **columns: object) -> tuple[Shop, Person]:
    shop = Shop(engine, at="2026-03-01 12:00", tiers=TIERS, columns=columns)
    shop.rule("coffee_twice", "multiplier", {"percent": 200, "categories": ["coffee"]})
    shop.rule("no_gift_cards", "exclusion", {"categories": ["gift_cards"]})
    shop.rule("big_receipt", "bonus", {"threshold": 250_000, "points": 100})
    with shop.world() as world:
        beans = Count(unit="quantity", where=Where(categories=("coffee",)))
        publish_medal(
            world,
            code="bean_lover",
            spec=beans,
            levels=[(5, 50)],
            position=99,
            on_reversal="revoke_if_below",
        )
        touch_definitions(world)
    anna = shop.join("anna")
    anna.give(300, "2026-02-01", None, "old")
    anna.buy("before", ("COFFEE", "coffee", "3", "1800"), ("TEA", "tea", "1", "600"))
    return shop, anna


def buy_it_all(anna: Person) -> int:
    anna.shop.at = "2026-03-02 12:00"
    return int(anna.buy("r1", COFFEE, MUG, GIFT, points_paid=300).answer["points"])


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    return open_shop(engine)[1]


def test_it_earns_339_and_lifts_to_silver(anna: Person) -> None:
    earned = buy_it_all(anna)

    lines = anna.shop.rows(
        "SELECT l.sku, l.paid, l.base FROM activity_line l JOIN activity a ON a.id = l.activity_id"
        " WHERE a.external_id = 'r1' ORDER BY l.line_no"
    )
    assert earned == 339
    assert lines == [("COFFEE", 12_000, 108_000), ("MUG", 18_000, 162_000), ("GIFT", 0, 0)]
    assert "bean_lover" in anna.medals()
    assert anna.tier() == "silver"


def test_returning_the_mug_takes_181_and_gives_180_back(anna: Person) -> None:
    buy_it_all(anna)
    anna.shop.at = "2026-03-08 12:00"

    answer = anna.bring_back("b1", MUG, of="r1").answer

    assert (answer["points_back"], answer["clawed_back"]) == (180, 181)
    assert anna.tier() == "bronze"
    assert "bean_lover" in anna.medals()
    assert left_of_the_earned(anna) == 158


def left_of_the_earned(anna: Person) -> int:
    """What is left of receipt r1's points and its medal's."""
    rows = anna.shop.rows(
        "SELECT SUM(l.remaining) FROM lot l LEFT JOIN activity a ON a.id = l.cause_id"
        " WHERE a.external_id = 'r1' OR (a.id IS NULL AND l.cause_id IS NOT NULL)"
    )
    return int(rows[0][0])


def test_then_a_pack_of_coffee_takes_54_and_the_medal_with_its_50(anna: Person) -> None:
    buy_it_all(anna)
    anna.shop.at = "2026-03-08 12:00"
    anna.bring_back("b1", MUG, of="r1")

    answer = anna.bring_back("b2", ("COFFEE", "coffee", "1", "600"), of="r1").answer

    assert answer["points_back"] == 60
    assert answer["clawed_back"] == 54 + 50
    assert "bean_lover" not in anna.medals()
    assert spent_in_window(anna) == 294_000


def spent_in_window(anna: Person) -> int:
    return int(anna.shop.rows("SELECT SUM(value) FROM day_sum WHERE member_id = ?", anna.id)[0][0])


def test_spend_in_the_window_after_the_mug_is_3480(anna: Person) -> None:
    buy_it_all(anna)
    assert spent_in_window(anna) == 510_000

    anna.bring_back("b1", MUG, of="r1")

    assert spent_in_window(anna) == 348_000


def test_three_units_that_earned_100_give_back_34_33_33(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=plain_tiers(("only", 0, 1_000)))
    anna = shop.join("anna")
    earned = anna.buy("r", ("X", None, "3", "1000")).answer["points"]

    taken = [
        anna.bring_back(f"b{n}", ("X", None, "1", "333.33"), of="r").answer["clawed_back"]
        for n in range(3)
    ]

    assert (earned, taken) == (100, [34, 33, 33])


@pytest.mark.parametrize(
    ("policy", "taken", "written_off", "owed", "after_200"),
    [
        ("only_pending", 0, 181, 0, 240),
        ("within_balance", 40, 141, 0, 200),
        ("unlimited", 40, 0, 141, 59),
    ],
)
def test_a_balance_of_40_meets_a_clawback_of_181(
    engine: sa.Engine, policy: str, taken: int, written_off: int, owed: int, after_200: int
) -> None:
    shop, anna = open_shop(engine, negative_policy=policy, pending_days=0)
    shop.at = "2026-03-02 12:00"
    anna.buy("r1", ("COFFEE", "coffee", "2", "1080"), ("MUG", "mugs", "1", "1620"))
    anna.pay(anna.balance() - 40, "elsewhere")

    anna.bring_back("b1", ("MUG", "mugs", "1", "1620"), of="r1")

    assert [moved(anna, kind) for kind in ("clawback", "writeoff", "debt")] == [
        taken,
        written_off,
        owed,
    ]
    anna.buy("next", ("COFFEE", "coffee", "1", "2000"))
    assert anna.balance() == after_200


def moved(anna: Person, kind: str) -> int:
    rows = anna.shop.rows("SELECT COALESCE(SUM(points), 0) FROM transfer WHERE kind = ?", kind)
    return int(rows[0][0])


def test_refunded_points_are_there_before_a_clawback_looks_for_them(engine: sa.Engine) -> None:
    _shop, anna = open_shop(engine, pending_days=0)
    buy_it_all(anna)
    anna.pay(anna.balance() - 40, "elsewhere")

    anna.bring_back("b1", MUG, of="r1")

    assert anna.balance() == 40 + 180 - 181


def test_a_new_rate_between_purchase_and_return_changes_no_number(anna: Person) -> None:
    buy_it_all(anna)
    anna.shop.rule(
        "tier_rate",
        "tier_rate",
        {"rates": {"bronze": 1_000, "silver": 1_000}},
        since="2026-03-03 00:00",
    )
    anna.shop.at = "2026-03-08 12:00"

    answer = anna.bring_back("b1", MUG, of="r1").answer

    assert (answer["points_back"], answer["clawed_back"]) == (180, 181)


def test_the_same_return_again_changes_nothing(anna: Person) -> None:
    buy_it_all(anna)
    first = anna.bring_back("b1", MUG, of="r1")
    before = anna.shop.rows("SELECT id, remaining FROM lot ORDER BY id")

    again = anna.bring_back("b1", MUG, of="r1")

    assert (again.status, again.answer) == ("replayed", first.answer)
    assert anna.shop.rows("SELECT id, remaining FROM lot ORDER BY id") == before


def test_returning_two_mugs_is_refused(anna: Person) -> None:
    buy_it_all(anna)

    with pytest.raises(ReturnsTooMuch):
        anna.bring_back("b1", ("MUG", "mugs", "2", "3600"), of="r1")


def test_no_more_money_comes_back_than_the_goods_cost(anna: Person) -> None:
    anna.buy("r1", ("TEA", "tea", "10", "1000"))

    with pytest.raises(ReturnsTooMuch):
        anna.bring_back("b1", ("TEA", "tea", "1", "900"), of="r1")
    anna.bring_back("b2", ("TEA", "tea", "1", "100.01"), of="r1")
    anna.bring_back("b3", of="r1", whole=True, total="0")

    assert money_back(anna) == 100_000
    assert spent_in_window(anna) == 240_000  # what she had spent before


def test_delivery_comes_back_once(anna: Person) -> None:
    anna.buy("r1", ("TEA", "tea", "10", "1000"), total="1200")
    tea = ("TEA", "tea", "1", "100")

    anna.bring_back("b1", tea, of="r1", total="250")
    with pytest.raises(ReturnsTooMuch):
        anna.bring_back("b2", tea, of="r1", total="151")
    anna.bring_back("b3", of="r1", whole=True, total="0")

    assert money_back(anna) == 120_000


def money_back(anna: Person) -> int:
    return -int(anna.shop.rows("SELECT SUM(amount) FROM activity WHERE type = 'return'")[0][0])


def discounted(engine: sa.Engine) -> Person:
    """Tea counts more than three times, and a discount lies on it."""
    shop = Shop(engine, tiers=plain_tiers(("only", 0, 1_000)), columns={"pending_days": 0})
    shop.rule("tea", "multiplier", {"percent": 333, "categories": ["tea"]})
    return shop.join("anna")


TEA_DISCOUNT = ("T", "tea", "1", "-200")


def test_a_discount_that_outweighs_the_goods_takes_no_points(engine: sa.Engine) -> None:
    anna = discounted(engine)

    answer = anna.buy("r1", TEA_DISCOUNT, ("C", "cups", "1", "300")).answer

    assert (answer["points"], anna.balance()) == (0, 0)
    judged = anna.shop.rows("SELECT judged FROM activity WHERE external_id = 'r1'")[0][0]
    trace = (json.loads(judged) if isinstance(judged, str) else judged)["trace"]
    assert trace[-1] == {"code": "floor", "points": 3_700}
    assert sum(line.get("points", 0) for line in trace) == 0


def test_what_is_kept_of_a_purchase_never_counts_less_than_nothing(engine: sa.Engine) -> None:
    anna = discounted(engine)
    anna.buy("r1", TEA_DISCOUNT, ("C", "cups", "1", "900"))
    assert anna.balance() == 23

    answer = anna.bring_back("b1", ("C", "cups", "0.5", "450"), of="r1").answer

    assert (answer["clawed_back"], anna.balance()) == (23, 0)


def test_two_returns_of_a_paid_purchase_in_one_file(engine: sa.Engine) -> None:
    """60 of the lot that burns first and 40 of the other were paid; each gets its own back."""
    shop = Shop(engine, columns={"pending_days": 0, "pay_share": 100})
    anna = shop.join("anna")
    anna.give(60, "2026-01-01", "2026-06-01", "first")
    anna.give(40, "2026-01-01", "2026-07-01", "later")
    anna.buy("r1", ("CUP", None, "5", "500"), points_paid=100)
    back = [
        shop.receipt("return", f"b{n}", [("CUP", None, n, f"{n}00")], names_id="r1")
        for n in ("2", "3")
    ]

    with shop.world() as world:
        report = take_page(world.session, world.ids, [("anna", back)], brought=world.now)

    assert (report.recorded, report.refused) == (2, [])
    assert [anna.balance(f"2026-0{month}-01 00:00") for month in (5, 6, 7)] == [100, 40, 0]
    given = "SELECT amount, remaining FROM lot WHERE cause_id IS NULL ORDER BY id"
    assert shop.rows(given) == [(60, 60), (40, 40)]
    with shop.world() as world:
        assert run_audit(world, full=True).is_clean


@pytest.mark.parametrize("asked", ["1000", "500"])
@pytest.mark.parametrize("lines", [("500", "1000"), ("1000", "500")])
def test_one_good_at_two_prices_goes_back_at_its_own(
    engine: sa.Engine, lines: tuple[str, str], asked: str
) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("p", *(("X", None, "1", money) for money in lines))
    anna.bring_back("r", ("X", None, "1", asked), of="p")

    left = "SELECT amount FROM activity_line WHERE quantity_left > 0"
    assert shop.rows(left) == [(150_000 - int(asked) * 100,)]
    assert anna.pending() == 75 - int(asked) // 20


def test_a_third_of_a_sum_is_found_at_its_rounded_price(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    anna, boris = shop.join("anna"), shop.join("boris")
    for who, money in ((anna, "333.33"), (boris, "333.31")):
        who.buy(f"p-{who.name}", ("X", None, "3", "1000"))
        who.bring_back(f"r-{who.name}", ("X", None, "1", money))

    assert (anna.pending(), boris.pending()) == (33, 50)
