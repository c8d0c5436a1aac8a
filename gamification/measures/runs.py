"""Measures that read keys in order: streaks, gaps and second visits.

Each has a step (one new latest key) and a fold (all keys again). Both are pure,
and the fold is nothing but the step repeated, so they cannot disagree.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from gamification.case import CounterValue
from gamification.measures.catalogue import Best, Distinct, Gap, Keyed, Streak, Within
from gamification.programme import zone_of

Step = Callable[[CounterValue, str], CounterValue]


MOST_IN_FLIGHT = timedelta(hours=36)
"""How long a member may be between two days that a flight over the date line parts."""


@lru_cache(maxsize=4096)
def ordinal(unit: str, key: str) -> int:
    """Days, weeks or months counted through, so that neighbours differ by one."""
    if unit == "month":
        return int(key[:4]) * 12 + int(key[5:7]) - 1
    days = date.fromisoformat(key[:10]).toordinal()
    return (days - 1) // 7 if unit == "week" else days


def period_of(unit: str, index: int, per: str) -> int:
    """The month or quarter in which a counted day, week or month begins."""
    if unit == "month":
        return index if per == "month" else index // 3
    day = date.fromordinal(index * 7 + 1 if unit == "week" else index)
    month = day.year * 12 + day.month - 1
    return month if per == "month" else month // 3


@dataclass(frozen=True, slots=True)
class Run:
    """What a streak remembers: its present run, the last key, and the freezes of a period."""

    length: int
    last: int
    period: int
    used: int
    key: str

    def text(self) -> str:
        """As a counter's memory keeps it."""
        return f"{self.length}|{self.last}|{self.period}|{self.used}|{self.key}"


def run_of(memory: str | None) -> Run | None:
    """A streak's memory read back; None before its first key."""
    if memory is None:
        return None
    length, last, period, used, key = memory.split("|")
    return Run(int(length), int(last), int(period), int(used), key)


def streak_step(spec: Streak) -> Step:
    """One more period: the run goes on, is bridged by freezes, or begins again."""
    unit = spec.key_kind()

    def step(before: CounterValue, key: str) -> CounterValue:
        best, now = before[0], ordinal(unit, key)
        run = run_of(before[1])
        if run is None:
            following = Run(1, now, -1, 0, key)
        elif now == run.last:
            following = replace(run, key=key)
        elif now - run.last == 1 or (unit == "moment" and is_flight(run, now, key)):
            following = replace(run, length=run.length + 1, last=now, key=key)
        else:
            following = frozen_over(spec, unit, run, now, key)
        return max(best, following.length), following.text()

    return step


def frozen_over(spec: Streak, unit: str, run: Run, now: int, key: str) -> Run:
    """The run after a gap: every missing period takes a freeze of its month or quarter."""
    period, used = run.period, run.used
    again = Run(1, now, period, used, key)
    if now - run.last - 1 > 2 * spec.freezes:
        return again
    for missing in range(run.last + 1, now):
        if (here := period_of(unit, missing, spec.per)) != period:
            period, used = here, 0
        used += 1
        if used > spec.freezes:
            return again
    return Run(run.length + 1, now, period, used, key)


def is_flight(run: Run, now: int, key: str) -> bool:
    """Whether one local date is missing only because the member flew over it.

    Two dates ahead, in another zone, less than 36 hours later.
    """
    if now - run.last != 2 or run.key[17:] == key[17:]:
        return False
    return moment_of(key) - moment_of(run.key) < MOST_IN_FLIGHT


def moment_of(key: str) -> datetime:
    """The instant of a key like `2026-09-24T23:10 Europe/Moscow`."""
    return datetime.fromisoformat(key[:16]).replace(tzinfo=zone_of(key[17:])).astimezone(UTC)


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
            return streak_step(spec)
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
    if isinstance(spec, Streak):
        return int(state.split("|")[1])
    return int(state if isinstance(spec, Gap) else state.split(":")[2])


def fold(spec: Keyed, keys: Iterable[str]) -> CounterValue:
    """The value over a whole set of keys, whatever order they came in."""
    step = step_of(spec)
    value: CounterValue = (0, None)
    for key in sorted(keys):
        value = step(value, key)
    return value
