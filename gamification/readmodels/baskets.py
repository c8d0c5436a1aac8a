"""Purchases of the past with the context they were judged in, to be judged once more.

Only what is kept of them counts: a purchase that went back whole is not among them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from gamification.activities.queries import LINE_COLUMNS, parsed
from gamification.activities.returns import rest_left, rest_that_earns
from gamification.case import Act, Line
from gamification.earning.rules import Context, Earned, RuleSet, bases_of, evaluate
from gamification.judgement import share_paid
from gamification.points import kept_share
from gamification.store import Store

PAGE = 500
"""How many members one step reads."""
Returns = Mapping[int, Sequence[Sequence[tuple[int, int]]]]
"""By purchase, what each of its returns took, in order: line number and quantity (thousandths).

Line 0 is the unlisted rest, in minor units.
"""
KEPT = (
    "a.member_id BETWEEN ? AND ? AND a.occurred_at >= ? AND a.occurred_at < ?"
    " AND a.type = 'purchase' AND a.state IN ('counted', 'partly_returned')"
)


def active_members(store: Store) -> list[int]:
    """Members who take part, by id."""
    return [
        int(i) for (i,) in store.rows("SELECT id FROM member WHERE status = 'active' ORDER BY id")
    ]


def purchases_in(store: Store, ids: Sequence[int], since: int, until: int) -> list[Act]:
    """Kept purchases of some members within instants (half-open), without their lines.

    Args:
        ids: ascending; they are read as a range of the index.
    """
    wanted = frozenset(ids)
    rows = store.rows(
        "SELECT a.id, a.external_id, a.member_id, a.state, a.occurred_at, a.recorded_at, a.zone,"
        " a.local_date, a.local_minute, a.amount, a.amount_left, a.base, a.base_left, a.points,"
        f" a.points_left, a.points_paid, a.judged FROM activity a WHERE {KEPT}"
        " ORDER BY a.member_id, a.occurred_at, a.id",
        ids[0],
        ids[-1],
        since,
        until,
    )
    acts = (_purchase(row) for row in rows if row[2] in wanted)
    return [act for act in acts if act.judged]


def _purchase(row: Sequence[Any]) -> Act:
    ident, receipt, member_id, state, occurred, recorded, zone, day, minute = row[:9]
    told = (ident, "", receipt, member_id, "purchase", state, occurred, recorded, zone)
    amount, left, base, base_left, points, points_left, paid = row[9:16]
    money = (amount, left, base, base_left, points, points_left, paid)
    act = Act(*told, date.fromisoformat(day), minute, *money, [], "")
    act.judged = parsed(row[16])
    act.paid_elsewhere = (act.judged or {}).get("paid_elsewhere", 0)
    return act


def needs_goods(act: Act, then: RuleSet, now: RuleSet) -> bool:
    """Whether other rules can judge a purchase only by what was in the basket."""
    partly = act.state == "partly_returned"
    return partly or bool(now.by_category) or then.excluded != now.excluded


def needs_lines(act: Act, then: RuleSet, now: RuleSet) -> bool:
    """Whether sums by category are not enough: goods went back, or points paid for some."""
    paid = act.points_paid or act.paid_elsewhere
    return act.state == "partly_returned" or bool(paid and then.excluded != now.excluded)


def read_goods(
    store: Store, acts: Iterable[Act], whole: Iterable[Act], span: tuple[int, int]
) -> Returns:
    """Put lines into purchases of a page: of `whole` each line, else a sum by category.

    Answers what their returns took.
    """
    by_id, single = {a.id: a for a in acts}, {a.id: a for a in whole}
    summed = {i: a for i, a in by_id.items() if i not in single}
    if summed:
        members = [a.member_id for a in summed.values()]
        for row in store.rows(
            "SELECT l.activity_id, l.category, SUM(l.amount), SUM(l.base) FROM activity a"
            f" JOIN activity_line l ON l.activity_id = a.id WHERE {KEPT}"
            " GROUP BY l.activity_id, l.category",
            min(members),
            max(members),
            *span,
        ):
            if act := summed.get(row[0]):
                act.lines.append(Line(0, None, row[1], 0, 0, int(row[2]), 0, int(row[3]), None))
    sql = f"SELECT {LINE_COLUMNS} FROM activity_line WHERE activity_id IN (?*) ORDER BY line_no"
    for row in store.in_list(sql, single):
        single[row[0]].lines.append(Line(*row[1:10]))
    partly = [i for i, a in single.items() if a.state == "partly_returned"]
    return _returns(store, partly) if partly else {}


def _returns(store: Store, ids: Sequence[int]) -> Returns:
    returns: dict[int, dict[int, list[tuple[int, int]]]] = {}
    for purchase, by, line_no, quantity in store.in_list(
        "SELECT purchase_id, return_id, purchase_line_no,"
        " CASE WHEN purchase_line_no = 0 THEN amount ELSE quantity END FROM return_match"
        " WHERE purchase_id IN (?*) ORDER BY purchase_id, return_id",
        ids,
    ):
        returns.setdefault(purchase, {}).setdefault(by, []).append((line_no, int(quantity)))
    return {i: list(of.values()) for i, of in returns.items()}


def judge_again(
    act: Act,
    then: RuleSet,
    now: RuleSet,
    context: Context,
    left: Mapping[int, int] | None = None,
) -> Earned:
    """What the kept basket of a purchase earns by other rules, or in another context.

    Its goods must have been read where `needs_goods` says so.

    Args:
        then: the rules that it was judged by.
        left: quantities by line that count as kept, and money of the unlisted rest under 0;
            by default those that are.
    """
    if not needs_goods(act, then, now):
        return evaluate([], act.base, now, context)
    rest = act.amount - sum(line.amount for line in act.lines)
    bases = [line.base for line in act.lines]
    rest_paid = None
    if then.excluded != now.excluded:
        if act.points_paid or act.paid_elsewhere:
            rest_paid = share_paid(act, rest, context, now)
        bases = bases_of(act.lines, now)
    goods = []
    for line, base in zip(act.lines, bases, strict=True):
        kept = abs(line.quantity_left) if left is None else left[line.line_no]
        goods.append((line.category, kept_share(base, kept, abs(line.quantity))))
    kept_rest = rest_left(act) if left is None else left[0]
    return evaluate(goods, rest_that_earns(act, kept_rest, rest_paid), now, context)


def never_more(act: Act, then: RuleSet, now: RuleSet, context: Context, returns: Returns) -> Earned:
    """What is kept of a purchase by other rules, each of its returns taking points or none.

    A return never adds points: who gives a discount's line back gets none for it.

    Args:
        returns: as `read_goods` answered.
    """
    kept = judge_again(act, then, now, context)
    if act.state != "partly_returned":
        return kept
    left = {line.line_no: abs(line.quantity) for line in act.lines}
    left[0] = act.amount - sum(line.amount for line in act.lines)
    least = min(kept.points, judge_again(act, then, now, context, left).points)
    for taken in returns.get(act.id, ()):
        for line_no, went in taken:
            left[line_no] -= went
        least = min(least, judge_again(act, then, now, context, left).points)
    return Earned(least, kept.base, kept.trace)
