"""Acts besides purchases, as they are told, and as they are kept."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pydantic_core import to_json

from gamification.activities.registry import CANCELLATION, OWN_SOURCE, SPANS, Per
from gamification.case import Act
from gamification.columns import to_micros
from gamification.programme import zone_of
from gamification.store import Store


@dataclass(frozen=True, slots=True)
class ToldAct:
    """What somebody did, as a client of the API tells it; its id is the sender's own."""

    type: str
    source: str
    external_id: str
    occurred_at: datetime
    store: str | None = None
    channel: str | None = None
    operator: str | None = None


def told_hash(told: ToldAct, member_id: int) -> str:
    """A hash of everything that matters in what was told: 32 hex characters."""
    body = [told.type, member_id, to_micros(told.occurred_at), told.store, told.channel]
    return digest_of(body)


def digest_of(body: list[object]) -> str:
    """The hash of a body: 32 hex characters."""
    return hashlib.blake2b(to_json(body), digest_size=16).hexdigest()


def own_act(member_id: int, code: str, at: datetime, *, key: str = "") -> ToldAct:
    """An act that the programme notes by itself, once per member and key (a day, a year)."""
    external_id = ":".join(part for part in (str(member_id), code, key) if part)
    return ToldAct(code, OWN_SOURCE, external_id, at)


def act_from(
    told: ToldAct, *, act_id: int, member_id: int, zone: str, now: int, digest: str
) -> Act:
    """The activity that an act becomes, in the zone whose calendar it belongs to."""
    local = told.occurred_at.astimezone(zone_of(zone))
    return Act(
        id=act_id,
        source=told.source,
        external_id=told.external_id,
        member_id=member_id,
        type=told.type,
        state="counted",
        occurred=to_micros(told.occurred_at),
        recorded=now,
        zone=zone,
        day=local.date(),
        minute=local.hour * 60 + local.minute,
        amount=0,
        amount_left=0,
        base=0,
        base_left=0,
        points=0,
        points_left=0,
        points_paid=0,
        lines=[],
        body_hash=digest,
        store=told.store,
        channel=told.channel,
        operator=told.operator,
    )


def cancellation_of(act: Act, *, act_id: int, at: datetime, reason: str, actor: str) -> Act:
    """The activity that takes an act back: who says so, and why."""
    told = ToldAct(CANCELLATION, OWN_SOURCE, f"cancel:{act.id}", at, operator=actor)
    found = act_from(
        told,
        act_id=act_id,
        member_id=act.member_id,
        zone=act.zone,
        now=to_micros(at),
        digest=digest_of([CANCELLATION, act.id]),
    )
    found.names_id, found.names_source = act.external_id, act.source
    found.body = {"reason": reason}
    return found


def counted_days(store: Store, act: Act, per: Per) -> list[date]:
    """The local days on which the member's acts of this type count already, near the act's.

    Read after the member is locked, so that nobody adds one meanwhile.
    """
    sql = "SELECT local_date FROM activity WHERE member_id = ? AND type = ? AND state = 'counted'"
    span = SPANS[per]
    if span is None:
        found = store.rows(sql, act.member_id, act.type)
    else:
        # Local dates lie within a day of the instant's own, whatever the zone.
        middle = datetime.combine(act.day, time(12), UTC)
        reach = timedelta(days=span + 2)
        found = store.rows(
            f"{sql} AND occurred_at BETWEEN ? AND ?",
            act.member_id,
            act.type,
            to_micros(middle - reach),
            to_micros(middle + reach),
        )
    return [date.fromisoformat(day) for (day,) in found]
