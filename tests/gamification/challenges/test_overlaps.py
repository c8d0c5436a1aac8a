"""Which acts two challenges would both pay for."""

from typing import Any

import pytest

from gamification.challenges.overlaps import Shared, shared_by
from gamification.challenges.terms import Step
from gamification.measures.catalogue import Where


def step(kind: str = "count", at_least: int = 3, **more: Any) -> Step:
    of = {"of": "day"} if kind in ("distinct", "streak") else {}
    events = {"events": more.pop("events")} if "events" in more else {}
    told = {"kind": kind, "at_least": at_least, "where": more, **of, **events}
    return Step.model_validate(told)


ANY, COFFEE = step(), step(categories=("Кофе", "Чай"))


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (ANY, step(), Where()),
        (ANY, COFFEE, Where(categories=("Кофе", "Чай"))),
        (step("sum", 300_000), ANY, Where()),
        (step("best", 300_000), step("streak", 4), Where()),
        (COFFEE, step(categories=("Чай",)), Where(categories=("Чай",))),
        (step(weekdays=(1, 2)), step(weekdays=(2, 3), stores=("А",)),
         Where(weekdays=(2,), stores=("А",))),
        (step(hours=((540, 720),)), step(hours=((600, 900),)), Where(hours=((600, 720),))),
        (step(hours=((1_320, 120),)), step(hours=((0, 180), (1_380, 1_400))),
         Where(hours=((0, 120), (1_380, 1_400)))),
        (step(channels=("online",), amount_from=5), step(lines_from=3),
         Where(channels=("online",))),
    ],
)  # fmt: skip
def test_steps_that_overlap_are_found_both_ways(one: Step, other: Step, shared: Where) -> None:
    assert shared_by([one], [other]) == (Shared(("purchase",), shared),)
    assert shared_by([other], [one]) == (Shared(("purchase",), shared),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (COFFEE, step(categories=("Выпечка",))),
        (step(stores=("А",)), step(stores=("Б",))),
        (step(weekdays=(1, 2, 3, 4, 5)), step(weekdays=(6, 7))),
        (step(channels=("online",)), step(channels=("pos",))),
        (step(hours=((540, 720),)), step(hours=((720, 900),))),
        (ANY, step(events=("friend_came",))),
        (step(weekdays=(1,), stores=("А",)), step(weekdays=(1,), stores=("Б",))),
    ],
)
def test_steps_that_have_nothing_in_common(one: Step, other: Step) -> None:
    assert shared_by([one], [other]) == shared_by([other], [one]) == ()


def test_acts_besides_purchases_overlap_by_their_kinds() -> None:
    one = step(events=("friend_came", "friend_joined"))

    assert shared_by([ANY, one], [step(events=("friend_joined",))]) == (
        Shared(("friend_joined",), Where()),
    )


def test_what_several_steps_share_is_told_once() -> None:
    assert shared_by([ANY, step("sum", 5)], [ANY, COFFEE]) == (
        Shared(("purchase",), Where()),
        Shared(("purchase",), COFFEE.where),
    )
