"""Count anew: seed a member's missing counters, and recount to check the present ones."""

from collections.abc import Iterable

from gamification.activities.queries import member_acts
from gamification.case import Act, MemberState, Rows
from gamification.measures.rules import (
    Contribution,
    MeasureBook,
    build_book,
    contribution,
    counters_of,
    move_counters,
    read_keys,
)
from gamification.store import Store

KEPT = ("counted", "partly_returned")


def only(book: MeasureBook, measure_ids: frozenset[int]) -> MeasureBook:
    """The part of a book that holds some measures."""
    rows = [
        (view.measure_id, keyed.keys_id, view.spec, "active")
        for keyed in book.key_sets.values()
        for view in keyed.views
        if view.measure_id in measure_ids
    ]
    counts = [(i, None, spec, "active") for i, spec, _ in book.counts if i in measure_ids]
    sums = [(i, None, spec, "active") for i, spec in book.sums if i in measure_ids]
    return build_book(sorted([*rows, *counts, *sums], key=lambda row: row[0]))


def seed_missing(
    store: Store,
    book: MeasureBook,
    state: MemberState,
    rows: Rows,
    act: Act,
    before: Contribution,
    after: Contribution,
) -> None:
    """Count a member's past for measures that are still being seeded.

    A counter row, once there, has seen everything; a missing one of a seeding
    measure is counted from the activities first, in this same transaction.
    """
    if not book.seeding:
        return
    touched = {measure_id for measure_id, _ in counters_of(book, before, after)}
    if missing := unseeded(book, state) & touched:
        past = [a for a in member_acts(store, state.member_id) if a.id != act.id]
        seed(book, missing, state, rows, past)


def seed_members(
    store: Store,
    book: MeasureBook,
    states: Iterable[MemberState],
    rows: Rows,
    measures: frozenset[int] | None = None,
) -> None:
    """Count the past of members whose states are complete, before anything of theirs moves.

    Args:
        measures: the only ones to count; by default all that are being seeded.
    """
    wanted = book.seeding if measures is None else measures
    if not wanted:
        return
    for state in states:
        missing = unseeded(book, state) & wanted
        if missing and state.standing is not None:
            seed(book, missing, state, rows, member_acts(store, state.member_id))


def unseeded(book: MeasureBook, state: MemberState) -> frozenset[int]:
    """Measures that are being seeded and have no row among the counters that were read."""
    return frozenset(i for i in book.seeding if (i, "all") not in state.counters)


def seed(
    book: MeasureBook, missing: frozenset[int], state: MemberState, rows: Rows, acts: list[Act]
) -> None:
    """Count activities for measures that a member has no row of.

    Keys that are counted for a measure of before are there: whoever reads the same keys
    reads them, and does not count them once more.
    """
    mine, unready = only(book, missing), unseeded(book, state)
    shared = {
        keys_id: keyed
        for keys_id, keyed in mine.key_sets.items()
        if any(view.measure_id not in unready for view in book.key_sets[keys_id].views)
    }
    read = frozenset(view.measure_id for keyed in shared.values() for view in keyed.views)
    replay_into(only(book, missing - read), state, rows, acts)
    kept = [contribution(mine, act) for act in acts if act.state in KEPT]
    present = {key for part in kept for key in part.keys if key[0] in shared}
    read_keys(mine, state, rows, present)


def replay_into(book: MeasureBook, state: MemberState, rows: Rows, acts: list[Act]) -> None:
    """Let activities, as they are kept now, move counters from nothing, in order of time."""
    empty = Contribution()
    for act in acts:
        if act.state in KEPT:
            move_counters(book, state, rows, empty, contribution(book, act))
