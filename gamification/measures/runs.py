"""Measures that read keys in order: streaks, gaps and second visits.

Each has a step (one new latest key) and a fold (all keys again). Both are pure,
and the fold is nothing but the step repeated, so they cannot disagree.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from gamification.case import CounterValue
from gamification.measures.catalogue import Best, Distinct, Gap, Keyed, Streak, Within

Step = Callable[[CounterValue, str], CounterValue]


@lru_cache(maxsize=4096)
def ordinal(unit: str, key: str) -> int:
    """Days, weeks or months counted through, so that neighbours differ by one."""
    if unit == "month":
        return int(key[:4]) * 12 + int(key[5:7]) - 1
    days = date.fromisoformat(key).toordinal()
    return days if unit == "day" else (days - 1) // 7


def quarter_of(unit: str, index: int) -> int:
    """The quarter in which a counted day, week or month begins."""
    if unit == "month":
        return index // 3
    day = date.fromordinal(index if unit == "day" else index * 7 + 1)
    return day.year * 4 + (day.month - 1) // 3


def streak_step(unit: str, freezes: int) -> Step:
    """One more period: the run goes on, is bridged by a freeze, or begins again."""

    def step(before: CounterValue, key: str) -> CounterValue:
        best, state = before
        now = ordinal(unit, key)
        run, last, frozen = map(int, state.split(":")) if state else (0, -9, -1)
        if now - last == 1:
            run += 1
        elif now - last == 2 and freezes and quarter_of(unit, last + 1) != frozen:
            run, frozen = run + 1, quarter_of(unit, last + 1)
        else:
            run = 1
        return max(best, run), f"{run}:{now}:{frozen}"

    return step


def gap_step(days: int) -> Step:
    """One more day: counts when it came after a long silence."""

    def step(before: CounterValue, key: str) -> CounterValue:
        value, state = before
        now = ordinal("day", key)
        return value + (state is not None and now - int(state) >= days), str(now)

    return step


def within_step(days: int) -> Step:
    """One more day: only the second one matters."""

    def step(before: CounterValue, key: str) -> CounterValue:
        _value, state = before
        now = ordinal("day", key)
        if state is None:
            return 0, f"1:{now}:{now}"
        seen, first, _ = map(int, state.split(":"))
        if seen > 1:
            return before
        return int(now - first <= days), f"2:{first}:{now}"

    return step


def best_step(before: CounterValue, key: str) -> CounterValue:
    """One more value: the largest stays."""
    return max(before[0], int(key)), None


def distinct_step(before: CounterValue, key: str) -> CounterValue:
    """One more key."""
    return before[0] + 1, None


def step_of(spec: Keyed) -> Step:
    """The step of a keyed measure."""
    match spec:
        case Streak():
            return streak_step(spec.unit, spec.freezes)
        case Gap():
            return gap_step(spec.days)
        case Within():
            return within_step(spec.days)
        case Best():
            return best_step
        case _:
            return distinct_step


def is_ordered(spec: Keyed) -> bool:
    """Whether the step needs its keys in order."""
    return isinstance(spec, Streak | Gap | Within)


def is_countable(spec: Keyed) -> bool:
    """Whether a key that goes simply counts one less."""
    return isinstance(spec, Distinct)


def last_ordinal(spec: Keyed, state: str | None) -> int | None:
    """The latest key that an ordered measure has seen, counted through."""
    if state is None:
        return None
    if isinstance(spec, Gap):
        return int(state)
    parts = state.split(":")
    return int(parts[1] if isinstance(spec, Streak) else parts[2])


def fold(spec: Keyed, keys: Iterable[str]) -> CounterValue:
    """The value over a whole set of keys, whatever order they came in."""
    step = step_of(spec)
    value: CounterValue = (0, None)
    for key in sorted(keys):
        value = step(value, key)
    return value
