"""What a challenge of a size would show, told before it starts."""

import random

import pytest

from gamification.challenges.intervals import Arm
from gamification.challenges.planning import (
    people_needed,
    smallest_visible_mean,
    smallest_visible_share,
)
from gamification.challenges.uplift import uplift, verdict


def hits(drawn: random.Random, people: int, share: float) -> int:
    return sum(drawn.random() < share for _ in range(people))


@pytest.mark.parametrize(
    ("people", "percent", "rate"),
    [(2_000, 10, 0.14), (1_000, 20, 0.05), (3_000, 10, 0.02), (500, 50, 0.3), (600, 10, 0.7)],
)
def test_a_rise_as_large_as_told_is_seen_four_times_of_five(
    people: int, percent: int, rate: float
) -> None:
    rise = smallest_visible_share(people, control_percent=percent, rate=rate)
    assert rise is not None
    watched = people * percent // 100
    invited = people - watched
    drawn, seen = random.Random(6), 0

    for _ in range(200):
        treatment = Arm.of_share(invited, hits(drawn, invited, rate + rise))
        control = Arm.of_share(watched, hits(drawn, watched, rate))
        seen += verdict(uplift(treatment, control)).code == "works"

    assert 0.7 < seen / 200 < 0.9


def test_the_builder_s_example() -> None:
    rise = smallest_visible_share(9_310, control_percent=10, rate=0.138)

    assert rise == pytest.approx(0.0436, abs=0.0001)


def test_more_people_a_larger_control_and_less_certainty_show_less() -> None:
    def visible(people: int = 2_000, percent: int = 10, **sure: float) -> float:
        return smallest_visible_share(people, control_percent=percent, rate=0.1, **sure) or 1

    assert visible() > visible(people=4_000)
    assert visible() > visible(percent=20) > visible(percent=50)
    assert visible() > visible(level=0.95)
    assert visible(power=0.95) > visible()


@pytest.mark.parametrize(
    ("people", "percent", "rate"),
    [(0, 10, 0.1), (299, 10, 0.1), (299, 90, 0.1), (9_000, 0, 0.1), (9_000, 100, 0.1),
     (300, 10, 0.95), (300, 10, 1.0)],
)  # fmt: skip
def test_a_group_that_shows_nothing_says_so(people: int, percent: int, rate: float) -> None:
    assert smallest_visible_share(people, control_percent=percent, rate=rate) is None


def test_nobody_does_it_yet() -> None:
    rise = smallest_visible_share(300, control_percent=10, rate=0.0)

    assert rise is not None
    assert 0.1 < rise < 0.4


def test_a_mean_shows_as_errors_of_the_table_say() -> None:
    # 2.576 and 0.842 errors of sqrt(250,000 * (1/900 + 1/100)).
    seen = smallest_visible_mean(1_000, control_percent=10, variance=250_000)

    assert seen == pytest.approx((2.5758 + 0.8416) * 52.705, rel=1e-4)
    assert smallest_visible_mean(290, control_percent=10, variance=250_000) is None
    assert smallest_visible_mean(1_000, control_percent=10, variance=0) is None


def test_an_idle_control_group_is_planned_for_as_if_it_varied_like_the_others() -> None:
    spread = 160 * 900 / 159  # of values that are 30 off their mean
    treatment, idle = Arm(160, 80 * 60, 80 * 3_600), Arm(40, 0, 0)
    pooled = spread * 159 / 198 * (1 / 160 + 1 / 40)

    needed = people_needed(treatment, idle, 5, level=0.99, power=0.8)

    assert needed == pytest.approx(200 * pooled * ((2.5758 + 0.8416) / 5) ** 2, rel=1e-4)
