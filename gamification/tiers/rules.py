"""Where a member stands, from the kept spend of each local day: pure.

A rolling window is the N local dates that end with the day at hand; reviews
run at 00:00 for the day just ended. Upgrades are at once; a term ends in a
review, a missed review in grace, a missed grace in a step down.
Source: decisions 4 and 5, semantics 4.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from gamification.case import StandingState
from gamification.programme import Programme, add_months

WindowSum = Callable[[date], int]
"""The kept spend of the window that ends with this day, inclusive."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TierStep:
    """A tier as the rules see it: position from 1, threshold in minor units."""

    id: int
    code: str
    position: int
    threshold: int


@dataclass(frozen=True, slots=True)
class Change:
    """One decision: what stands from a day on, why, and on which sum."""

    day: date
    after: StandingState
    reason: str
    window_sum: int


def position_for(spent: int, tiers: Sequence[TierStep]) -> int:
    """The highest position whose threshold the spend reaches; the first needs nothing."""
    return max((t.position for t in tiers if spent >= t.threshold), default=1)


def window_over(sums: Mapping[date, int], days: int) -> WindowSum:
    """Window sums over a member's day sums, each in logarithmic time."""
    ordered = sorted(sums)
    totals = [0, *accumulate(sums[day] for day in ordered)]

    def window_sum(end: date) -> int:
        first = bisect_left(ordered, end - timedelta(days=days - 1))
        return totals[bisect_right(ordered, end)] - totals[first]

    return window_sum


def joined(day: date) -> StandingState:
    """Everybody begins on the first tier, without a term."""
    return StandingState(position=1, since=day, term_ends=None, grace_until=None)


def term_from(day: date, position: int, programme: Programme) -> date | None:
    """The last day of a term that begins on a day; the first tier has no end."""
    return add_months(day, programme.term_months) if position > 1 else None


def purchase_day(
    standing: StandingState,
    day: date,
    spent: int,
    tiers: Sequence[TierStep],
    programme: Programme,
) -> Change | None:
    """What a purchase day does: up at once, or kept when it came within grace."""
    earned = position_for(spent, tiers)
    if earned > standing.position:
        term = term_from(day, earned, programme)
        return Change(day, StandingState(earned, day, term, None), "reached", spent)
    if standing.grace_until and earned == standing.position:
        term = term_from(day, earned, programme)
        return Change(day, replace(standing, term_ends=term, grace_until=None), "kept", spent)
    return None


def reviews_until(
    standing: StandingState,
    day: date,
    window_sum: WindowSum,
    tiers: Sequence[TierStep],
    programme: Programme,
) -> list[Change]:
    """The reviews that fall due up to 00:00 of a day, in order."""
    changes: list[Change] = []
    while (due := review_due(standing)) and due <= day:
        change = _review(standing, due, window_sum(due - DAY), tiers, programme)
        changes.append(change)
        standing = change.after
    return changes


def review_due(standing: StandingState) -> date | None:
    """The day at whose 00:00 the standing is next looked at, if ever."""
    if standing.grace_until:
        return standing.grace_until
    return standing.term_ends + DAY if standing.term_ends else None


def _review(
    standing: StandingState,
    due: date,
    spent: int,
    tiers: Sequence[TierStep],
    programme: Programme,
) -> Change:
    earned = position_for(spent, tiers)
    if earned >= standing.position or programme.downgrade == "none":
        term = add_months(standing.term_ends or due, programme.term_months)
        return Change(due, replace(standing, term_ends=term, grace_until=None), "kept", spent)
    if standing.grace_until is None and programme.grace_days > 0:
        grace = due + timedelta(days=programme.grace_days)
        return Change(due, replace(standing, grace_until=grace), "grace", spent)
    position = earned
    if programme.downgrade == "one_step":
        position = max(earned, standing.position - 1)
    after = StandingState(position, due, term_from(due, position, programme), None)
    return Change(due, after, "stepped_down", spent)


def replay(
    standing: StandingState,
    start: date,
    upto: date,
    sums: Mapping[date, int],
    tiers: Sequence[TierStep],
    programme: Programme,
) -> list[Change]:
    """Decide again from a day on: every purchase day and every review up to a day.

    `standing` is what stood before `start`. A day of which nothing is kept is no purchase
    day: an order that never stayed never lifted anybody (decision 0003).
    """
    window_sum = window_over(sums, programme.window_days)
    changes: list[Change] = []
    for day in sorted(day for day, spent in sums.items() if spent > 0 and start <= day <= upto):
        due = reviews_until(standing, day, window_sum, tiers, programme)
        changes += due
        standing = due[-1].after if due else standing
        change = purchase_day(standing, day, window_sum(day), tiers, programme)
        if change:
            changes.append(change)
            standing = change.after
    return changes + reviews_until(standing, upto, window_sum, tiers, programme)
