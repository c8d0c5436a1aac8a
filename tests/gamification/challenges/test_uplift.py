"""What may be said of a challenge, from nobody at all to more people than anybody has."""

import random
from itertools import product

import pytest

from gamification.challenges.arms import ArmName
from gamification.challenges.intervals import FEWEST, Arm, student, two_sided
from gamification.challenges.uplift import (
    ExtraCost,
    Uplift,
    Verdict,
    cost_per_extra,
    counted,
    rounded_up,
    uplift,
    verdict,
)


def shares(invited: int, hits: int, watched: int, their_hits: int) -> Uplift:
    return uplift(Arm.of_share(invited, hits), Arm.of_share(watched, their_hits))


def arm(*values: int, times: int = 1) -> Arm:
    return Arm(len(values) * times, sum(values) * times, sum(v * v for v in values) * times)


def test_rows_pass_by_once_and_leave_three_numbers_an_arm() -> None:
    rows: list[tuple[ArmName, int]] = [
        ("treatment", 500), ("control", 300), ("treatment", -200), ("control", 0),
        ("treatment", 0),
    ]  # fmt: skip

    assert counted(iter(rows)) == (Arm(3, 300, 290_000), Arm(2, 300, 90_000))
    assert counted([]) == (Arm(0, 0, 0), Arm(0, 0, 0))
    assert counted([("control", 1)], "share") == (Arm.of_share(0, 0), Arm.of_share(1, 1))


def test_a_variance_is_exact_where_floats_would_lose_it() -> None:
    rich = 10**12

    assert arm(rich, rich + 1, rich + 2).variance == 1
    assert arm(7).variance is None
    assert (arm(5, 5, times=9).variance, Arm(0, 0, 0).mean) == (0, None)


def test_numbers_that_no_people_have_are_not_taken() -> None:
    for impossible in ((2, 10, 49, "mean"), (-1, 0, 0, "mean"), (3, 4, 4, "share")):
        with pytest.raises(AssertionError):
            Arm(*impossible)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="no mean"):
        uplift(Arm.of_share(50, 5), arm(1, 2, times=50))


def test_a_difference_is_told_with_its_part_of_the_control() -> None:
    found = shares(9_000, 1_350, 1_000, 100)

    assert found.difference == pytest.approx(0.05)
    assert found.relative == pytest.approx(0.5)
    assert found.level == 0.99
    assert verdict(found) == Verdict("works", pytest.approx(0.01), 0.8)


def test_the_other_way_round_it_does_harm() -> None:
    assert verdict(shares(9_000, 900, 1_000, 150)).code == "harms"


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (shares(0, 0, 0, 0), False),
        (shares(1, 1, 1, 0), True),
        (shares(1, 1, 0, 0), False),
        (shares(900, 200, 0, 0), False),
        (shares(0, 0, 100, 10), False),
        (shares(29, 29, 29, 0), True),
        (shares(5_000, 300, 29, 0), True),
        (uplift(Arm(0, 0, 0), arm(100, 300, times=50)), False),
        (uplift(arm(900), arm(100)), True),
        (uplift(arm(900, 100), arm(100)), True),
        (uplift(arm(900, 100, times=14), arm(100, 0, times=14)), True),
    ],
    ids=str,
)
def test_of_too_few_nothing_is_said(found: Uplift, known: bool) -> None:
    assert (found.difference is not None) == known
    assert (found.low, found.high) == (None, None)
    assert verdict(found).code == verdict(found, smallest=0.5).code == "too_early"


def test_where_nobody_differs_from_anybody_nothing_is_said() -> None:
    for mine, theirs in product((0, 500), repeat=2):
        found = uplift(arm(mine, times=100), arm(theirs, times=100))

        assert found.difference == mine - theirs
        assert (found.low, found.high) == (None, None)
        assert verdict(found, smallest=100) == Verdict("too_early", 100, 0.8)


def test_an_idle_control_group_is_not_taken_for_certainty() -> None:
    # Each tenth invited member spent; of forty watched nobody did, which happens by itself.
    found = uplift(arm(1_000, *[0] * 9, times=100), arm(0, times=40))

    assert found.low is not None
    assert found.low < 0 < (found.high or 0)
    assert verdict(found, smallest=50).code == "too_early"


def test_nobody_did_it_in_either_arm() -> None:
    found = shares(9_000, 0, 1_000, 0)

    assert (found.difference, found.relative) == (0, None)
    assert verdict(found) == Verdict("too_early", None, 0.8)
    assert verdict(found, smallest=0.05).code == "no_effect"


def test_everybody_did_it_in_both_arms() -> None:
    found = shares(9_000, 9_000, 1_000, 1_000)

    assert -0.01 < (found.low or 1) < 0 < (found.high or 0) < 0.01
    assert verdict(found).code == "no_effect"


def test_more_came_back_than_was_bought() -> None:
    found = uplift(arm(-500, 300, -900, times=400), arm(-500, -800, times=300))

    assert found.difference == pytest.approx(-1_100 / 3 + 650)
    assert found.relative is None
    assert verdict(found) == Verdict("works", 65.0, 0.8)


def test_no_effect_is_said_only_where_one_that_matters_is_left_out_both_ways() -> None:
    found = shares(50_000, 5_000, 50_000, 5_000)
    assert found.high is not None
    edge = found.high

    assert verdict(found, smallest=edge * 1.01).code == "no_effect"
    assert verdict(found, smallest=edge * 0.99).code == "too_early"


def test_harm_that_may_be_large_is_not_called_nothing() -> None:
    found = shares(9_000, 900, 1_000, 120)
    assert found.low is not None
    assert found.high is not None
    assert found.low < -0.03 < 0 < found.high < 0.03

    assert verdict(found, smallest=0.03).code == "too_early"


def test_too_early_says_how_many_more() -> None:
    said = verdict(shares(450, 68, 50, 6), smallest=0.1)

    assert said == Verdict("too_early", 0.1, 0.8, more_needed=1_400)


@pytest.mark.parametrize("smallest", [0.03, 0.05, 0.1])
@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
def test_with_those_that_were_needed_the_effect_is_seen_as_often_as_said(
    smallest: float, power: float
) -> None:
    early = verdict(shares(160, 32, 40, 8), smallest=smallest, power=power)
    assert early.more_needed is not None
    watched = (200 + early.more_needed) // 5
    drawn = random.Random(8)

    codes = [
        verdict(
            shares(
                4 * watched, hits(drawn, 4 * watched, 0.2 + smallest),
                watched, hits(drawn, watched, 0.2),
            )
        ).code
        for _ in range(300)
    ]  # fmt: skip

    assert codes.count("works") / 300 == pytest.approx(power, abs=0.08)


def hits(drawn: random.Random, people: int, share: float) -> int:
    """How many of many people did it, by the normal law that it nears."""
    return round(drawn.gauss(people * share, (people * share * (1 - share)) ** 0.5))


def test_with_those_that_were_needed_a_mean_is_seen_as_often_as_said() -> None:
    # Each fifth member spends 1,000; an effect of 100 is looked for.
    early = verdict(uplift(arm(1_000, *[0] * 4, times=32), arm(1_000, *[0] * 4, times=8)))
    assert early.smallest == 20
    wanted = verdict(
        uplift(arm(1_000, *[0] * 4, times=32), arm(1_000, *[0] * 4, times=8)), smallest=100
    )
    assert wanted.more_needed is not None
    watched = (200 + wanted.more_needed) // 5
    drawn, codes = random.Random(9), []

    for _ in range(300):
        mine, theirs = hits(drawn, 4 * watched, 0.3), hits(drawn, watched, 0.2)
        treatment = Arm(4 * watched, mine * 1_000, mine * 1_000_000)
        control = Arm(watched, theirs * 1_000, theirs * 1_000_000)
        codes.append(verdict(uplift(treatment, control)).code)

    # The spread grows with the effect, so a little less than 80 of 100.
    assert 0.68 < codes.count("works") / 300 < 0.85


def test_between_both_answers_the_difference_decides_how_many_more() -> None:
    # Enough to see five points in general, yet just half of them came, so both stay open.
    found = shares(12_500, 2_188, 1_000, 150)
    early = verdict(found, smallest=0.05)
    assert early.code == "too_early"
    assert early.more_needed is not None

    times = (found.people + early.more_needed) / found.people
    later = shares(*(round(n * times) for n in (12_500, 2_188, 1_000, 150)))

    assert verdict(later, smallest=0.05).code != "too_early"
    assert 1 < times < 1.6


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, 1), (9, 9), (10, 10), (99, 99), (100, 100), (101, 110), (861, 870), (900, 900),
     (991, 1_000), (1_001, 1_100), (123_456, 130_000), (10**15, 10**15)],
)  # fmt: skip
def test_people_are_told_in_two_digits_and_never_fewer(count: int, said: int) -> None:
    assert rounded_up(count) == said


@pytest.mark.parametrize(
    ("freedom", "table"), [(29, 2.756), (30, 2.750), (60, 2.660), (120, 2.617), (10**9, 2.576)]
)
def test_quantiles_are_those_of_the_tables(freedom: int, table: float) -> None:
    assert FEWEST - 1 >= 29
    assert round(student(0.99, freedom), 3) == table
    assert round(two_sided(0.95), 2) == 1.96


def test_what_an_extra_visit_cost() -> None:
    found = shares(9_000, 1_350, 1_000, 100)
    assert found.low is not None
    assert found.high is not None

    assert cost_per_extra(90_000, found, 9_000) == ExtraCost(
        extra=pytest.approx(450),
        each=pytest.approx(200),
        least=pytest.approx(10 / found.high),
        most=pytest.approx(10 / found.low),
    )


def test_nobody_knows_the_most_while_nothing_extra_is_possible() -> None:
    cost = cost_per_extra(90_000, shares(900, 135, 100, 10), 900)

    assert cost is not None
    assert cost.most is None
    assert cost.least < cost.each


@pytest.mark.parametrize(
    "found", [shares(0, 0, 0, 0), shares(10, 5, 10, 1), shares(900, 90, 100, 10),
              shares(9_000, 900, 1_000, 150)],
    ids=["nobody", "few", "alike", "harm"],
)  # fmt: skip
def test_where_nothing_extra_came_it_has_no_cost(found: Uplift) -> None:
    assert cost_per_extra(90_000, found, 900) is None


def test_nothing_that_can_be_counted_is_refused() -> None:
    drawn = random.Random(4)
    for _ in range(300):
        sizes = [drawn.choice([0, 1, 2, 29, 30, 31, 1_000]) for _ in range(2)]
        one, two = (drawn.choice([0, 1, n // 2, n]) for n in sizes)
        found = shares(sizes[0], min(one, sizes[0]), sizes[1], min(two, sizes[1]))
        money = uplift(*(money_of(drawn, size) for size in sizes))

        for one_of in (found, money):
            for smallest in (None, 0.01, 1e9):
                said = verdict(one_of, smallest=smallest)
                assert said.more_needed is None or said.more_needed > 0
            cost_per_extra(100, one_of, sizes[0])


def money_of(drawn: random.Random, people: int) -> Arm:
    found = [drawn.choice([0, 0, 0, -500, 10 ** drawn.randrange(9)]) for _ in range(people)]
    return Arm(people, sum(found), sum(value * value for value in found))
