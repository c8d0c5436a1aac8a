"""Count how the shop's customers buy, once a day; whoever asks without it counts on the spot."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from gamification.audiences.moments import KEPT, start_of
from gamification.audiences.stages import SPAN_DAYS, Rhythm, cuts_of, cycle_of
from gamification.store import Store, compact_json

MOST_BUYERS = 20_000
"""Of more buyers than so many every second, third … is looked at, by their numbers."""


def rhythm_on(store: Store, day: date, zone: ZoneInfo) -> Rhythm:
    """How the shop's customers bought up to 00:00 of a day.

    The row of the day where the night has counted one; else counted on the spot, which
    costs a look at every receipt of a year.
    """
    row = store.first(
        "SELECT typical_days, long_days, gaps, buyers, cuts FROM purchase_rhythm WHERE day = ?",
        day.isoformat(),
    )
    if row is None or row[3] == 0:
        return count_rhythm(store, day, zone)
    cuts = json.loads(row[4]) if isinstance(row[4], str) else row[4]
    return Rhythm(*row[:4], *(tuple(cuts[name]) for name in ("silence", "days", "money")))


def keep_rhythm(store: Store, day: date, zone: ZoneInfo, *, now: int) -> Rhythm:
    """Count the rhythm of a day and keep it, in place of an earlier count of that day.

    Args:
        now: the instant of the counting, in microseconds.
    """
    rhythm = count_rhythm(store, day, zone)
    cuts = {"silence": rhythm.silence, "days": rhythm.days, "money": rhythm.money}
    row = (
        day.isoformat(), rhythm.gaps, rhythm.typical_days, rhythm.long_days, rhythm.buyers,
        compact_json(cuts), now,
    )  # fmt: skip
    store.insert("purchase_rhythm", [row], conflict="replace")
    return rhythm


def count_rhythm(store: Store, day: date, zone: ZoneInfo) -> Rhythm:
    """Count the rhythm from the receipts of the 366 local dates before a day; writes nothing."""
    span = (start_of(day - timedelta(days=SPAN_DAYS), zone), start_of(day, zone))
    step = _step(store, span)
    days: defaultdict[int, list[int]] = defaultdict(list)
    for member_id, text in store.rows(
        "SELECT DISTINCT a.member_id, a.local_date FROM activity a"
        f" WHERE {KEPT} AND a.occurred_at >= ? AND a.occurred_at < ? AND a.member_id % ? = 0",
        *span,
        step,
    ):
        days[member_id].append(date.fromisoformat(text).toordinal())
    money = store.rows(
        "SELECT a.member_id, SUM(a.amount_left) FROM activity a"
        " WHERE a.type IN ('purchase', 'return') AND a.state IN ('counted', 'partly_returned')"
        " AND a.occurred_at >= ? AND a.occurred_at < ? AND a.member_id % ? = 0"
        " GROUP BY a.member_id",
        *span,
        step,
    )
    return _rhythm(days.values(), [int(kept) for i, kept in money if i in days], day)


def _step(store: Store, span: tuple[int, int]) -> int:
    """Every which member is looked at, so that the cost has a bound."""
    row = store.first("SELECT COUNT(*) FROM standing")
    assert row is not None, "a count answers always"
    return max(1, -(-int(row[0]) // MOST_BUYERS))


def _rhythm(buyers: Iterable[Sequence[int]], money: Sequence[int], day: date) -> Rhythm:
    dates = [sorted(found) for found in buyers]
    gaps = [later - earlier for found in dates for earlier, later in pairwise(found)]
    last = day.toordinal() - 1
    typical_days, long_days = cycle_of(gaps)
    return Rhythm(
        typical_days=typical_days,
        long_days=long_days,
        gaps=len(gaps),
        buyers=len(dates),
        silence=cuts_of([max(last - found[-1], 0) for found in dates]),
        days=cuts_of([len(found) for found in dates]),
        money=cuts_of(money),
    )
