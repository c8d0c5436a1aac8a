"""How an activity moves counters: contribution before and after, and the step between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from gamification.case import Act, CounterValue, MemberState, Movement, Rows
from gamification.measures.catalogue import Count, Keyed, Spec, Sum
from gamification.measures.compiled import Keys, Numbers, keys_of, numbers_of
from gamification.measures.runs import (
    Step,
    fold,
    is_countable,
    is_ordered,
    last_ordinal,
    ordinal,
    step_of,
)


@dataclass(frozen=True, slots=True)
class View:
    """A keyed measure as a reader of one key set."""

    measure_id: int
    spec: Keyed
    unit: str
    step: Step
    ordered: bool
    countable: bool


@dataclass(frozen=True, slots=True)
class KeySet:
    """Keys that several measures share, owned by the first of them."""

    keys_id: int
    monthly: bool
    keys: Keys
    views: tuple[View, ...]


Moved = tuple[tuple[tuple[int, Numbers], ...], tuple[KeySet, ...]]
"""What a type of act moves: counts by measure, and sets of keys."""
NOTHING: Moved = ((), ())


@dataclass(frozen=True, slots=True)
class MeasureBook:
    """All live measures, sorted for use. `seeding` ones may lack rows for a member.

    `by_event` has the counts and key sets that each type of act moves.
    """

    counts: tuple[tuple[int, Count, Numbers], ...]
    sums: tuple[tuple[int, Sum], ...]
    key_sets: dict[int, KeySet]
    by_event: dict[str, Moved]
    specs: dict[int, Spec]
    seeding: frozenset[int]


@dataclass(slots=True)
class Contribution:
    """What one activity adds: numbers by period, keys by set and period, sums by day."""

    numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    keys: dict[tuple[int, str, str], int] = field(default_factory=dict)
    days: dict[tuple[int, date], int] = field(default_factory=dict)


def merge(parts: Sequence[Contribution]) -> Contribution:
    """Several activities' contributions as one, keeping apart what is counted by key."""
    whole = Contribution()
    for part in parts:
        for number, amount in part.numbers.items():
            whole.numbers[number] = whole.numbers.get(number, 0) + amount
        for day, amount in part.days.items():
            whole.days[day] = whole.days.get(day, 0) + amount
        for key, n in part.keys.items():
            whole.keys[key] = whole.keys.get(key, 0) + n
    return whole


WINDOW = timedelta(days=366)
"""The longest rolling window: what is read along with a day's sum."""


def build_book(rows: Sequence[tuple[int, int | None, Spec, str]]) -> MeasureBook:
    """The book of measures from (id, id of the key set's owner, spec, status)."""
    sets: dict[int, list[View]] = {}
    owners: dict[int, Keyed] = {}
    for measure_id, keys_id, spec, _ in rows:
        if isinstance(spec, Keyed):
            owner = keys_id or measure_id
            unit, step = spec.key_kind(), step_of(spec)
            view = View(measure_id, spec, unit, step, is_ordered(spec), is_countable(spec))
            sets.setdefault(owner, []).append(view)
            owners.setdefault(owner, spec)
    counts = tuple((i, s, numbers_of(s)) for i, _, s, _ in rows if isinstance(s, Count))
    key_sets = {
        owner: KeySet(
            owner,
            spec.window_kind() == "month",
            keys_of(spec.key_kind(), spec.where),
            tuple(sets[owner]),
        )
        for owner, spec in owners.items()
    }
    told: list[Count | Keyed] = [*(spec for _, spec, _ in counts), *owners.values()]
    named = {event for spec in told for event in spec.events}
    return MeasureBook(
        counts=counts,
        sums=tuple((i, s) for i, _, s, _ in rows if isinstance(s, Sum)),
        key_sets=key_sets,
        by_event={
            event: (
                tuple((i, numbers) for i, spec, numbers in counts if event in spec.events),
                tuple(key_sets[owner] for owner, spec in owners.items() if event in spec.events),
            )
            for event in named
        },
        specs={i: s for i, _, s, _ in rows},
        seeding=frozenset(i for i, _, _, status in rows if status == "seeding"),
    )


def contribution(book: MeasureBook, act: Act) -> Contribution:
    """What an activity adds, given what is kept of it now.

    An unmatched return adds to sums only, on its own date (decisions, 11). Acts besides
    purchases add to counts and keys that name them, and to no sum.
    """
    given = Contribution()
    if not act.is_receipt:
        if act.state == "counted":
            _add_counted(book, act, given)
        return given
    for measure_id, total in book.sums:
        if amount := total.number(act):
            if total.by == "day":
                given.days[measure_id, act.day] = amount
            else:
                given.numbers[measure_id, "all"] = amount
    if act.type != "purchase" or act.amount_left <= 0:
        return given
    _add_counted(book, act, given)
    return given


def _add_counted(book: MeasureBook, act: Act, given: Contribution) -> None:
    """Numbers and keys of the measures that this type of act moves."""
    counts, key_sets = book.by_event.get(act.type, NOTHING)
    for measure_id, numbers in counts:
        for period, amount in numbers(act).items():
            given.numbers[measure_id, period] = amount
    month = act.day.isoformat()[:7]
    for keyed in key_sets:
        period = month if keyed.monthly else "all"
        for key in keyed.keys(act):
            given.keys[keyed.keys_id, period, key] = 1


def counters_of(book: MeasureBook, *parts: Contribution) -> list[tuple[int, str]]:
    """The counters that these contributions can move, whole-history rows included."""
    seen: set[tuple[int, str]] = set()
    for part in parts:
        for measure_id, period in part.numbers:
            seen.add((measure_id, period))
            seen.add((measure_id, "all"))
        for keys_id, period in {(keys_id, period) for keys_id, period, _ in part.keys}:
            for view in book.key_sets[keys_id].views:
                seen.add((view.measure_id, period))
                seen.add((view.measure_id, "all"))
    return sorted(seen)


def move_counters(
    book: MeasureBook, state: MemberState, rows: Rows, before: Contribution, after: Contribution
) -> list[Movement]:
    """Move every counter by `after - before`; answers what moved, in order of measures."""
    moved: list[Movement] = []
    periods = before.numbers.keys() | after.numbers.keys()
    for measure_id, period in sorted(periods):
        delta = after.numbers.get((measure_id, period), 0) - before.numbers.get(
            (measure_id, period), 0
        )
        if delta:
            old, _ = state.counters.get((measure_id, period), (0, None))
            moved += _set_counter(state, rows, measure_id, period, (old + delta, None))
    moved += _move_keys(book, state, rows, before, after)
    for measure_id, day in before.days.keys() | after.days.keys():
        delta = after.days.get((measure_id, day), 0) - before.days.get((measure_id, day), 0)
        if delta:
            value = state.sums_from(measure_id, day - WINDOW).get(day, 0) + delta
            state.set_sum(measure_id, day, value)
            rows.days[state.member_id, measure_id, day.isoformat()] = value
    moved.sort(key=lambda movement: (movement.measure_id, movement.period))
    return moved


def _move_keys(
    book: MeasureBook, state: MemberState, rows: Rows, before: Contribution, after: Contribution
) -> list[Movement]:
    if before.keys == after.keys:
        return []
    come: dict[tuple[int, str], list[str]] = {}
    gone: dict[tuple[int, str], list[str]] = {}
    for owned in sorted(after.keys.keys() | before.keys.keys()):
        delta = after.keys.get(owned, 0) - before.keys.get(owned, 0)
        if not delta:
            continue
        keys_id, period, key = owned
        had = state.keys.get(owned, 0)
        state.keys[owned] = rows.keys[(state.member_id, *owned)] = had + delta
        if had == 0:
            come.setdefault((keys_id, period), []).append(key)
        elif had + delta == 0:
            gone.setdefault((keys_id, period), []).append(key)
    moved: list[Movement] = []
    for keys_id, period in come.keys() | gone.keys():
        here, away = come.get((keys_id, period), []), gone.get((keys_id, period), [])
        for view in book.key_sets[keys_id].views:
            value = _view_value(state, keys_id, view, period, here, away)
            moved += _set_counter(state, rows, view.measure_id, period, value)
    return moved


def _view_value(
    state: MemberState, keys_id: int, view: View, period: str, come: list[str], gone: list[str]
) -> CounterValue:
    value = state.counters.get((view.measure_id, period), (0, None))
    if view.countable:
        return value[0] + len(come) - len(gone), None
    if gone or (view.ordered and not _is_later(view, value[1], come)):
        return fold(view.spec, _present_keys(state, keys_id, period))
    for key in come:
        value = view.step(value, key)
    return value


def _is_later(view: View, memory: str | None, come: Iterable[str]) -> bool:
    """Whether all new keys lie after the last one seen: then a step is enough."""
    last = last_ordinal(view.spec, memory)
    return last is None or all(ordinal(view.unit, key) > last for key in come)


def _present_keys(state: MemberState, keys_id: int, period: str) -> list[str]:
    """All keys held now: the stored ones, with what this case changed on top."""
    counts = state.source.key_counts(keys_id, period)
    for (owner, when, key), n in state.keys.items():
        if owner == keys_id and when == period:
            counts[key] = n
    return [key for key, n in counts.items() if n > 0]


def read_keys(
    book: MeasureBook, state: MemberState, rows: Rows, present: Iterable[tuple[int, str, str]]
) -> None:
    """Set the counters over keys (set, period, key) that are there already; moves no key."""
    by_period: dict[tuple[int, str], list[str]] = {}
    for keys_id, period, key in sorted(present):
        by_period.setdefault((keys_id, period), []).append(key)
    for (keys_id, period), keys in by_period.items():
        for view in book.key_sets[keys_id].views:
            _set_counter(state, rows, view.measure_id, period, fold(view.spec, keys))


def _set_counter(
    state: MemberState, rows: Rows, measure_id: int, period: str, value: CounterValue
) -> list[Movement]:
    """Set a counter; a period's own value also moves `all`, the best of its periods."""
    old = state.counters.get((measure_id, period), (0, None))
    if value == old and (measure_id, period) in state.counters:
        return []
    state.counters[measure_id, period] = value
    rows.counters[state.member_id, measure_id, period] = value
    moved = [Movement(measure_id, period, old[0], value[0])] if value[0] != old[0] else []
    if period == "all":
        return moved
    best, _ = state.counters.get((measure_id, "all"), (0, None))
    if value[0] > best:
        moved += _set_counter(state, rows, measure_id, "all", (value[0], None))
    elif value[0] < old[0] == best:
        top = max(_period_values(state, measure_id), default=0)
        moved += _set_counter(state, rows, measure_id, "all", (top, None))
    return moved


def _period_values(state: MemberState, measure_id: int) -> list[int]:
    values = {p: v for p, (v, _) in state.source.counter_values(measure_id).items()}
    for (owner, period), (value, _) in state.counters.items():
        if owner == measure_id:
            values[period] = value
    values.pop("all", None)
    return list(values.values())
