"""Tiers and medals of many members as they were at the end of a day; nothing is written."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from gamification.case import StandingState
from gamification.definitions import Definitions
from gamification.sources import day_of
from gamification.store import Store
from gamification.tiers.actions import MARKERS
from gamification.tiers.rules import review_due, reviews_until, window_over


class LogRow(NamedTuple):
    """A line of the standing log."""

    member_id: int
    id: int
    day: str
    tier_id: int
    since: str
    term_ends: str | None
    grace_until: str | None
    reason: str
    recorded: int
    voided_by: int | None


def tier_codes(
    store: Store, definitions: Definitions, ids: Sequence[int], as_of: date, instant: int
) -> dict[int, str]:
    """The tier that stood at the end of a day, reviews that fell due included.

    Somebody without a standing stands on the first tier.
    """
    logs: dict[int, list[LogRow]] = {}
    for row in store.in_list(
        "SELECT member_id, id, effective_from, tier_id, since, term_ends, grace_until, reason,"
        " recorded_at, voided_by FROM standing_log WHERE member_id IN (?*) ORDER BY id",
        ids,
    ):
        logs.setdefault(row[0], []).append(LogRow(*row))
    standings = {
        member_id: standing
        for member_id, log in logs.items()
        if (standing := _standing_of(log, definitions, as_of, instant))
    }
    due = [i for i, s in standings.items() if (day := review_due(s)) and day <= as_of]
    sums = _day_sums(store, definitions, due)
    found = dict.fromkeys(ids, definitions.tier_at(1).code)
    for member_id, standing in standings.items():
        if member_id in sums:
            window = window_over(sums[member_id], definitions.programme.window_days)
            changes = reviews_until(
                standing, as_of, window, definitions.tiers, definitions.programme
            )
            standing = changes[-1].after if changes else standing
        found[member_id] = definitions.tier_at(standing.position).code
    return found


def _standing_of(
    log: Sequence[LogRow], definitions: Definitions, as_of: date, instant: int
) -> StandingState | None:
    """The last decision of a log that held at an instant and was in force on a day."""
    then = [
        row
        for row in log
        if row.reason not in MARKERS
        and row.recorded <= instant
        and row.day <= as_of.isoformat()
        and not _voided_by_then(row, log, instant)
    ]
    if not then:
        return None
    last = max(then, key=lambda row: (row.day, row.id))
    return StandingState(
        definitions.position_of(last.tier_id),
        date.fromisoformat(last.since),
        day_of(last.term_ends),
        day_of(last.grace_until),
    )


def _voided_by_then(row: LogRow, log: Sequence[LogRow], instant: int) -> bool:
    """Whether a decision was taken back already: the truer ones were written right after that."""
    if row.voided_by is None:
        return False
    after = next((other for other in log if other.id > row.voided_by), None)
    return after is None or after.recorded <= instant


def _day_sums(
    store: Store, definitions: Definitions, ids: Sequence[int]
) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = {member_id: {} for member_id in ids}
    for member_id, day, value in store.in_list(
        "SELECT member_id, day, value FROM day_sum WHERE member_id IN (?*) AND measure_id = ?",
        ids,
        definitions.tier_measure,
    ):
        found[member_id][date.fromisoformat(day)] = value
    return found


def medals_held(store: Store, ids: Sequence[int], instant: int) -> dict[int, int]:
    """How many awards each member held at an instant."""
    last: dict[int, tuple[int, str]] = {}
    for award_id, member_id, status in store.in_list(
        "SELECT w.id, w.member_id, g.to_status FROM award w"
        " JOIN award_log g ON g.award_id = w.id LEFT JOIN activity a ON a.id = g.activity_id"
        " WHERE w.member_id IN (?*) AND w.earned_at <= ? AND COALESCE(a.occurred_at, g.at) <= ?"
        " ORDER BY g.id",
        ids,
        instant,
        instant,
    ):
        last[award_id] = (member_id, status)
    found: dict[int, int] = {}
    for member_id, status in last.values():
        if status == "active":
            found[member_id] = found.get(member_id, 0) + 1
    return found
