"""Pieces of a receipt go back in any order: never more stays than the kept goods are worth.

Without discounts among the lines the order changes nothing. With one it may: each return
takes points or none and gives nothing back, so that what an early one took stays taken.
"""

from collections.abc import Sequence
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.gamification.audit.test_audit import audit
from tests.shop import Good, Person, Shop, plain_tiers

NUMBERS = count()
Line = tuple[str, str | None, int, int]
"""sku, category, quantity, whole money of one; below zero for a discount."""
PLAIN = st.tuples(
    st.sampled_from(["coffee", "tea", "gift_cards", None]), st.integers(1, 2), st.integers(0, 700)
)
DISCOUNT = st.tuples(
    st.sampled_from(["coffee", "tea", "gift_cards", None]), st.just(1), st.integers(-500, -1)
)


def named(lines: list[tuple[str | None, int, int]]) -> list[Line]:
    return [(f"G{n}", *line) for n, line in enumerate(lines)]


PLAIN_BASKETS = st.lists(PLAIN, min_size=1, max_size=4).map(named)
BASKETS = st.lists(st.one_of(PLAIN, DISCOUNT), min_size=2, max_size=4).map(named)
RULES = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    """Rules with every kind of corner: a multiplier, a bonus, a cap, goods that earn nothing."""
    shop = Shop(engine, at="2026-03-30 12:00", tiers=plain_tiers(("base", 0, 1_000)))
    shop.rule("coffee", "multiplier", {"percent": 250, "categories": ["coffee"]})
    shop.rule("gifts", "exclusion", {"categories": ["gift_cards"]})
    shop.rule("big", "bonus", {"threshold": 60_000, "points": 17})
    shop.rule("cap", "cap", {"points": 190})
    return shop.join("anna")


def goods(lines: Sequence[Line]) -> list[Good]:
    return [(sku, kind, str(n), str(n * price)) for sku, kind, n, price in lines]


def left(anna: Person, receipt: str) -> int:
    rows = anna.shop.rows("SELECT points_left FROM activity WHERE external_id = ?", receipt)
    return int(rows[0][0])


def earned(anna: Person, lines: Sequence[Line]) -> int:
    """What these goods alone earn."""
    if not lines:
        return 0
    return int(anna.buy(f"alone{next(NUMBERS)}", *goods(lines)).answer["points"])


def after(anna: Person, lines: Sequence[Line], *returns: Sequence[Line]) -> int:
    """Points that stay of a receipt after its returns; then the rest goes back as well."""
    name = f"r{next(NUMBERS)}"
    anna.buy(name, *goods(lines))
    stays = [left(anna, name)]
    for number, part in enumerate(returns):
        anna.bring_back(f"{name}-{number}", *goods(part), of=name)
        stays.append(left(anna, name))
    assert stays == sorted(stays, reverse=True)
    if sum(n for *_, n, _ in lines) > sum(n for part in returns for *_, n, _ in part):
        anna.bring_back(f"{name}-rest", of=name, whole=True, total="0")
    assert left(anna, name) == 0
    return stays[-1]


def units(lines: Sequence[Line]) -> list[Line]:
    return [(sku, kind, 1, price) for sku, kind, n, price in lines for _ in range(n)]


def without(lines: Sequence[Line], gone: Sequence[Line]) -> list[Line]:
    """The lines that are kept."""
    took = [sku for sku, *_ in gone]
    kept = [(sku, kind, n - took.count(sku), price) for sku, kind, n, price in lines]
    return [line for line in kept if line[2]]


@RULES
@given(lines=PLAIN_BASKETS, chance=st.data())
def test_without_discounts_only_what_is_kept_matters(
    anna: Person, lines: list[Line], chance: st.DataObject
) -> None:
    order = chance.draw(st.permutations(units(lines)))
    gone = order[: chance.draw(st.integers(1, len(order)))]
    again = chance.draw(st.permutations(gone))

    worth = earned(anna, without(lines, gone))

    assert after(anna, lines, *([one] for one in gone)) == worth
    assert after(anna, lines, *([one] for one in again)) == worth
    assert [f for f in audit(anna.shop).findings if f.count] == []


@RULES
@given(lines=BASKETS, chance=st.data())
def test_with_discounts_never_more_stays_than_the_kept_goods_earn(
    anna: Person, lines: list[Line], chance: st.DataObject
) -> None:
    assume(sum(n * price for *_, n, price in lines) >= 0)
    order = chance.draw(st.permutations(units(lines)))
    gone = order[: chance.draw(st.integers(1, len(order)))]

    worth = min(earned(anna, without(lines, gone)), earned(anna, lines))

    assert after(anna, lines, gone) == worth
    assert after(anna, lines, *([one] for one in gone)) <= worth
    assert [f for f in audit(anna.shop).findings if f.count] == []


def test_the_order_of_returns_shows_where_a_discount_goes_back(anna: Person) -> None:
    """1,000 + 500 less 300 earn 120. Of the 500 alone 50 stay, or what was left before: 20."""
    cup, mug, less = ("CUP", None, 1, 1000), ("MUG", None, 1, 500), ("LESS", None, 1, -300)
    basket = [cup, mug, less]
    assert earned(anna, basket) == 120 + 17

    together = after(anna, basket, [cup, less])
    discount_first = after(anna, basket, [less], [cup])
    discount_last = after(anna, basket, [cup], [less])

    assert (together, discount_first, discount_last) == (50, 50, 20)
