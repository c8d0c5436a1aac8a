"""Stages of a customer's life and kinds by value, by how this shop's own customers buy.

The shop's cycle comes from the days between one purchase day and the next of the same
member, over the 366 local dates before a day: `typical_days` is their median, `long_days`
the number within which nine of ten come back. By silence, the dates since the last kept
purchase up to the last date that is over or running:

| stage | who |
|---|---|
| potential | nothing kept, ever |
| new | the first kept purchase at most `long_days` ago |
| active | older than that, and silent for at most `long_days` |
| at_risk | silent for longer than nine of ten are, up to twice `long_days` |
| lapsed | silent for more than twice `long_days` |

Kinds by value score recency, frequency (purchase days) and money of the same 366 dates
from 1 to 5 by fifths of the buyers; equal numbers get equal scores, the lower where a
bound runs through them. With V the mean of the last two, rounded up:

| recency | V 4-5 | V 3 | V 1-2 |
|---|---|---|---|
| 4-5 | champions | loyal | promising |
| 3 | loyal | loyal | promising |
| 2 | at_risk | at_risk | sleeping |
| 1 | at_risk | at_risk | lost |

Who bought only before those dates is lost, who never bought is of no kind. What was bought
since the last midnight counts for a member, not yet for the shop. Source: decision 0113.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gamification.audiences.conditions import Stage, Value

SPAN_DAYS = 366
LEAST_GAPS = 30
"""With fewer ways back than this a shop has no cycle to tell yet."""
USUAL, USUAL_LONG = 30, 60
"""The cycle of a shop that has none to tell yet, in days."""
SHORTEST_LONG = 7
"""Nobody is at risk within a week, however daily the shop."""
FIFTHS = 5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How the shop's customers buy, as at 00:00 of a day.

    Each of the cuts holds four bounds, ascending: silence in days, purchase days, money in
    minor units; none where nobody bought.
    """

    typical_days: int = USUAL
    long_days: int = USUAL_LONG
    gaps: int = 0
    buyers: int = 0
    silence: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    money: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Purchases:
    """What a member has kept: dates since the last purchase; of the last 366 dates the
    purchase days and the money."""

    silence: int
    days: int
    money: int


def stage_of(since_first: int | None, silence: int, rhythm: Rhythm) -> Stage:
    """The stage of a member; `since_first` is None for who kept nothing. Dates, today's 0."""
    if since_first is None:
        return "potential"
    if since_first <= rhythm.long_days:
        return "new"
    if silence <= rhythm.long_days:
        return "active"
    return "at_risk" if silence <= 2 * rhythm.long_days else "lapsed"


def value_of(bought: Purchases, rhythm: Rhythm) -> Value:
    """The kind of a member who has kept something, by recency, frequency and money."""
    if bought.days == 0:
        return "lost"
    recency = FIFTHS + 1 - score(bought.silence, rhythm.silence)
    worth = (score(bought.days, rhythm.days) + score(bought.money, rhythm.money) + 1) // 2
    if recency <= 2:
        return "at_risk" if worth >= 3 else ("sleeping" if recency == 2 else "lost")
    if worth <= 2:
        return "promising"
    return "champions" if recency >= 4 and worth >= 4 else "loyal"


def score(number: int, cuts: Sequence[int]) -> int:
    """In which fifth a number lies: 1 up to and with the first bound, 5 above the last."""
    return 1 + sum(cut < number for cut in cuts)


def cuts_of(numbers: Sequence[int]) -> tuple[int, ...]:
    """The four bounds between fifths: each the largest number of its fifth; none of nothing."""
    if not numbers:
        return ()
    ordered, count = sorted(numbers), len(numbers)
    return tuple(ordered[-(-k * count // FIFTHS) - 1] for k in range(1, FIFTHS))


def cycle_of(gaps: Sequence[int]) -> tuple[int, int]:
    """The median gap and the one within which nine of ten come back, in days.

    The usual ones below 30 gaps; the long one is a week at least.
    """
    if len(gaps) < LEAST_GAPS:
        return USUAL, USUAL_LONG
    ordered, count = sorted(gaps), len(gaps)
    long_days = max(ordered[-(-9 * count // 10) - 1], SHORTEST_LONG)
    return ordered[-(-count // 2) - 1], long_days
