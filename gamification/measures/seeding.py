"""Count anew: seed a member's missing counters, and recount to check the present ones."""

from gamification.activities.queries import member_acts
from gamification.case import Act, MemberState, Rows
from gamification.measures.rules import (
    Contribution,
    MeasureBook,
    build_book,
    contribution,
    counters_of,
    move_counters,
)
from gamification.store import Store


def only(book: MeasureBook, measure_ids: set[int]) -> MeasureBook:
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
    missing = {
        measure_id
        for measure_id in touched & book.seeding
        if (measure_id, "all") not in state.counters
    }
    if missing:
        past = [a for a in member_acts(store, state.member_id) if a.id != act.id]
        replay_into(only(book, missing), state, rows, past)


def replay_into(book: MeasureBook, state: MemberState, rows: Rows, acts: list[Act]) -> None:
    """Let activities, as they are kept now, move counters from nothing, in order of time."""
    empty = Contribution()
    for act in acts:
        if act.state in ("counted", "partly_returned"):
            move_counters(book, state, rows, empty, contribution(book, act))
