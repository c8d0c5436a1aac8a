"""Acts of many members as the rules of challenges see them: read in pages, without reasons."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from gamification.activities.queries import parsed
from gamification.case import Act, Line
from gamification.challenges.rules import ChallengeRule
from gamification.store import Store

PAGE = 500
"""How many members one step reads."""
LINED = frozenset({"category", "sku"})


def needs_lines(rule: ChallengeRule) -> bool:
    """Whether the goal asks for single goods, so that lines of receipts must be read."""
    return any(
        step.step.of in LINED or step.step.where.categories or step.step.where.lines_from
        for step in rule.steps
    )


def member_ids(store: Store, upto: int) -> list[int]:
    """Members who had joined by an instant and take part, by id."""
    rows = store.rows(
        "SELECT id FROM member WHERE status = 'active' AND joined_at < ? ORDER BY id", upto
    )
    return [int(row[0]) for row in rows]


def joined_instants(store: Store, ids: list[int]) -> dict[int, int]:
    """When some members joined, in microseconds."""
    rows = store.in_list("SELECT id, joined_at FROM member WHERE id IN (?*)", ids)
    return {int(i): int(at) for i, at in rows}


def acts_in(
    store: Store, rule: ChallengeRule, ids: list[int], since: int, until: int
) -> dict[int, list[Act]]:
    """What members of a page did within a span that the rule could count, by member.

    Args:
        ids: ascending; the page is read as a range of the index.
    """
    marks = ", ".join("?" * len(rule.events))
    where = (
        "a.member_id BETWEEN ? AND ? AND a.occurred_at >= ? AND a.occurred_at < ?"
        f" AND a.type IN ({marks}) AND a.state IN ('counted', 'partly_returned')"
    )
    span = (ids[0], ids[-1], since, until, *sorted(rule.events))
    found: dict[int, list[Act]] = {member_id: [] for member_id in ids}
    by_id: dict[int, Act] = {}
    for row in store.rows(
        "SELECT a.id, a.member_id, a.type, a.state, a.occurred_at, a.recorded_at, a.zone,"
        " a.local_date, a.local_minute, a.amount, a.amount_left, a.store, a.channel, a.body"
        f" FROM activity a WHERE {where} ORDER BY a.member_id, a.occurred_at, a.id",
        *span,
    ):
        if row[1] in found:
            act = by_id[row[0]] = _light_act(row)
            found[row[1]].append(act)
    if needs_lines(rule):
        for row in store.rows(
            "SELECT l.activity_id, l.line_no, l.sku, l.category, l.quantity, l.quantity_left,"
            f" l.amount FROM activity a JOIN activity_line l ON l.activity_id = a.id WHERE {where}"
            " ORDER BY l.activity_id, l.line_no",
            *span,
        ):
            if owner := by_id.get(row[0]):
                owner.lines.append(Line(*(*row[1:7], 0, 0, None)))
    return found


def _light_act(row: Sequence[Any]) -> Act:
    ident, member_id, kind, state, occurred, recorded, zone, day, minute = row[:9]
    amount, left, store, channel, body = row[9:14]
    told = (ident, "", "", member_id, kind, state, occurred, recorded, zone)
    money = (amount, left, 0, 0, 0, 0, 0)
    act = Act(*told, date.fromisoformat(day), minute, *money, [], "")
    act.store, act.channel, act.body = store, channel, parsed(body)
    return act


def pages(ids: list[int]) -> Iterator[list[int]]:
    """Members in pages."""
    for start in range(0, len(ids), PAGE):
        yield ids[start : start + PAGE]
