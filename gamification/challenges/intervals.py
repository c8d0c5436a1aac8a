"""How sure a difference between two arms is: pure.

Shares are compared by Newcombe's interval, means by the wider of Welch's and Student's:
with a small control group and spending as uneven as a shop's, plain ones find an effect
that is not there several times as often as they promise. Source: decision 0112.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import hypot, sqrt
from statistics import NormalDist
from typing import Literal

Kind = Literal["share", "mean"]

LEVEL = 0.99
"""How sure an interval is: of a hundred challenges that do nothing, one seems to do something."""
FEWEST = 30
"""With fewer people in either arm nothing is said."""


@dataclass(frozen=True, slots=True)
class Arm:
    """All that is kept of one arm: people, and the sum and sum of squares of a value of each.

    Every member of the arm counts, those who did nothing with 0. A share has the values 0
    and 1; a mean has whole units, of money minor ones, negative where more went back than
    was bought. Whole numbers keep the variance exact however large the sums are.
    """

    people: int
    total: int
    squares: int
    kind: Kind = "mean"

    def __post_init__(self) -> None:
        whole = self.people >= 0 and self.total**2 <= self.people * self.squares
        assert whole, "no values have such a sum and such squares"
        assert self.kind == "mean" or self.squares == self.total, "a share counts 0 and 1"

    @classmethod
    def of_share(cls, people: int, hits: int) -> "Arm":
        """An arm in which some of the people did it and the others did not."""
        return cls(people, hits, hits, "share")

    @property
    def mean(self) -> float | None:
        """The mean, of a share the share itself (0 to 1); None of nobody."""
        return self.total / self.people if self.people else None

    @property
    def variance(self) -> float | None:
        """The sample's variance; None of fewer than two."""
        if self.people < 2:
            return None
        above = self.people * self.squares - self.total**2
        return above / (self.people * (self.people - 1))


def interval(treatment: Arm, control: Arm, level: float) -> tuple[float, float] | None:
    """The interval of the difference; None while there is too little to say one."""
    if min(treatment.people, control.people) < FEWEST:
        return None
    if treatment.kind == "share":
        return newcombe(treatment, control, level)
    return wider_of_two(treatment, control, level)


def newcombe(treatment: Arm, control: Arm, level: float) -> tuple[float, float]:
    """The interval of a difference of shares; it stays honest at shares near 0 and 1.

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    down, up = score_margins(treatment.total, treatment.people, level)
    their_down, their_up = score_margins(control.total, control.people, level)
    difference = treatment.total / treatment.people - control.total / control.people
    return difference - hypot(down, their_up), difference + hypot(up, their_down)


def score_margins(hits: float, people: float, level: float) -> tuple[float, float]:
    """How far the score interval of a share reaches down and up from it.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    z = two_sided(level)
    # The product may fall a hair below zero where hits were planned, not counted.
    swing = max(0.0, hits * (people - hits)) / people + z * z / 4
    lean = z * z * (people - 2 * hits) / (2 * people * (people + z * z))
    half = z * sqrt(swing) / (people + z * z)
    return half - lean, half + lean


def wider_of_two(treatment: Arm, control: Arm, level: float) -> tuple[float, float] | None:
    """The interval of a difference of means; None where nobody differs from anybody.

    Source: B. L. Welch, Biometrika 34 (1947), 28-35, and Student's of one variance for both.
    """
    mine = (treatment.variance or 0) / treatment.people
    theirs = (control.variance or 0) / control.people
    if not mine + theirs:
        return None
    freedom = (mine + theirs) ** 2 / (
        mine**2 / (treatment.people - 1) + theirs**2 / (control.people - 1)
    )
    welch = student(level, freedom) * sqrt(mine + theirs)
    both = treatment.people + control.people - 2
    half = max(welch, student(level, both) * sqrt(one_variance(treatment, control)))
    difference = treatment.total / treatment.people - control.total / control.people
    return difference - half, difference + half


def one_variance(treatment: Arm, control: Arm) -> float:
    """The variance of the difference if both arms vary alike."""
    squares = sum((arm.variance or 0) * (arm.people - 1) for arm in (treatment, control))
    pooled = squares / (treatment.people + control.people - 2)
    return pooled * (1 / treatment.people + 1 / control.people)


@lru_cache(maxsize=64)
def two_sided(level: float) -> float:
    """How many standard errors make an interval of this level: 2.576 at 0.99."""
    return NormalDist().inv_cdf((1 + level) / 2)


def student(level: float, freedom: float) -> float:
    """As `two_sided`, of Student's t; right to four digits from FEWEST people on.

    Source: Abramowitz and Stegun, 26.7.5.
    """
    z = two_sided(level)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))
