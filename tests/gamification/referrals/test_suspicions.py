"""Each rule by plain facts: what makes it fire, and what just does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gamification.referrals.suspicions import (
    RULES,
    Came,
    Facts,
    Ring,
    Shared,
    Signal,
    action_for,
    plain_reason,
    verdict_of,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SOON = timedelta(hours=3)
DAY = 738_000


def fires(code: str, facts: Facts, **settings: int) -> dict[str, Any] | None:
    rule = RULES[code]
    shipped = {name: bound.shipped for name, bound in rule.settings.items()}
    return rule.judge(facts, shipped | settings)


ODD = {
    "same_person": (
        Facts(shared=(Shared("email", SOON), Shared("card", SOON), Shared("network", SOON))),
        {"kinds": ["card", "email"]},
    ),
    "not_new": (
        Facts(known_by=("phone",), known_bought=True),
        {"kinds": ["phone"], "bought": True},
    ),
    "ring": (Facts(ring=Ring(4, "phone", True)), {"steps": 4, "kind": "phone", "closing": True}),
    "excluded_goods": (Facts(basket=1_000, excluded=501), {"percent": 50}),
    "staff_referrer": (
        Facts(works_here=True, rang_up=True, operator="olga"),
        {"rang_up": True, "operator": "olga"},
    ),
    "paid_search": (Facts(paid_search=True), {}),
    "idle_friends": (
        Facts(
            minimum=50_000,
            came=(*[Came(55_000, 30, again=False)] * 5, Came(99_000, 30, again=True)),
        ),
        {"idle": 5, "of": 6},
    ),
    "cashier_pattern": (
        Facts(operator="olga", operator_day="2026-03-10", operator_firsts=6),
        {"operator": "olga", "day": "2026-03-10", "times": 6},
    ),
    "return_rate": (Facts(firsts=(True, True, False, False, False)), {"returned": 2, "of": 5}),
    "burst": (Facts(bound_day=DAY, binds=(DAY,) * 6), {"day": 6, "week": 6}),
    "same_device": (Facts(shared=(Shared("device", timedelta(days=9)),)), {"days": 9}),
    "same_till": (
        Facts(till_apart=timedelta(minutes=10), store="north"),
        {"store": "north", "minutes": 10},
    ),
    "disposable_email": (Facts(mail_domain="inbox.yopmail.com"), {"domain": "yopmail.com"}),
    "near_minimum": (
        Facts(minimum=50_000, basket=52_500, baskets=(52_500, 50_000, 51_000, 90_000)),
        {"times": 3},
    ),
    "same_network": (Facts(shared=(Shared("network", SOON),)), {"hours": 3}),
}
PLAIN = {
    "same_person": Facts(shared=(Shared("device", SOON), Shared("network", SOON))),
    "not_new": Facts(known_by=()),
    "ring": Facts(ring=None),
    "excluded_goods": Facts(basket=1_000, excluded=500),
    "staff_referrer": Facts(operator="olga"),
    "paid_search": Facts(),
    "idle_friends": Facts(
        minimum=50_000,
        came=(
            *[Came(55_000, 30, again=False)] * 4,
            Came(55_001, 30, again=False),
            *[Came(55_000, 29, again=False)] * 9,
        ),
    ),
    "cashier_pattern": Facts(operator="olga", operator_firsts=5),
    "return_rate": Facts(firsts=(True, True, True, True)),
    "burst": Facts(
        bound_day=DAY,
        binds=(*[DAY] * 5, *[DAY - 1] * 5, *[DAY + 1] * 5, *[DAY + 3] * 5, *[DAY - 6] * 5),
    ),
    "same_device": Facts(shared=(Shared("network", SOON),)),
    "same_till": Facts(till_apart=timedelta(minutes=10, seconds=1), store="north"),
    "disposable_email": Facts(mail_domain="notyopmail.com"),
    "near_minimum": Facts(minimum=50_000, basket=52_500, baskets=(52_500, 52_501, 50_000)),
    "same_network": Facts(shared=(Shared("network", timedelta(hours=24, seconds=1)),)),
}


@pytest.mark.parametrize("code", RULES)
def test_a_rule_fires_on_what_is_odd_and_tells_what_it_saw(code: str) -> None:
    facts, evidence = ODD[code]

    assert fires(code, facts) == evidence


@pytest.mark.parametrize("code", RULES)
def test_a_rule_is_silent_on_what_is_nearly_odd(code: str) -> None:
    assert fires(code, PLAIN[code]) is None


def test_a_rate_of_thirty_per_cent_is_not_above_it() -> None:
    three_of_ten = (True,) * 3 + (False,) * 7

    assert fires("return_rate", Facts(firsts=three_of_ten)) is None
    assert fires("return_rate", Facts(firsts=(*three_of_ten, True))) == {"returned": 4, "of": 11}


def test_a_week_counts_wherever_it_begins() -> None:
    week = tuple(DAY + n for n in range(7) for _ in range(3))

    assert fires("burst", Facts(bound_day=DAY + 6, binds=week)) == {"day": 3, "week": 21}
    assert fires("burst", Facts(bound_day=DAY, binds=week[1:])) is None


def test_of_a_ring_only_the_closing_invitation_is_blocked_by_itself() -> None:
    assert action_for({"closing": True}, "block") == "block"
    assert action_for({"closing": False}, "block") == "hold"
    assert action_for({"closing": False}, "flag") == "flag"
    assert action_for({"kinds": ["phone"]}, "block") == "block"


def test_a_card_that_two_pay_with_blocks_nobody_by_itself() -> None:
    assert action_for({"kinds": ["payment"]}, "block") == "hold"
    assert action_for({"kinds": ["payment"]}, "flag") == "flag"
    assert action_for({"kinds": ["payment", "phone"]}, "block") == "block"


def signal(action: str, state: str = "open", days: int = 0, rule: str = "burst") -> Signal:
    return Signal(rule, action, state, NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("signals", "verdict"),
    [
        ([], "pay"),
        ([signal("flag")], "pay"),
        ([signal("flag"), signal("flag")], "hold"),
        ([signal("flag"), signal("flag", days=30)], "pay"),
        ([signal("flag"), signal("flag", "dismissed")], "pay"),
        ([signal("hold", days=300)], "hold"),
        ([signal("hold", "dismissed")], "pay"),
        ([signal("hold", "dismissed"), signal("block")], "block"),
        ([signal("block", "dismissed")], "pay"),
    ],
)
def test_two_flags_weigh_as_much_as_one_hold(signals: list[Signal], verdict: str) -> None:
    assert verdict_of(signals, NOW) == verdict


def test_a_referrer_is_told_one_of_three_reasons() -> None:
    told = {code: plain_reason([signal("block", rule=code)]) for code in RULES}

    assert {code: why for code, why in told.items() if why != "rejected"} == {
        "same_person": "same_person",
        "ring": "same_person",
        "not_new": "not_new",
    }
    both = [signal("block", rule="not_new"), signal("block", rule="same_person")]
    assert plain_reason(both) == "same_person"


def test_a_purchase_that_is_passed_over_ends_no_invitation() -> None:
    passed = signal("block", "confirmed", rule="excluded_goods")

    assert verdict_of([passed], NOW) == "pay"
    assert verdict_of([passed, signal("hold")], NOW) == "hold"
    assert verdict_of([signal("hold", rule="excluded_goods")], NOW) == "hold"


def test_a_network_never_does_more_than_flag() -> None:
    assert RULES["same_network"].actions == ("off", "flag")
    assert RULES["same_device"].actions == ("off", "flag", "hold", "block")
