"""The charts of the invitations' report: shares of a hundred and columns of an SVG."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from gamification.readmodels.referral_report import STEPS, Cost, Spending, Steps
from webapp.words.formats import number, percent
from webapp.words.invitations import cost_name, step_name

TALL, WIDE, GAP = 100, 20, 6


class Bar(NamedTuple):
    """A bar: what it is, its number, a remark beside it, and its length of a hundred."""

    label: str
    figure: str
    note: str
    share: int


class Column(NamedTuple):
    """A week's column: where it stands and how tall its two parts are, of TALL."""

    week: date
    joined: int
    qualified: int
    left: int
    tall: int
    kept: int


class Side(NamedTuple):
    """One side of the comparison; `share` is the length of its bar."""

    code: str
    spending: Spending
    share: int


def way_of(total: Steps) -> tuple[Bar, ...]:
    """The way of friends; each step says how many of those who joined made it.

    Openings are no people, so that the bars start with who joined.
    """
    bars = []
    for name in STEPS[1:]:
        count = getattr(total, name)
        part = share(count, total.joined)
        note = percent(part * 100) if name != "joined" and total.joined else ""
        bars.append(Bar(step_name(name), number(count), note, part))
    return tuple(bars)


def share(part: int, whole: int) -> int:
    """A part in hundredths of the whole, rounded; nothing of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def week_columns(weeks: Sequence[tuple[date, Steps]]) -> tuple[Column, ...]:
    """A column for each week, the tallest as tall as the picture."""
    most = max((steps.joined for _, steps in weeks), default=0) or 1
    return tuple(
        Column(
            week=week,
            joined=steps.joined,
            qualified=steps.qualified,
            left=n * WIDE + GAP // 2,
            tall=height(steps.joined, most),
            kept=height(steps.qualified, most),
        )
        for n, (week, steps) in enumerate(weeks)
    )


def height(count: int, most: int) -> int:
    """How tall a column is; one person can always be seen."""
    return max(TALL * count // most, 3) if count else 0


def cost_rows(cost: Cost) -> tuple[tuple[str, int], ...]:
    """What the points were for, those kinds that there are."""
    kinds = ("referrers", "friends", "welcome", "shares", "second")
    return tuple(
        (cost_name(kind), points) for kind in kinds if (points := getattr(cost, kind))
    )  # fmt: skip


def comparison(friends: Spending, others: Spending) -> tuple[Side, ...]:
    """Both sides of the comparison, drawn only where both can be compared."""
    medians = (friends.median_minor, others.median_minor)
    if None in medians:
        return ()
    most = max(one or 0 for one in medians) or 1
    return tuple(
        Side(code, one, share(one.median_minor or 0, most))
        for code, one in (("friends", friends), ("others", others))
    )
