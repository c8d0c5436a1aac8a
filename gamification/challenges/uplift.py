"""What a challenge really brought: its members against those who were only watched; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Literal

from gamification.challenges.arms import ArmName
from gamification.challenges.intervals import LEVEL, Arm, Kind, interval
from gamification.challenges.planning import POWER, people_needed

Code = Literal["works", "harms", "no_effect", "too_early"]

SMALLEST_PART = 0.1
"""The smallest effect that matters, unless somebody says: a tenth of the control's mean."""


@dataclass(frozen=True, slots=True)
class Uplift:
    """Treatment less control, a member, in the unit of the arms; a share from -1 to 1.

    `low` and `high` are the interval at `level`, None while an arm has fewer than FEWEST
    people or nobody differs from anybody. `relative` is the difference as a part of the
    control's mean, None where that is not above zero.
    """

    treatment: Arm
    control: Arm
    level: float
    difference: float | None
    low: float | None
    high: float | None
    relative: float | None

    @property
    def people(self) -> int:
        """Everybody in both arms."""
        return self.treatment.people + self.control.people


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be said of a challenge by now.

    `smallest` is the effect that matters, in the unit of the arms, None where nobody knows
    it. `more_needed` is about how many more people, in both arms together and split as now,
    it takes to see it with `power`: two digits, rounded up, None where that is not known
    or not needed.
    """

    code: Code
    smallest: float | None
    power: float
    more_needed: int | None = None


@dataclass(frozen=True, slots=True)
class ExtraCost:
    """What one more unit cost, from `least` to `most`; the latter None where nobody knows.

    `extra` is how many units the challenge brought in all. Costs are in the unit of the cost
    given, for a visit, a purchase, or a minor unit of money.
    """

    extra: float
    each: float
    least: float
    most: float | None


def counted(rows: Iterable[tuple[ArmName, int]], kind: Kind = "mean") -> tuple[Arm, Arm]:
    """Treatment and control of rows that pass by once, one row for each member."""
    people = {"treatment": 0, "control": 0}
    total, squares = dict(people), dict(people)
    for arm, value in rows:
        people[arm] += 1
        total[arm] += value
        squares[arm] += value * value
    treatment, control = (Arm(people[arm], total[arm], squares[arm], kind) for arm in people)
    return treatment, control


def uplift(treatment: Arm, control: Arm, level: float = LEVEL) -> Uplift:
    """The difference between two arms of one kind and its interval; never refuses.

    Args:
        level: how sure the interval is, between 0 and 1.
    """
    assert treatment.kind == control.kind, "a share is no mean"
    mine, theirs = treatment.mean, control.mean
    if mine is None or theirs is None:
        return Uplift(treatment, control, level, None, None, None, None)
    low, high = interval(treatment, control, level) or (None, None)
    relative = (mine - theirs) / theirs if theirs > 0 else None
    return Uplift(treatment, control, level, mine - theirs, low, high, relative)


def verdict(found: Uplift, *, smallest: float | None = None, power: float = POWER) -> Verdict:
    """Whether a challenge works, harms, does nothing that matters, or it is too early to say.

    It works or harms when the interval leaves zero out, and does nothing when the interval
    leaves out the smallest effect that matters, both ways. Anything else is too early.

    Args:
        smallest: above zero, in the unit of the arms; SMALLEST_PART of the control unless given.
        power: how often this effect has to be seen when it is there, between 0 and 1.
    """
    assert smallest is None or smallest > 0, "an effect that matters is some effect"
    if smallest is None:
        smallest = SMALLEST_PART * abs(found.control.mean or 0) or None
    if found.low is not None and found.high is not None:
        if found.low > 0:
            return Verdict("works", smallest, power)
        if found.high < 0:
            return Verdict("harms", smallest, power)
        if smallest and -smallest < found.low and found.high < smallest:
            return Verdict("no_effect", smallest, power)
    return Verdict("too_early", smallest, power, more_needed(found, smallest, power))


def more_needed(found: Uplift, smallest: float | None, power: float) -> int | None:
    """About how many more people are needed; None where nobody can know.

    Those that show the smallest effect with this power. Once they are there and the interval
    still leaves both open, those that close one of them if the difference stays what it is.
    """
    if smallest is None:
        return None
    arms = found.treatment, found.control
    needed = people_needed(*arms, smallest, level=found.level, power=power)
    if needed is None:
        return None
    if needed <= found.people:
        needed = found.people * max(1.0, still_open(found, smallest)) ** 2
    return rounded_up(max(1, ceil(needed - found.people)))


def still_open(found: Uplift, smallest: float) -> float:
    """How many times narrower the interval must be to leave out zero or the smallest effect."""
    assert found.low is not None, "enough people have an interval"
    assert found.high is not None, "enough people have an interval"
    away = abs(found.difference or 0)
    return (found.high - found.low) / 2 / max(away, smallest - away)


def rounded_up(count: int) -> int:
    """A count of people in two digits, never fewer: 861 is about 870."""
    step: int = 10 ** max(0, len(str(count)) - 2)
    return -(-count // step) * step


def cost_per_extra(cost: int, found: Uplift, people: int) -> ExtraCost | None:
    """What each extra visit, purchase or minor unit cost; None where nothing extra came.

    Args:
        cost: all that was given, in minor units of money or in points.
        people: those who got the challenge, all of them.
    """
    if not found.difference or not found.high or found.difference < 0 or people < 1:
        return None
    each = cost / (found.difference * people)
    most = cost / (found.low * people) if found.low and found.low > 0 else None
    return ExtraCost(found.difference * people, each, cost / (found.high * people), most)
