"""A real trial of 64,000 customers, counted anew in another way, and halves of nothing."""

import csv
import gzip
import math
import random
import statistics
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache

import pytest

from gamification.challenges.arms import ArmName
from gamification.challenges.intervals import Arm, Kind
from gamification.challenges.uplift import counted, uplift, verdict
from tests.webapp.intake.samples import real_file

METRICS: dict[str, Kind] = {"visit": "share", "conversion": "share", "spend": "mean"}
LETTERS = ("Mens E-Mail", "Womens E-Mail")
NOTHING = "No E-Mail"

pytestmark = pytest.mark.usefixtures("trial")


@pytest.fixture(scope="module")
def trial() -> None:
    real_file("hillstrom")


@cache
def values() -> dict[tuple[str, str], list[int]]:
    """What each customer of an arm did, spending in cents."""
    found: dict[tuple[str, str], list[int]] = {}
    with gzip.open(real_file("hillstrom"), "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for metric in METRICS:
                value = cents(row[metric]) if metric == "spend" else int(row[metric])
                found.setdefault((row["segment"], metric), []).append(value)
    return found


def cents(dollars: str) -> int:
    return int(Decimal(dollars) * 100) if dollars != "0.0" else 0


def arms(letter: str, metric: str) -> tuple[Arm, Arm]:
    rows: list[tuple[ArmName, int]] = [("control", one) for one in values()[NOTHING, metric]]
    rows += [("treatment", one) for one in values()[letter, metric]]
    return counted(iter(rows), METRICS[metric])


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function is zero."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return low


def normal_quantile(part: float) -> float:
    return root(lambda z: (1 + math.erf(z / math.sqrt(2))) / 2 - part, -9, 9)


def student_quantile(part: float, freedom: float) -> float:
    """By adding up the density from zero on, Simpson's way."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2))
    scale /= math.sqrt(freedom * math.pi)

    def density(x: float) -> float:
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    def below(x: float, steps: int = 100) -> float:
        inner = sum((4 if n % 2 else 2) * density(x * n / steps) for n in range(1, steps))
        return 0.5 + x / steps / 3 * (density(0) + inner + density(x))

    return root(lambda x: below(x) - part, 0, 20)


def shares_by_hand(mine: Sequence[int], theirs: Sequence[int]) -> tuple[float, float, float]:
    """Newcombe's interval, its score ends found where the test of a share just fails."""
    z = normal_quantile(0.995)
    ends = []
    for group in (mine, theirs):
        share, n = statistics.fmean(group), len(group)

        def off(p: float, share: float = share, n: int = n) -> float:
            return (p - share) / math.sqrt(p * (1 - p) / n)

        low = root(lambda p, off=off: off(p) + z, 1e-9, share)
        high = root(lambda p, off=off: off(p) - z, share, 1 - 1e-9)
        ends.append((share, low, high))
    (one, one_low, one_high), (two, two_low, two_high) = ends
    below = math.sqrt((one - one_low) ** 2 + (two_high - two) ** 2)
    above = math.sqrt((one_high - one) ** 2 + (two - two_low) ** 2)
    return one - two, one - two - below, one - two + above


def means_by_hand(mine: Sequence[int], theirs: Sequence[int]) -> tuple[float, float, float]:
    """Welch's interval or Student's, the wider."""
    n, m = len(mine), len(theirs)
    around = [squares_around_the_mean(group) for group in (mine, theirs)]
    one, two = around[0] / (n - 1) / n, around[1] / (m - 1) / m
    freedom = (one + two) ** 2 / (one**2 / (n - 1) + two**2 / (m - 1))
    welch = student_quantile(0.995, freedom) * math.sqrt(one + two)
    pooled = sum(around) / (n + m - 2)
    alike = student_quantile(0.995, n + m - 2) * math.sqrt(pooled / n + pooled / m)
    # Arms as large as each other: one more way that has to say nearly the same.
    assert alike == pytest.approx(welch, rel=1e-3)
    difference = statistics.fmean(mine) - statistics.fmean(theirs)
    half = max(welch, alike)
    return difference, difference - half, difference + half


def squares_around_the_mean(group: Sequence[int]) -> float:
    mean = statistics.fmean(group)
    return math.fsum((value - mean) ** 2 for value in group)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("letter", LETTERS)
def test_a_real_trial_says_what_another_computation_says(letter: str, metric: str) -> None:
    mine, theirs = values()[letter, metric], values()[NOTHING, metric]
    by_hand = shares_by_hand if METRICS[metric] == "share" else means_by_hand
    difference, low, high = by_hand(mine, theirs)

    found = uplift(*arms(letter, metric))

    said = (found.difference, found.low, found.high, found.relative)
    expected = (difference, low, high, difference / statistics.fmean(theirs))
    assert said == pytest.approx(expected, rel=1e-7)
    assert low > 0
    assert verdict(found).code == "works"


ROUNDED = {
    ("Mens E-Mail", "visit"): (7.66, 6.79, 8.53),
    ("Mens E-Mail", "conversion"): (0.68, 0.45, 0.92),
    ("Mens E-Mail", "spend"): (76.98, 39.57, 114.40),
    ("Womens E-Mail", "visit"): (4.52, 3.69, 5.36),
    ("Womens E-Mail", "conversion"): (0.31, 0.10, 0.53),
    ("Womens E-Mail", "spend"): (42.44, 8.85, 76.03),
}
"""Percentage points, and cents a customer."""


@pytest.mark.parametrize(("letter", "metric"), ROUNDED)
def test_the_numbers_of_the_trial(letter: str, metric: str) -> None:
    found = uplift(*arms(letter, metric))

    scale = 1 if metric == "spend" else 100
    said = [round(scale * (x or 0), 2) for x in (found.difference, found.low, found.high)]
    assert tuple(said) == ROUNDED[letter, metric]


@pytest.mark.parametrize("metric", METRICS)
def test_nothing_done_the_other_way_round_is_harm(metric: str) -> None:
    treatment, control = arms("Mens E-Mail", metric)

    assert verdict(uplift(control, treatment)).code == "harms"


def said_of_parts(metric: str, coins: int, draws: int) -> list[str]:
    """What is said of one arm that is split at random, time and again.

    Each customer throws so many coins, and with only heads is watched.
    """
    everybody = values()[NOTHING, metric]
    some = [(n // 8, 1 << n % 8, value) for n, value in enumerate(everybody) if value]
    codes = []
    for seed in range(draws):
        drawn, heads = random.Random(seed), (1 << len(everybody)) - 1
        for _ in range(coins):
            heads &= drawn.getrandbits(len(everybody))
        thrown = heads.to_bytes(len(everybody) // 8 + 1, "little")
        inside = [value for byte, bit, value in some if thrown[byte] & bit]
        outside = [value for byte, bit, value in some if not thrown[byte] & bit]
        watched = heads.bit_count()
        control = summed(watched, inside, METRICS[metric])
        treatment = summed(len(everybody) - watched, outside, METRICS[metric])
        codes.append(verdict(uplift(treatment, control)).code)
    return codes


def summed(people: int, found: Sequence[int], kind: Kind) -> Arm:
    return Arm(people, sum(found), sum(value * value for value in found), kind)


@pytest.mark.parametrize("metric", METRICS)
def test_halves_of_one_arm_differ_in_nothing(metric: str) -> None:
    codes = said_of_parts(metric, 1, 100)

    assert len(codes) == 100
    assert sum(code in ("too_early", "no_effect") for code in codes) >= 95


@pytest.mark.parametrize("metric", METRICS)
def test_a_small_control_group_finds_nothing_either(metric: str) -> None:
    codes = said_of_parts(metric, 4, 300)

    # One in a hundred is promised: 3, and five standard deviations. Of spending Welch's
    # interval alone would be wrong 28 times.
    assert sum(code in ("works", "harms") for code in codes) <= 11
