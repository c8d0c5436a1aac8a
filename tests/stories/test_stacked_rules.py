"""Semantics 5: rules stacked on one basket, number for number, however many there are."""

import json
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

import gamification.reactions
from gamification.audit.run import run_audit
from gamification.earning.rules import Context
from gamification.store import Store, compact_json
from tests.shop import Person, Shop, plain_tiers

TENTH = plain_tiers(("gold", 0, 1_000))
TWENTIETH = plain_tiers(("bronze", 0, 500))


def open_shop(engine: sa.Engine, *percents: int, combine: str = "multiply") -> Person:
    """A member of a shop whose rules multiply everything by some per cents, in this order."""
    shop = Shop(engine, at="2026-03-01 12:00", tiers=TWENTIETH, columns={"combine": combine})
    for number, percent in enumerate(percents):
        shop.rule(f"more{number}", "multiplier", {"percent": percent})
    return shop.join("anna")


def is_clean(shop: Shop) -> bool:
    with shop.world() as world:
        return run_audit(world, full=True).is_clean


@pytest.mark.parametrize(("combine", "points"), [("add", 575), ("multiply", 1_050), ("best", 400)])
@pytest.mark.parametrize("cap", [None, 500])
def test_coffee_and_tea_in_the_happy_hour(
    engine: sa.Engine, combine: str, points: int, cap: int | None
) -> None:
    shop = Shop(engine, at="2026-03-01 12:00", tiers=TENTH, columns={"combine": combine})
    shop.rule("coffee", "multiplier", {"percent": 300, "categories": ["coffee"]})
    shop.rule("happy_hour", "multiplier", {"percent": 200})
    shop.rule("gold", "multiplier", {"percent": 150})
    if cap:
        shop.rule("cap", "cap", {"points": cap})
    anna = shop.join("anna")

    bought = anna.buy("r1", ("C", "coffee", "1", "1000"), ("T", "tea", "1", "500"))

    assert bought.answer["points"] == min(points, cap or points)
    assert is_clean(shop)


@pytest.mark.parametrize(
    ("percents", "points"),
    [((125, 150), 937), ((125, 125, 125), 976), ((133, 133, 133, 133), 1_564)],
)
def test_a_product_is_rounded_once(
    engine: sa.Engine, percents: tuple[int, ...], points: int
) -> None:
    """5 % of 10,000 are 500; 1.25 x 1.5 of them are 937.5."""
    anna = open_shop(engine, *percents)

    assert anna.spend_money("r1", "10000").answer["points"] == points

    trace = judged(anna)["trace"]
    assert sum(line.get("points", 0) for line in trace) == points * 100
    assert is_clean(anna.shop)


def test_the_order_of_rules_changes_no_product(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00", tiers=TWENTIETH, columns={"combine": "multiply"})
    anna, told = shop.join("anna"), []
    for place, percents in enumerate(permutations((101, 133, 250))):
        for number, percent in enumerate(percents):
            shop.rule(f"more{number}", "multiplier", {"percent": percent})
        told.append(anna.spend_money(f"r{place}", "9999").answer["points"])

    assert told == [1_678] * 6


def test_a_product_of_before_is_judged_as_it_was(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1.25 x 1.5 was 187 per cent once: 935, and 467 for half of the goods, not 468."""
    anna = open_shop(engine, 125, 150)
    with monkeypatch.context() as then:
        then.setattr(gamification.reactions, "Context", as_it_was)
        assert anna.buy("r1", ("CUP", None, "2", "10000")).answer["points"] == 935
    forget_the_mark(anna)
    assert is_clean(anna.shop)

    half = anna.bring_back("b1", ("CUP", None, "1", "5000"), of="r1").answer
    assert half["clawed_back"] == 468
    assert is_clean(anna.shop)
    assert anna.bring_back("b2", of="r1", whole=True, total="0").answer["clawed_back"] == 467
    assert is_clean(anna.shop)


def test_a_correction_of_a_product_of_before_is_judged_as_it_was(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = open_shop(engine, 125, 150)
    with monkeypatch.context() as then:
        then.setattr(gamification.reactions, "Context", as_it_was)
        anna.spend_money("r1", "5000")
    forget_the_mark(anna)

    corrected = anna.spend_money("r2", "10000", names_id="r1")

    assert corrected.answer["points"] == 935 - 467
    assert anna.pending() == 935
    assert is_clean(anna.shop)


def as_it_was(*context: Any) -> Context:
    """The context of a receipt judged when each product was rounded to a whole per cent."""
    return Context(*context[:-1], "multiply_whole")


def judged(anna: Person) -> dict[str, Any]:
    kept = anna.shop.rows("SELECT judged FROM activity WHERE external_id = 'r1'")[0][0]
    return dict(json.loads(kept) if isinstance(kept, str) else kept)


def forget_the_mark(anna: Person) -> None:
    """Receipts of then said no more than that the programme multiplies."""
    then = judged(anna) | {"combine": "multiply"}
    assert "exact" not in then
    with anna.shop.world() as world:
        sql = "UPDATE activity SET judged = ? WHERE external_id = 'r1'"
        Store(world.connection).run(sql, compact_json(then))
