"""Find activities and put them back together from their rows."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from gamification.activities.registry import OWN_SOURCE
from gamification.case import Act, Line
from gamification.store import Store

ACT_COLUMNS = (
    "id, source, external_id, member_id, type, state, occurred_at, recorded_at, zone, local_date,"
    " local_minute, amount, amount_left, base, base_left, points, points_left, points_paid,"
    " body_hash, store, channel, operator, names_id, names_source, judged, outcome, body"
)
LINE_COLUMNS = (
    "activity_id, line_no, sku, category, quantity, quantity_left, amount, paid, base, price,"
    " discounts"
)


def parsed(value: Any) -> Any:
    """A JSON column read past the ORM: text on SQLite, a value on PostgreSQL."""
    return json.loads(value) if isinstance(value, str) else value


def find_act(store: Store, source: str, external_id: str) -> Act | None:
    """An activity by its sender's id, with its lines."""
    sql = f"SELECT {ACT_COLUMNS} FROM activity WHERE source = ? AND external_id = ?"
    rows = store.rows(sql, source, external_id)
    return next(iter(with_lines(store, rows)), None)


def waiting_acts(store: Store, purchase: Act) -> list[Act]:
    """Returns that wait for this purchase: its own member's only, whoever else named it."""
    waits = "state IN ('parked', 'under_review')"  # as its index is written
    return [x for x in _naming(store, purchase, waits) if x.state == "parked"]


def rejected_with(store: Store, purchase: Act) -> list[Act]:
    """Returns that waited for this purchase and were rejected together with it."""
    found = _naming(store, purchase, "state = 'rejected'")
    return [x for x in found if (x.body or {}).get("with") == purchase.id]


def _naming(store: Store, purchase: Act, which: str) -> list[Act]:
    """Activities of its own member, in some state, that name this purchase."""
    sql = (
        f"SELECT {ACT_COLUMNS} FROM activity WHERE names_source = ? AND names_id = ?"
        f" AND member_id = ? AND {which} ORDER BY occurred_at, id"
    )
    named = (purchase.source, purchase.external_id, purchase.member_id)
    return with_lines(store, store.rows(sql, *named))


def corrected_by(store: Store, purchase: Act) -> Act | None:
    """The purchase that stands now where this one was corrected, if it was."""
    sql = (
        f"SELECT {ACT_COLUMNS} FROM activity WHERE member_id = ? AND type = 'purchase'"
        " AND names_source = ? AND names_id = ?"
        " AND state IN ('counted', 'partly_returned', 'returned', 'superseded')"
    )
    now: Act | None = purchase
    while now is not None and now.state == "superseded":
        found = store.rows(sql, now.member_id, now.source, now.external_id)
        now = next(iter(with_lines(store, found)), None)
    return now


def parked_acts(store: Store, member_ids: Iterable[int]) -> list[Act]:
    """All returns of some members that wait for their purchase."""
    sql = (
        f"SELECT {ACT_COLUMNS} FROM activity"
        " WHERE state = 'parked' AND member_id IN (?*) ORDER BY occurred_at, id"
    )
    return with_lines(store, store.in_list(sql, member_ids))


def kept_purchases(store: Store, member_id: int, before: int) -> list[Act]:
    """A member's purchases with something left, up to an instant, latest first."""
    sql = (
        f"SELECT {ACT_COLUMNS} FROM activity"
        " WHERE member_id = ? AND occurred_at <= ? AND type = 'purchase'"
        " AND state IN ('counted', 'partly_returned') ORDER BY occurred_at DESC, id DESC"
    )
    return with_lines(store, store.rows(sql, member_id, before))


def claimed_beyond(store: Store, purchase: Act) -> int:
    """Minor units that returns of a purchase took beyond what their goods cost (delivery)."""
    found = store.rows(
        "SELECT -r.amount - SUM(x.amount) FROM return_match x"
        " JOIN activity r ON r.id = x.return_id WHERE x.purchase_id = ?"
        " AND r.names_source = ? AND r.names_id = ? GROUP BY r.id, r.amount",
        purchase.id,
        purchase.source,
        purchase.external_id,
    )
    return sum(max(int(beyond), 0) for (beyond,) in found)


def has_told(store: Store, source: str) -> bool:
    """Whether somebody of that name ever told of anything; the programme itself is nobody."""
    sql = "SELECT 1 FROM activity WHERE source = ? LIMIT 1"
    return source != OWN_SOURCE and store.first(sql, source) is not None


def is_before_purchase(store: Store, act: Act) -> bool:
    """Whether a return is dated before the purchase that it names."""
    sql = "SELECT 1 FROM activity WHERE source = ? AND external_id = ? AND occurred_at > ?"
    return store.first(sql, act.names_source, act.names_id, act.occurred) is not None


def member_acts(store: Store, member_id: int) -> list[Act]:
    """Everything a member did, in order of time."""
    sql = f"SELECT {ACT_COLUMNS} FROM activity WHERE member_id = ? ORDER BY occurred_at, id"
    return with_lines(store, store.rows(sql, member_id))


def acts_since(store: Store, member_id: int, instant: int) -> list[Act]:
    """What a member did from an instant on, whatever became of it, in order of time."""
    sql = (
        f"SELECT {ACT_COLUMNS} FROM activity WHERE member_id = ? AND occurred_at >= ?"
        " ORDER BY occurred_at, id"
    )
    return with_lines(store, store.rows(sql, member_id, instant))


def with_lines(store: Store, rows: Iterable[Any]) -> list[Act]:
    """Activities from rows of ACT_COLUMNS, each with its lines."""
    acts = [_act(row) for row in rows]
    by_id = {act.id: act for act in acts}
    sql = (
        f"SELECT {LINE_COLUMNS} FROM activity_line"
        " WHERE activity_id IN (?*) ORDER BY activity_id, line_no"
    )
    for row in store.in_list(sql, by_id):
        by_id[row[0]].lines.append(Line(*(*row[1:10], parsed(row[10]))))
    for act in acts:
        if act.body and "named" in act.body:
            for line, named in zip(act.lines, act.body["named"], strict=True):
                line.names_line = named
    return acts


def _act(row: Any) -> Act:
    (judged, outcome, body) = (parsed(value) for value in row[24:27])
    before, day, after = row[:9], date.fromisoformat(row[9]), row[10:18]
    return Act(*(*before, day, *after, [], *row[18:24], judged, outcome, body))


def popular_categories(store: Store, most: int = 6) -> tuple[str, ...]:
    """What is bought most often lately, the most frequent first: of the latest 5,000 lines."""
    rows = store.rows(
        "SELECT category FROM (SELECT category FROM activity_line"
        "  ORDER BY activity_id DESC, line_no DESC LIMIT 5000) latest WHERE category <> ''"
        " GROUP BY category ORDER BY COUNT(*) DESC, category LIMIT ?",
        most,
    )
    return tuple(str(category) for (category,) in rows)
