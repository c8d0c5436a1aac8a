"""Audiences that evidently share nobody, and those that may."""

from typing import Any

import pytest

from gamification.audiences.apart import are_apart
from gamification.audiences.conditions import Audience, parse_audience

Condition = dict[str, Any]
SILVER, GOLD = ({"kind": "tier", "tiers": [code]} for code in ("silver", "gold"))
MAY, JUNE = ({"kind": "birthday_month", "months": [month]} for month in (5, 6))
LIST = {"kind": "member_list", "list_id": 7}
TEA = {"kind": "bought", "categories": ["tea"], "days": 30}


def tiers(*codes: str) -> Condition:
    return {"kind": "tier", "tiers": list(codes)}


def within(days: int, kind: str = "recency") -> Condition:
    return {"kind": kind, "days": days}


def beyond(days: int, kind: str = "recency") -> Condition:
    return {"kind": kind, "days": days, "within": False}


def number(kind: str = "frequency", **bounds: int) -> Condition:
    return {"kind": kind, **bounds}


def city(*cities: str, unknown: bool = False) -> Condition:
    return {"kind": "city", "cities": list(cities), "unknown": unknown}


def of(*every: Condition, none: tuple[Condition, ...] = ()) -> Audience:
    return parse_audience({"all": list(every), "none": list(none)})


APART = [
    (of(SILVER), of(GOLD)),
    (of(SILVER, TEA), of(tiers("gold", "base"), LIST)),
    (of(SILVER), of(none=(tiers("silver", "gold"),))),
    (of({"kind": "stage", "stages": ["new"]}), of({"kind": "stage", "stages": ["lapsed"]})),
    (of({"kind": "rfm", "values": ["loyal"]}), of(none=({"kind": "rfm", "values": ["loyal"]},))),
    (of(MAY), of(JUNE)),
    (of(MAY), of(none=({"kind": "birthday_month", "months": [5, 6]},))),
    (of(within(30)), of(beyond(30))),
    (of(within(30)), of(none=(within(60),))),
    (of(beyond(60)), of(none=(beyond(30),))),
    (of(within(7, "joined")), of(beyond(30, "joined"))),
    (of(number(at_most=2)), of(number(at_least=3))),
    (of(number("spend", at_most=9, days=30)), of(number("spend", at_least=10, days=30))),
    (of(number(at_least=5)), of(none=(number(at_least=3),))),
    (of(TEA), of({"kind": "not_bought", "categories": ["milk", "tea"]})),
    (of(TEA), of({"kind": "not_bought", "categories": ["tea"], "days": 90})),
    (of({"kind": "consent", "purpose": "news"}),
     of({"kind": "consent", "purpose": "news", "given": False})),
    (of({"kind": "medal", "medal": "m", "level": 3}), of(none=({"kind": "medal", "medal": "m"},))),
    (of({"kind": "inviter", "at_least": 3}), of(none=({"kind": "inviter"},))),
    (of({"kind": "invited"}), of(none=({"kind": "invited"},))),
    (of({"kind": "segment", "segment_id": 1}), of(none=({"kind": "segment", "segment_id": 1},))),
    (of(LIST), of(SILVER, none=(LIST,))),
    (of(city("Орёл", "Тула")), of(city("Пермь"))),
    (of(city("Орёл")), of(none=(city("г. ОРЕЛ", "Тула"),))),
    (of(city("Орёл", unknown=True)), of(city("Тула"))),
    (of(city("Орёл")), of(city(unknown=True))),
]  # fmt: skip
TOGETHER = [
    (of(), of()),
    (of(SILVER), of()),
    (of(SILVER), of(tiers("silver", "gold"))),
    (of(tiers("silver", "gold")), of(none=(SILVER,))),
    (of(none=(SILVER,)), of(none=(GOLD,))),
    (of(MAY), of({"kind": "birthday_month"})),
    (of({"kind": "birthday_month"}), of(none=(MAY,))),
    (of(within(60)), of(beyond(30))),
    (of(within(60)), of(none=(within(30),))),
    (of(within(30)), of(within(60))),
    (of(within(30)), of(beyond(30, "joined"))),
    (of(number(at_most=3)), of(number(at_least=3))),
    (of(number(at_most=2, days=30)), of(number(at_least=3, days=90))),
    (of(number(at_most=2)), of(number("spend", at_least=3))),
    (of(number(at_least=2)), of(none=(number(at_least=3),))),
    (of(TEA), of({"kind": "not_bought", "categories": ["tea"], "days": 7})),
    (of({"kind": "bought", "categories": ["tea"]}),
     of({"kind": "not_bought", "categories": ["tea"], "days": 90})),
    (of({"kind": "bought", "categories": ["tea", "milk"]}),
     of({"kind": "not_bought", "categories": ["tea"]})),
    (of({"kind": "visited", "stores": ["A"]}), of({"kind": "visited", "stores": ["B"]})),
    (of({"kind": "consent", "purpose": "news"}),
     of({"kind": "consent", "purpose": "calls", "given": False})),
    (of({"kind": "medal", "medal": "m"}), of(none=({"kind": "medal", "medal": "m", "level": 3},))),
    (of(city("Орёл", "Тула")), of(city("город орел"))),
    (of(city("Орёл", unknown=True)), of(city("Тула", unknown=True))),
    (of(city("Орёл", unknown=True)), of(none=(city("Орёл"),))),
    (of(city("Орёл")), of(none=(city("Тула"),))),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART)
def test_nobody_is_in_both(one: Audience, other: Audience) -> None:
    assert are_apart(one, other, at_once=True)
    assert are_apart(other, one, at_once=True)


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_somebody_may_be_in_both(one: Audience, other: Audience) -> None:
    assert not are_apart(one, other, at_once=True)
    assert not are_apart(other, one, at_once=True)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_changes_with_time_tells_nothing_of_another_moment(
    one: Audience, other: Audience
) -> None:
    lasting = {"birthday_month", "member_list"}
    both = [{x.kind for x in audience.conditions} & lasting for audience in (one, other)]

    assert are_apart(one, other, at_once=False) == bool(both[0] & both[1])
