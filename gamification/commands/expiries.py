"""What the clock says about points that will burn: nobody loses any unannounced."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from gamification.columns import to_micros
from gamification.definitions import current_definitions
from gamification.notices.rules import NOTICE_COLUMNS
from gamification.programme import Programme, day_starts, local_day
from gamification.store import Store, compact_json
from gamification.world import World

STEPS = (30, 7, 1)
"""So many days before the last one points are announced; one that was missed is made up for."""
PAGE = 1_000
Window = tuple[int, int, date, int]
DUE = (
    "WITH days(lo, hi, day, step) AS (VALUES {days})"
    " SELECT l.member_id, d.day, d.step, m.locale, SUM(l.remaining - l.reserved)"
    " FROM days d JOIN lot l ON l.expires_at > d.lo AND l.expires_at <= d.hi"
    " JOIN member m ON m.id = l.member_id"
    " WHERE l.remaining > 0 AND l.remaining > l.reserved AND l.available_at <= ?"
    " AND m.status = 'active' AND m.claimed_at IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.dedupe_key ="
    " 'expiring:' || CAST(l.member_id AS TEXT) || ':' || d.day || ':' || CAST(d.step AS TEXT))"
    " GROUP BY l.member_id, d.day, d.step, m.locale ORDER BY l.member_id, d.day LIMIT ?"
)


def announce_expiry(world: World, limit: int = PAGE) -> int:
    """Write the messages that points will burn; answers how many. Five statements at most.

    Once per member, last day and step, for what could be spent at this instant, and only to
    those who have come in themselves. Source: experience, house rule 4.
    """
    store = Store(world.session.connection())
    programme = current_definitions(world.session).programme
    now, due = to_micros(world.now), list[Any]()
    for part in by_urgency(list(windows(programme, world))):
        if len(due) < limit:
            due += store.rows(DUE.format(days=values_of(part)), now, limit - len(due))
    rows = [
        (
            world.ids(), member_id, "expiring", "inbox", "service", locale,
            compact_json({"points": int(points), "on": day}),
            f"expiring:{member_id}:{day}:{step}", "open", 0, now, now,
        )
        for member_id, day, step, locale, points in due
    ]  # fmt: skip
    store.insert("notice", rows, columns=NOTICE_COLUMNS, conflict="ignore")
    return len(rows)


def by_urgency(days: Sequence[Window]) -> list[list[Window]]:
    """The three days whose step is due today each alone, then the others at once.

    Steps follow each other until nothing is left: those of an ordinary morning look at three
    days, and only the last one at what earlier mornings may have missed.
    """
    exact = [[days[left]] for left in STEPS]
    return [*exact, [day for left, day in enumerate(days) if left not in STEPS]]


def values_of(days: Sequence[Window]) -> str:
    """The days as rows of a statement."""
    return ", ".join(f"({lo}, {hi}, '{day}', {step})" for lo, hi, day, step in days)


def windows(programme: Programme, world: World) -> Iterator[Window]:
    """Every day within reach: the instants between which lots of that last day lapse, its step.

    A lot lapses at the first instant that it cannot be spent at any more, so that the last
    day's own end, midnight, still belongs to it.
    """
    today = local_day(world.now, programme.zone)
    for left in range(max(STEPS) + 1):
        day = today + timedelta(days=left)
        starts = [
            to_micros(day_starts(each, programme.zone)) for each in (day, day + timedelta(days=1))
        ]
        yield max(starts[0], to_micros(world.now)), starts[1], day, step_of(left)


def step_of(left: int) -> int:
    """The step that is due when so many days are left: the nearest one that was reached."""
    return min(step for step in STEPS if left <= step)
