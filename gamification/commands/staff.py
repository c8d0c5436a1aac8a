"""What people of the shop say about receipts that wait for them: let it count, or not."""

from datetime import timedelta
from typing import Any

from gamification.activities.queries import (
    ACT_COLUMNS,
    rejected_with,
    waiting_acts,
    with_lines,
)
from gamification.activities.receipts import Receipt
from gamification.case import Act
from gamification.columns import from_micros, to_micros
from gamification.commands.till import Desk, MemberRef, Outcome, forget_waiting, lock_member
from gamification.loading import state_of
from gamification.refusals import NotWaiting, StillAhead
from gamification.sources import TableSource
from gamification.store import Store, compact_json
from gamification.world import World

LONGEST_REASON = 200


def accept_waiting(world: World, activity_id: int, actor: str) -> Outcome:
    """Record a receipt that waits for a person, as if its time had been believed.

    Everything follows from it that would have followed at the till, at the
    terms of its own day; it is booked now. Challenges look at when it was told. The till
    that sends it again gets the new answer.

    Raises:
        NotWaiting: it does not wait, or somebody decided it meanwhile.
        StillAhead: its time has not come yet.
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        ReceiptClosed, UnknownReceipt, UnknownSource, ReturnsTooMuch: what it names does not fit.
        NotEnoughPoints, ShareTooHigh: points to pay with.
    """
    store = Store(world.session.connection())
    who = MemberRef(member_id=_waiting_act(store, activity_id).member_id)
    member_id, member_row, definitions = lock_member(world, store, who)
    act = _waiting_act(store, activity_id, hold=True)
    programme = definitions.programme
    occurred_at = from_micros(act.occurred)
    if occurred_at > world.now + timedelta(minutes=programme.early_minutes):
        raise StillAhead(until=occurred_at)
    state = state_of(member_row, definitions, TableSource(store, definitions, member_id))
    receipt = _as_told(act)
    told = act.told
    act.state, act.recorded, act.amount_left = "counted", to_micros(world.now), act.amount
    act.body = _decided(world, act, actor, "accepted") | {"told": told}
    forget_waiting(store, act.id)
    desk = Desk(world, store, definitions)
    if act.type == "return":
        return desk.take_return(state, act, receipt, strict=True)
    return desk.take_purchase(state, act, receipt)


def reject_waiting(world: World, activity_id: int, reason: str, actor: str) -> None:
    """Let a waiting receipt count nowhere, and keep who said so and why.

    The till that sends it again is told so. Returns that waited for it count nowhere, too.

    Args:
        reason: for the shop and its till, up to 200 characters; members do not see it.
    Raises:
        NotWaiting: it does not wait, or somebody decided it meanwhile.
    """
    store = Store(world.session.connection())
    act = _waiting_act(store, activity_id, hold=True)
    why = reason.strip()[:LONGEST_REASON]
    body = _decided(world, act, actor, "rejected") | {"reason": why}
    _set_state(store, act.id, "rejected", {"points": 0, "reason": why}, body)
    for waiting in waiting_acts(store, act) if act.type == "purchase" else ():
        body = _decided(world, waiting, actor, "rejected") | {"reason": why, "with": act.id}
        _set_state(store, waiting.id, "rejected", {"points": 0, "reason": why}, body)


def reopen_rejected(world: World, activity_id: int, actor: str) -> None:
    """Undo a rejection: the receipt waits again, and with it the returns that went with it.

    Raises:
        NotWaiting: it was not rejected.
    """
    store = Store(world.session.connection())
    act = _waiting_act(store, activity_id, state="rejected", hold=True)
    body = _decided(world, act, actor, "reopened")
    _set_state(store, act.id, "under_review", {"points": 0, "waits": body.get("waits")}, body)
    for waiting in rejected_with(store, act):
        body = _decided(world, waiting, actor, "reopened")
        outcome = {"points": 0, "waits": body.get("waits")}
        _set_state(store, waiting.id, "parked", outcome, body)


def _waiting_act(
    store: Store, activity_id: int, *, state: str = "under_review", hold: bool = False
) -> Act:
    """The activity while it is in that state; held, nobody else decides it meanwhile."""
    if hold and store.postgres:
        store.first("SELECT id FROM activity WHERE id = ? FOR UPDATE", activity_id)
    sql = f"SELECT {ACT_COLUMNS} FROM activity WHERE id = ? AND state = ?"
    found = with_lines(store, store.rows(sql, activity_id, state))
    if not found:
        raise NotWaiting(activity_id=activity_id)
    return found[0]


def _as_told(act: Act) -> Receipt:
    """What the till said about the receipt as a whole; its lines stand in the act."""
    return Receipt(
        type=act.type,
        source=act.source,
        external_id=act.external_id,
        occurred_at=from_micros(act.occurred),
        zone=act.zone,
        total=act.amount,
        lines=(),
        names_id=act.names_id,
        names_source=act.names_source,
        whole=bool((act.body or {}).get("whole")),
        points_paid=act.points_paid,
    )


def _decided(world: World, act: Act, actor: str, decision: str) -> dict[str, Any]:
    """The body of an activity with one more decision at the end of its list."""
    body = dict(act.body or {})
    decision_row = {"at": world.now.isoformat(), "by": actor, "decision": decision}
    return body | {"decisions": [*body.get("decisions", ()), decision_row]}


def _set_state(
    store: Store, activity_id: int, state: str, outcome: dict[str, Any], body: dict[str, Any]
) -> None:
    store.run(
        "UPDATE activity SET state = ?, outcome = ?, body = ? WHERE id = ?",
        state,
        compact_json(outcome),
        compact_json(body),
        activity_id,
    )
