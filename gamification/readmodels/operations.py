"""The operations of a member, newest first: what happened, how many points, and why.

A row is an activity, or points that moved by themselves (a medal's, an opening
balance, spent, refunded, lapsed). The points of all rows add up to what the
member has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from gamification.activities.queries import parsed
from gamification.activities.registry import CANCELLATION
from gamification.columns import from_micros, to_micros
from gamification.programme import local_day
from gamification.readmodels.faces import Faces
from gamification.readmodels.views import (
    HistoryFilter,
    OperationKind,
    OperationRow,
    OperationState,
    WhyCode,
    WhyLine,
)
from gamification.readmodels.whys import why_act, why_purchase, why_return
from gamification.store import Store

Key = tuple[int, int]
"""Where a page ends: instant in microseconds, id."""

SOON = timedelta(days=30)
KINDS: Mapping[str, OperationKind] = {
    "grant": "medal",
    "grant_reversal": "medal",
    "opening": "opening",
    "spend": "spend",
    "refund": "spend_returned",
    "expiry": "expiry",
    "repayment": "adjustment",
}
TAKEN_BY = (
    "COALESCE(CASE t.kind WHEN 'grant' THEN (SELECT c.type FROM transfer r JOIN activity c"
    " ON c.id = r.activity_id WHERE r.key = t.key || ':rev' AND r.occurred_at <= ?)"
    " WHEN 'grant_reversal' THEN (SELECT c.type FROM activity c WHERE c.id = t.activity_id)"
    " END, '')"
)
"""The type of the activity that took a medal's points back; empty where nothing did."""
LOT_PART = (
    " (SELECT {column} FROM lot WHERE member_id = ? AND remaining > 0"
    " AND available_at {order} ? AND (expires_at IS NULL OR expires_at > ?){more})"
)
ACTS: Mapping[str, str] = {
    "all": "",
    "earned": " AND a.type NOT IN ('return', 'cancellation') AND a.points > 0",
    "spent": " AND 1 = 0",
    "returned": " AND a.type IN ('return', 'cancellation')",
}
MOVES: Mapping[str, str] = {
    "all": "",
    "earned": " AND t.kind IN ('grant', 'opening')",
    "spent": " AND t.kind = 'spend'",
    "returned": " AND t.kind IN ('refund', 'grant_reversal')",
}


@dataclass(frozen=True, slots=True)
class Slice:
    """Which operations: of whom, at which instant, which kind, after which key."""

    member_id: int
    now: datetime
    chosen: HistoryFilter = "all"
    after: Key | None = None
    limit: int = 20


def read_operations(
    store: Store, faces: Faces, wanted: Slice
) -> tuple[list[OperationRow], Key | None]:
    """A page of operations and the key of the next one, in two statements."""
    rows, key = read_rows(store, wanted)
    lots = read_lots(store, wanted.member_id, [row[1] for row in rows])
    return operations_of(rows, lots, faces, wanted), key


def read_rows(store: Store, wanted: Slice) -> tuple[list[Any], Key | None]:
    """The rows of a page and the key of the next one."""
    sql, params = _page_sql(wanted, "JSONB" if store.postgres else "TEXT")
    rows = store.rows(sql, *params)
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    return rows, (rows[-1][0], rows[-1][1]) if more else None


def operations_of(
    rows: Sequence[Any], lots: Sequence[Any], faces: Faces, wanted: Slice
) -> list[OperationRow]:
    """Rows of `read_rows` with the lots of `read_lots` as operations."""
    made: dict[int, Lot] = {}
    for cause_id, transfer_id, *lot in lots:
        made[transfer_id] = (lot[0], lot[1], lot[2])
        if cause_id is not None:
            made.setdefault(cause_id, (lot[0], lot[1], lot[2]))
    return [_operation(row, made.get(row[1]), faces, wanted) for row in rows]


def _page_sql(wanted: Slice, json: str) -> tuple[str, list[Any]]:
    """Both branches stop at the page's size by their own index, then merge."""
    now = to_micros(wanted.now)
    key_sql, key_params = "", []
    if wanted.after:
        at, row_id = wanted.after
        key_sql = " AND (x.occurred_at < ? OR (x.occurred_at = ? AND x.id < ?))"
        key_params = [at, at, row_id]
    acts, act_params = _narrow(ACTS, "a.id", "cause_id", wanted)
    moves, move_params = _narrow(MOVES, "t.id", "transfer_id", wanted)
    limit = wanted.limit + 1
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    sql = f"""
        SELECT * FROM (SELECT a.occurred_at, a.id, a.type kind, a.state, a.points, a.amount,
            a.store, a.external_id, a.judged, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
            FROM activity a WHERE a.member_id = ? AND a.occurred_at <= ?
            {acts}{key_sql.replace("x.", "a.")}
            ORDER BY a.occurred_at DESC, a.id DESC LIMIT ?) a1
        UNION ALL
        SELECT * FROM (SELECT t.occurred_at, t.id, t.kind, {TAKEN_BY}, CASE WHEN t.kind IN
            ('grant', 'opening', 'refund') THEN t.points ELSE -t.points END,
            CAST(NULL AS BIGINT), NULL, NULL, CAST(NULL AS {json}), w.achievement_id, w.level
            FROM transfer t LEFT JOIN award w ON w.id = t.award_id
            WHERE t.member_id = ? AND t.occurred_at <= ?
            AND t.kind IN ({kinds}){moves}{key_sql.replace("x.", "t.")}
            ORDER BY t.occurred_at DESC, t.id DESC LIMIT ?) t1
        ORDER BY 1 DESC, 2 DESC LIMIT ?
    """
    params = [wanted.member_id, now, *act_params, *key_params, limit]
    params += [now, wanted.member_id, now, *move_params, *key_params, limit, limit]
    return sql, params


def _narrow(
    parts: Mapping[str, str], column: str, lot_column: str, wanted: Slice
) -> tuple[str, list[Any]]:
    if wanted.chosen in parts:
        return parts[wanted.chosen], []
    now = to_micros(wanted.now)
    params: list[Any] = [wanted.member_id, now, now]
    if wanted.chosen == "pending":
        part = LOT_PART.format(column=lot_column, order=">", more="")
    else:
        part = LOT_PART.format(column=lot_column, order="<=", more=" AND expires_at <= ?")
        params.append(to_micros(wanted.now + SOON))
    return f" AND {column} IN{part}", params


Lot = tuple[int, int | None, int]
"""Available from, expires at, remaining."""


def read_lots(
    store: Store, member_id: int, ids: Sequence[int], *, open_too: bool = False
) -> list[Any]:
    """The lots that these operations made, by activity or transfer; `open_too`: all with a rest.

    Columns as `Lot` after cause and transfer, then id, amount and reserved.
    """
    if not ids and not open_too:
        return []
    marks = ", ".join("?" * len(ids)) or "NULL"
    return store.rows(
        "SELECT cause_id, transfer_id, available_at, expires_at, remaining, id, amount, reserved"
        f" FROM lot WHERE member_id = ? AND (cause_id IN ({marks}) OR transfer_id IN ({marks})"
        f"{' OR remaining > 0' if open_too else ''})",
        member_id,
        *ids,
        *ids,
    )


def _operation(row: Any, lot: Lot | None, faces: Faces, wanted: Slice) -> OperationRow:
    occurred, row_id, kind, state, points, amount, place, receipt = row[:8]
    judged = parsed(row[8]) or {}
    zone = faces.definitions.programme.zone
    medal, level = (faces.medals[row[9]].code, row[10]) if row[9] in faces.medals else (None, None)
    act: str | None = None
    why: tuple[WhyLine, ...]
    if state in ("parked", "under_review", "rejected"):
        points, why = 0, (WhyLine("waiting", reason=state),)
    elif kind == "purchase":
        why = why_purchase(judged.get("trace", ()), faces)
        if "booked" in judged:
            why = (*why, WhyLine("corrected", Decimal(judged["booked"] - points)))
            points = judged["booked"]
    elif kind == "return":
        why = why_return(judged.get("trace", ()))
        points = int(sum((line.points or Decimal(0) for line in why), Decimal(0)))
    elif kind in KINDS:
        lot = None if state else lot
        why = (_plain_why(kind, points, occurred, faces, medal, level),)
    else:
        why = why_act(judged.get("trace", ()))
        points = int(sum((line.points or Decimal(0) for line in why), Decimal(0)))
        act, amount, receipt = why[0].act, None, None
    return OperationRow(
        public_id=f"{occurred}.{row_id}",
        kind=_kind_of(kind),
        at=from_micros(occurred).astimezone(zone),
        points=points,
        state=_state(kind, state, points, lot, wanted.now),
        amount_minor=amount,
        place=place,
        receipt=receipt,
        medal=medal,
        level=level,
        act=act,
        arrives_on=_arrives(lot, faces, wanted.now),
        expires_on=_expires(lot, faces, wanted.now),
        why=why,
    )


def _kind_of(kind: str) -> OperationKind:
    """What a stored type is to its reader: any other activity is an act of the registry."""
    if kind in ("purchase", "return"):
        return "purchase" if kind == "purchase" else "return"
    if kind == CANCELLATION:
        return "act_cancelled"
    return KINDS.get(kind, "act")


PLAIN: Mapping[str, WhyCode] = {
    "grant": "medal",
    "grant_reversal": "medal",
    "opening": "opening_balance",
    "spend": "spend",
    "refund": "spend_returned",
    "expiry": "expiry",
    "repayment": "debt_repaid",
}


def _plain_why(
    kind: str, points: int, occurred: int, faces: Faces, medal: str | None, level: int | None
) -> WhyLine:
    on = None
    if kind == "expiry":
        on = local_day(from_micros(occurred - 1), faces.definitions.programme.zone)
    return WhyLine(PLAIN[kind], Decimal(points), medal=medal, level=level, on=on)


def _state(kind: str, state: str, points: int, lot: Lot | None, now: datetime) -> OperationState:
    if kind == "spend":
        return "spent"
    if kind == "expiry":
        return "expired"
    if kind == "grant_reversal" or (kind == "grant" and state):
        return "returned" if state == "return" else "taken"
    if kind in ("return", CANCELLATION) or state in ("returned", "superseded", "cancelled"):
        return "returned"
    if points <= 0 or lot is None:
        return "available" if kind == "refund" else "none"
    instant = to_micros(now)
    if lot[0] > instant:
        return "pending"
    if lot[1] is not None and lot[1] <= instant:
        return "expired"
    return "available" if lot[2] > 0 else "spent"


def _arrives(lot: Lot | None, faces: Faces, now: datetime) -> date | None:
    if lot is None or lot[0] <= to_micros(now):
        return None
    return local_day(from_micros(lot[0]), faces.definitions.programme.zone)


def _expires(lot: Lot | None, faces: Faces, now: datetime) -> date | None:
    """The last day, shown for lots of which something is left and that can be spent."""
    instant = to_micros(now)
    if lot is None or lot[1] is None or not lot[2] or lot[0] > instant or lot[1] <= instant:
        return None
    return local_day(from_micros(lot[1] - 1), faces.definitions.programme.zone)
