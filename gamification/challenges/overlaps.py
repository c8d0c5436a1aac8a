"""What two challenges both pay for: acts that a step of each would count."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from gamification.challenges.terms import Step
from gamification.measures.catalogue import Where, in_hours

DAY_MINUTES = 1_440
Span = tuple[int, int]
T = TypeVar("T")


class Shared(NamedTuple):
    """Acts that count for both; what `where` does not name may be anything."""

    events: tuple[str, ...]
    where: Where


def shared_by(mine: Sequence[Step], theirs: Sequence[Step]) -> tuple[Shared, ...]:
    """What some step of one and some step of the other both count, each once."""
    found = (_shared(one, other) for one in mine for other in theirs)
    return tuple(dict.fromkeys(shared for shared in found if shared is not None))


def _shared(one: Step, other: Step) -> Shared | None:
    """The acts of both steps; None where there can be none."""
    events = tuple(event for event in one.events if event in other.events)
    a, b = one.where, other.where
    categories, stores = _both(a.categories, b.categories), _both(a.stores, b.stores)
    channels, weekdays = _both(a.channels, b.channels), _both(a.weekdays, b.weekdays)
    challenges, hours = _both(a.challenges, b.challenges), _hours(a.hours, b.hours)
    if not events or categories is None or stores is None or channels is None:
        return None
    if weekdays is None or challenges is None or hours is None:
        return None
    where = Where(
        categories=categories,
        stores=stores,
        channels=channels,
        weekdays=weekdays,
        challenges=challenges,
        hours=hours,
    )
    return Shared(events, where)


def _both(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...] | None:
    """What lies in both, where nothing named means everything; None where nothing does."""
    if not one or not other:
        return one or other
    return tuple(value for value in one if value in other) or None


def _hours(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...] | None:
    """Spans of local minutes that lie in both; an end at midnight is 1440."""
    if not one or not other:
        return one or other
    minutes = [m for m in range(DAY_MINUTES) if _is_in(m, one) and _is_in(m, other)]
    if not minutes:
        return None
    starts = [m for n, m in enumerate(minutes) if n == 0 or minutes[n - 1] != m - 1]
    ends = [m + 1 for n, m in enumerate(minutes) if minutes[n + 1 : n + 2] != [m + 1]]
    return tuple(zip(starts, ends, strict=True))


def _is_in(minute: int, spans: tuple[Span, ...]) -> bool:
    return any(in_hours(minute, span) for span in spans)
