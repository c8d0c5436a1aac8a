"""Receipts that wait for a person or for their purchase, as the shop sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from gamification.activities.queries import ACT_COLUMNS, parsed, with_lines
from gamification.challenges.actions import OPEN
from gamification.challenges.queries import names_of
from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.programme import Programme, zone_of
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.world import World

State = Literal["under_review", "parked", "rejected"]
Why = Literal[
    "too_late",
    "from_the_future",
    "large_amount",
    "purchase_unknown",
    "before_purchase",
    "does_not_fit",
]
SHOWN = 50
REJECTED_DAYS = 30
COLUMNS = (
    "a.id, a.type, a.state, a.source, a.external_id, a.names_id, a.occurred_at, a.recorded_at,"
    " a.zone, a.amount, a.points_paid, a.line_count, a.store, a.operator, a.body, m.public_id,"
    " m.name, m.external_id,"
    " (SELECT MAX(c.number) FROM card c WHERE c.member_id = m.id AND c.state = 'active'),"
    " a.names_source"
)
LISTED = (
    f"SELECT {COLUMNS} FROM activity a JOIN member m ON m.id = a.member_id"
    " WHERE a.state IN ('parked', 'under_review') AND a.state = ?"
    " AND a.id > ? ORDER BY a.id LIMIT ?"
)
REJECTED = (
    f"SELECT {COLUMNS} FROM activity a JOIN member m ON m.id = a.member_id"
    " WHERE a.state = 'rejected' AND a.recorded_at > ? ORDER BY a.recorded_at DESC, a.id DESC"
    " LIMIT ?"
)
ONE = f"SELECT {COLUMNS} FROM activity a JOIN member m ON m.id = a.member_id WHERE a.id = ?"
LINES = (
    "SELECT line_no, sku, category, quantity, amount FROM activity_line"
    " WHERE activity_id = ? ORDER BY line_no"
)


@dataclass(frozen=True, slots=True)
class Decided:
    """Somebody's decision about a receipt: `by` is the account that took it."""

    at: datetime
    by: str
    decision: Literal["accepted", "rejected", "reopened"]


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A line of a waiting receipt; the quantity in thousandths, both signed."""

    number: int
    sku: str | None
    category: str | None
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class WaitingReceipt:
    """A receipt that counts nowhere: what was told, when it came, and what it waits for.

    `waits_until` is the day a parked return stops waiting for its purchase, `names_source`
    who told of the purchase it names, where that is not its own sender.
    """

    activity_id: int
    kind: Literal["purchase", "return"]
    state: State
    why: Why | None
    receipt: str
    source: str
    names: str | None
    occurred_at: datetime
    told_at: datetime
    amount_minor: int
    points_paid: int
    line_count: int
    store: str | None
    operator: str | None
    member_id: str
    member_name: str | None
    member_key: str | None
    card_tail: str | None
    waits_until: datetime | None = None
    names_source: str | None = None
    reason: str = ""
    decisions: tuple[Decided, ...] = ()
    lines: tuple[GoodsLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """What waits for a person, and what waits for its purchase, oldest first.

    `after` asks for the next receipts to review, None at the end.
    """

    currency: str
    reviews: tuple[WaitingReceipt, ...]
    parked: tuple[WaitingReceipt, ...]
    after: int | None = None


def review_queue(world: World, *, after: int = 0) -> ReviewQueue:
    """The queue, a page at a time. Raises ProgrammeMissing."""
    programme = current_definitions(world.session).programme
    store = Store(world.session.connection())
    reviews = store.rows(LISTED, "under_review", after, SHOWN + 1)
    parked = store.rows(LISTED, "parked", 0, SHOWN)
    return ReviewQueue(
        currency=programme.currency,
        reviews=tuple(_waiting(row, programme) for row in reviews[:SHOWN]),
        parked=tuple(_waiting(row, programme) for row in parked),
        after=reviews[SHOWN - 1][0] if len(reviews) > SHOWN else None,
    )


def rejected_receipts(world: World) -> tuple[WaitingReceipt, ...]:
    """What was told in the last 30 days and rejected, newest first. Raises ProgrammeMissing."""
    programme = current_definitions(world.session).programme
    since = to_micros(world.now - timedelta(days=REJECTED_DAYS))
    rows = Store(world.session.connection()).rows(REJECTED, since, SHOWN)
    return tuple(_waiting(row, programme) for row in rows)


def waiting_receipt(world: World, activity_id: int) -> WaitingReceipt | None:
    """One receipt that waits or was rejected, with its lines; None for any other."""
    programme = current_definitions(world.session).programme
    store = Store(world.session.connection())
    row = store.first(ONE, activity_id)
    if row is None or row[2] not in ("under_review", "parked", "rejected"):
        return None
    return _waiting(row, programme, store.rows(LINES, activity_id))


def was_decided(world: World, activity_id: int) -> bool:
    """Whether a person has decided about this receipt at some time."""
    sql = "SELECT body FROM activity WHERE id = ?"
    row = Store(world.session.connection()).first(sql, activity_id)
    return row is not None and bool((parsed(row[0]) or {}).get("decisions"))


@dataclass(frozen=True, slots=True)
class Stake:
    """A challenge with places that a waiting purchase may count for.

    `until` is when the places are given, in the programme's zone; None when they are.
    """

    challenge: Named
    until: datetime | None


def places_at_stake(world: World, activity_id: int) -> tuple[Stake, ...]:
    """Challenges whose places a purchase can win only if it is accepted in time.

    Every other challenge counts what was told in time whenever it is accepted.
    """
    definitions, store = current_definitions(world.session), Store(world.connection)
    rules = [rule for rule in definitions.challenges if rule.terms.max_winners is not None]
    if not rules:
        return ()
    sql = f"SELECT {ACT_COLUMNS} FROM activity WHERE id = ? AND state = 'under_review'"
    acts = with_lines(store, store.rows(sql, activity_id))
    return tuple(
        Stake(
            Named(rule.code, names_of(store, rule.id)),
            from_micros(rule.closes).astimezone(definitions.programme.zone)
            if rule.state in OPEN
            else None,
        )
        for act in acts
        for rule in rules
        if rule.state in (*OPEN, "ended")
        and act.type == "purchase"
        and act.told < rule.closes
        and rule.concerns(act, now_kept=False)
    )


def _waiting(row: Any, programme: Programme, lines: Any = ()) -> WaitingReceipt:
    zone = zone_of(row[8])
    body = parsed(row[14]) or {}
    told_at = from_micros(row[7]).astimezone(programme.zone)
    patience = timedelta(days=programme.park_days)
    return WaitingReceipt(
        activity_id=row[0],
        kind=row[1],
        state=row[2],
        why=body.get("waits"),
        source=row[3],
        receipt=row[4],
        names=row[5],
        occurred_at=from_micros(row[6]).astimezone(zone),
        told_at=told_at,
        amount_minor=row[9],
        points_paid=row[10],
        line_count=row[11],
        store=row[12],
        operator=row[13],
        member_id=row[15],
        member_name=row[16] or None,
        member_key=row[17],
        card_tail=row[18][-4:] if row[18] else None,
        waits_until=told_at + patience if row[2] == "parked" else None,
        names_source=row[19] if row[19] != row[3] else None,
        reason=body.get("reason", ""),
        decisions=tuple(
            Decided(
                datetime.fromisoformat(one["at"]).astimezone(programme.zone),
                one["by"],
                one["decision"],
            )
            for one in body.get("decisions", ())
        ),
        lines=tuple(GoodsLine(*line) for line in lines),
    )
