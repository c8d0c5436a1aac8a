"""How small an effect a challenge for so many people would show, and how many show it: pure."""

from math import hypot, sqrt
from statistics import NormalDist

from gamification.challenges.intervals import (
    FEWEST,
    LEVEL,
    Arm,
    one_variance,
    score_margins,
    two_sided,
)

POWER = 0.8
"""How often an effect has to be seen when it is there."""
HALVINGS = 40
"""So many times a range is halved to find where an effect begins to show."""
MOST_TIMES = 2.0**40
"""Nobody waits for more people than so many times those who are there."""


def smallest_visible_share(
    people: int,
    *,
    control_percent: int,
    rate: float,
    level: float = LEVEL,
    power: float = POWER,
) -> float | None:
    """The smallest rise of a share that a challenge for so many people would show.

    In parts of one: 0.024 is 2.4 percentage points. None while an arm would have fewer than
    FEWEST people, and where not even a rise to the whole would do.

    Args:
        people: both arms together.
        rate: the share of those who do it without the challenge, 0 to 1.
    """
    watched = people * control_percent / 100
    invited = people - watched
    if min(watched, invited) < FEWEST:
        return None
    low, high = 0.0, 1 - rate
    if share_reach(rate, high, invited, watched, level, power) > high:
        return None
    for _ in range(HALVINGS):
        rise = (low + high) / 2
        seen = share_reach(rate, rise, invited, watched, level, power) <= rise
        low, high = (low, rise) if seen else (rise, high)
    return high


def smallest_visible_mean(
    people: int,
    *,
    control_percent: int,
    variance: float,
    level: float = LEVEL,
    power: float = POWER,
) -> float | None:
    """As `smallest_visible_share`, of a mean, in its unit; None also where nothing varies.

    Args:
        variance: of the members' values without the challenge, in the unit squared.
    """
    watched = people * control_percent / 100
    invited = people - watched
    if min(watched, invited) < FEWEST or variance <= 0:
        return None
    return (two_sided(level) + one_sided(power)) * sqrt(variance * (1 / watched + 1 / invited))


def people_needed(
    treatment: Arm, control: Arm, smallest: float, *, level: float, power: float
) -> float | None:
    """How many people, split as these are, show an effect of this size; None where nobody knows.

    It takes them for like those who are there: two in each arm at least, who are not all alike.
    """
    fewer = min(treatment.people, control.people)
    if fewer < 2:
        return None
    people = treatment.people + control.people
    if treatment.kind == "share":
        needed = people * share_times(treatment, control, smallest, level=level, power=power)
    else:
        error = mean_error(treatment, control)
        needed = people * ((two_sided(level) + one_sided(power)) * error / smallest) ** 2
    return max(needed, people * FEWEST / fewer) if needed else None


def share_times(
    treatment: Arm, control: Arm, smallest: float, *, level: float, power: float
) -> float:
    """How many times the people of two arms show a rise of a share."""
    rate = control.total / control.people
    rise = min(smallest, 1 - rate)

    def seen(times: float) -> bool:
        invited, watched = treatment.people * times, control.people * times
        return share_reach(rate, rise, invited, watched, level, power) <= smallest

    low, high = 0.0, 1.0
    while high < MOST_TIMES and not seen(high):
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high


def share_reach(
    rate: float, rise: float, invited: float, watched: float, level: float, power: float
) -> float:
    """How large a rise must be for its Newcombe interval to leave out zero this often."""
    risen = rate + rise
    down, _ = score_margins(risen * invited, invited, level)
    _, up = score_margins(rate * watched, watched, level)
    # Adding and halving may leave a share a hair above one.
    swing = max(0.0, risen * (1 - risen)) / invited + rate * (1 - rate) / watched
    return hypot(down, up) + one_sided(power) * sqrt(swing)


def mean_error(treatment: Arm, control: Arm) -> float:
    """The standard error of a difference of means, the larger of both ways to take it."""
    mine, theirs = treatment.variance or 0, control.variance or 0
    apart = mine / treatment.people + theirs / control.people
    return sqrt(max(apart, one_variance(treatment, control)))


def one_sided(power: float) -> float:
    """How many standard errors beyond the interval an effect lies that is seen this often."""
    return NormalDist().inv_cdf(power)
