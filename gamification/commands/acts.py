"""What is told of a member besides purchases: they joined, confirmed a phone, looked in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from gamification.activities.acts import (
    ToldAct,
    act_from,
    cancellation_of,
    counted_days,
    digest_of,
    own_act,
    told_hash,
)
from gamification.activities.queries import ACT_COLUMNS, find_act, with_lines
from gamification.activities.registry import (
    ACT_TYPES,
    OWN_SOURCE,
    PERS,
    ActType,
    Per,
    is_limit_reached,
)
from gamification.case import Act, MemberState, Rows
from gamification.columns import to_micros
from gamification.commands.owner import publish_rule
from gamification.commands.till import (
    Desk,
    MemberRef,
    Outcome,
    hold_member,
    lock_member,
    refuse_blocked,
)
from gamification.definitions import current_definitions
from gamification.earning.acts import ActTerms, keep_terms
from gamification.loading import state_of, write_rows
from gamification.programme import Programme, local_day, zone_of
from gamification.reactions import settle
from gamification.referrals.fund import count_paid
from gamification.refusals import (
    ActClosed,
    ActNotYours,
    ActOutOfTime,
    ConflictingBody,
    ProgrammeMissing,
    UnknownActivity,
)
from gamification.sources import TableSource
from gamification.store import Store
from gamification.world import World

__all__ = [
    "ACT_TYPES",
    "PERS",
    "ActTerms",
    "ActType",
    "Per",
    "ToldAct",
    "cancel_act",
    "cancel_told",
    "change_acts",
    "check_in",
    "confirm_contact",
    "note_act",
    "note_profile",
    "record_act",
    "set_act_terms",
]

LONGEST_REASON = 200


def record_act(world: World, told: ToldAct, who: MemberRef) -> Outcome:
    """Record what a client tells of a member, once per source and external id.

    The same id with the same body answers as before and changes nothing. Beyond its
    limit, or switched off, an act is kept as `ignored` and brings nothing.

    Raises:
        ActNotYours: only the programme itself notes acts of this type.
        ActOutOfTime: it is too long ago, or has not happened yet.
        UnknownMember, CardBlocked, MemberBlocked: nobody, or nobody who may.
        ConflictingBody: the id came before with another body.
    Source: semantics 7; decision 0085.
    """
    known_type = ACT_TYPES.get(told.type)
    if known_type is None or not known_type.from_outside:
        raise ActNotYours(act=told.type)
    store = Store(world.connection)
    member_id, row, definitions = hold_member(world, store, who)
    digest = told_hash(told, member_id)
    known = find_act(store, told.source, told.external_id)
    if known:
        return _again(known, digest)
    refuse_blocked(row)
    _check_time(world, definitions.programme, told)
    state = state_of(row, definitions, TableSource(store, definitions, member_id))
    return _take(Desk(world, store, definitions), state, told, digest)


def _again(known: Act, digest: str) -> Outcome:
    """The stored answer; raises ConflictingBody for another body."""
    if known.body_hash != digest:
        raise ConflictingBody(source=known.source, external_id=known.external_id)
    status = "ignored" if known.state == "ignored" else "replayed"
    return Outcome(status, known.id, known.member_id, known.outcome or {}, again=True)


def _check_time(world: World, programme: Programme, told: ToldAct) -> None:
    early = timedelta(minutes=programme.early_minutes)
    late = timedelta(days=programme.late_days)
    if not world.now - late <= told.occurred_at <= world.now + early:
        raise ActOutOfTime(days=programme.late_days, minutes=programme.early_minutes)


def _take(
    desk: Desk,
    state: MemberState,
    told: ToldAct,
    digest: str,
    *,
    own: ActTerms | None = None,
    body: dict[str, Any] | None = None,
) -> Outcome:
    """Let everything follow from an act, or keep it as ignored with the reason.

    `own` are the terms of an act that says itself what it brings, `body` what is kept with it.
    """
    world, store, definitions = desk.world, desk.store, desk.definitions
    zone = state.own_zone or definitions.programme.zone
    act = act_from(
        told,
        act_id=world.ids(),
        member_id=state.member_id,
        zone=zone.key,
        now=to_micros(world.now),
        digest=digest,
    )
    act.body = body
    terms = own or definitions.acts.at(act.type, act.occurred)
    rows = Rows()
    if own is None and (why := _why_not(store, act, terms)):
        keep_terms(act, terms, why=why)
        act.state, act.outcome = "ignored", {"points": 0, "ignored": why}
        rows.acts[act.id] = act
        write_rows(store, rows)
        return Outcome("ignored", act.id, act.member_id, act.outcome)
    case = desk.case(state, act, rows)
    case.terms = own
    settle(case)
    write_rows(store, case.rows)
    return Outcome("recorded", act.id, act.member_id, act.outcome or {})


def _why_not(store: Store, act: Act, terms: ActTerms) -> str | None:
    """Why an act does not count, or None. The member is locked: nobody adds one meanwhile."""
    if not terms.on:
        return "act_off"
    days = counted_days(store, act, terms.per)
    reached = is_limit_reached(act.day, days, per=terms.per, most=terms.most)
    return "act_limit" if reached else None


def note_act(
    world: World, member_id: int, code: str, *, key: str = "", at: datetime | None = None
) -> Outcome | None:
    """Note by ourselves what a member did, once per key (a day, a year; none: once ever).

    None when the type is switched off or there is no programme: nothing was noted then,
    and it can be noted later. A repeat answers as before.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    told = own_act(member_id, code, at or world.now, key=key)
    store = Store(world.connection)
    try:
        current_definitions(world.session)
    except ProgrammeMissing:
        return None
    digest = digest_of([code, told.external_id])
    if known := find_act(store, told.source, told.external_id):
        return _again(known, digest)
    _, row, definitions = lock_member(world, store, MemberRef(member_id=member_id))
    if known := find_act(store, told.source, told.external_id):
        return _again(known, digest)
    if not definitions.acts.at(code, to_micros(told.occurred_at)).on:
        return None
    state = state_of(row, definitions, TableSource(store, definitions, member_id))
    return _take(Desk(world, store, definitions), state, told, digest)


def note_reward(
    world: World,
    member_id: int,
    code: str,
    *,
    key: str,
    points: int,
    at: datetime,
    why: str = "",
    ripe: date | None = None,
    note: dict[str, Any] | None = None,
) -> Outcome:
    """Note an act that says itself what it brings, once per key; a repeat answers as before.

    Args:
        why: a reason for bringing nothing, such as `referral_cap`.
        ripe: the programme's day from which the points can be spent; at once when absent.
        note: what the act keeps, and its explanation says, besides.
    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    assert not ACT_TYPES[code].priced_here, "the programme's terms say what this act brings"
    told, store = own_act(member_id, code, at, key=key), Store(world.connection)
    digest = digest_of([code, told.external_id])
    _, row, definitions = lock_member(world, store, MemberRef(member_id=member_id))
    if known := find_act(store, told.source, told.external_id):
        return _again(known, digest)
    state = state_of(row, definitions, TableSource(store, definitions, member_id))
    terms = ActTerms(code, points, "ever", 1, on=True, why=why or "act", ripe=ripe, note=note)
    outcome = _take(Desk(world, store, definitions), state, told, digest, own=terms, body=note)
    count_paid(store, code, points)
    return outcome


def confirm_contact(world: World, member_id: int, *, kind: str) -> None:
    """The member proved that this phone or e-mail is theirs: an act, once ever.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    assert kind in ("phone", "email"), "a contact is a phone or an e-mail"
    proved = f"UPDATE member SET {kind}_confirmed_at = ? WHERE id = ?"
    Store(world.connection).run(proved, to_micros(world.now), member_id)
    note_act(world, member_id, f"{kind}_confirmed")


def note_profile(world: World, member_id: int) -> None:
    """Note it, once ever, when a member's name, birthday and a contact are known."""
    sql = "SELECT name, birthday, phone, email FROM member WHERE id = ?"
    row = Store(world.connection).first(sql, member_id)
    if row and row[0] and row[1] and (row[2] or row[3]):
        note_act(world, member_id, "profile_completed")


def check_in(world: World, member_id: int) -> Outcome | None:
    """The member looked in today: once per local day, by the midnight of their own zone.

    A day that is not later than the last one brings nothing: whoever moves to a zone where
    it is still yesterday answers for that day no more. None when the shop has switched it
    off. Source: domain, 10.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    store = Store(world.connection)
    row = store.first("SELECT zone FROM member WHERE id = ?", member_id)
    own = None if row is None else row[0]
    zone = zone_of(own) if own else current_definitions(world.session).programme.zone
    day = local_day(world.now, zone).isoformat()
    lock_member(world, store, MemberRef(member_id=member_id))
    last = store.first(
        "SELECT MAX(local_date) FROM activity WHERE member_id = ? AND type = 'daily_check_in'"
        " AND source = ? AND state = 'counted'",
        member_id,
        OWN_SOURCE,
    )
    key = max(day, last[0]) if last and last[0] else day
    return note_act(world, member_id, "daily_check_in", key=key)


def cancel_act(world: World, activity_id: int, *, reason: str, actor: str) -> Outcome:
    """Take an act back: it counts no more, and its points are taken by the programme's policy.

    Counters and medals follow as they do after a return; a repeat answers as before.

    Args:
        reason: for the shop itself, up to 200 characters.
    Raises:
        ActClosed: it is no act, or it does not count.
    """
    store = Store(world.connection)
    act = _act_by_id(store, activity_id)
    _, row, definitions = hold_member(world, store, MemberRef(member_id=act.member_id))
    act = _act_by_id(store, activity_id)  # as it is now that nobody else can change it
    cancellation = cancellation_of(
        act,
        act_id=world.ids(),
        at=world.now,
        reason=reason.strip()[:LONGEST_REASON],
        actor=actor,
    )
    if known := find_act(store, cancellation.source, cancellation.external_id):
        return _again(known, cancellation.body_hash)
    if act.state != "counted":
        raise ActClosed(activity_id=activity_id)
    lost = act.points_left
    outcome = _settle_cancellation(Desk(world, store, definitions), row, cancellation, act)
    count_paid(store, act.type, -lost)
    return outcome


def cancel_told(world: World, source: str, external_id: str, *, reason: str) -> tuple[str, Outcome]:
    """As `cancel_act`, for the client that told it; answers the type of the act, too.

    Raises:
        UnknownActivity: this source told no such act.
        ActClosed: it does not count.
    """
    act = find_act(Store(world.connection), source, external_id)
    if act is None or act.type not in ACT_TYPES:
        raise UnknownActivity(activity=external_id)
    return act.type, cancel_act(world, act.id, reason=reason, actor=f"key:{source}")


def _settle_cancellation(desk: Desk, row: Sequence[object], act: Act, cancelled: Act) -> Outcome:
    source = TableSource(desk.store, desk.definitions, act.member_id)
    state = state_of(row, desk.definitions, source)
    case = desk.case(state, act, Rows())
    case.touched = [cancelled]
    settle(case)
    write_rows(desk.store, case.rows)
    return Outcome("recorded", act.id, act.member_id, act.outcome or {})


def _act_by_id(store: Store, activity_id: int) -> Act:
    """An act of the registry. Raises ActClosed for anything else."""
    sql = f"SELECT {ACT_COLUMNS} FROM activity WHERE id = ?"
    found = with_lines(store, store.rows(sql, activity_id))
    if not found or found[0].type not in ACT_TYPES:
        raise ActClosed(activity_id=activity_id)
    return found[0]


def change_acts(world: World, wanted: Sequence[ActTerms]) -> tuple[str, ...]:
    """Publish the terms that differ from those in force, from now on; answers their codes.

    Raises:
        InvalidSetting: there is no such act, or a number makes no sense.
    """
    book, now = current_definitions(world.session).acts, to_micros(world.now)
    changed = []
    for terms in wanted:
        if replace(book.at(terms.code, now), version=None) == terms:
            continue
        set_act_terms(
            world,
            terms.code,
            points=terms.points,
            per=terms.per,
            most=terms.most,
            on=terms.on,
        )
        changed.append(terms.code)
    return tuple(changed)


def set_act_terms(
    world: World,
    code: str,
    *,
    points: int = 0,
    per: Per | None = None,
    most: int = 1,
    on: bool = True,
    valid_from: datetime | None = None,
) -> None:
    """What an act brings from an instant on (default: now), and how often it counts.

    Args:
        per: default: the shipped limit of its type.
    Raises:
        InvalidSetting: there is no such act, or a number makes no sense.
    """
    shipped = ACT_TYPES.get(code)
    limit = per or (shipped.per if shipped else "ever")
    params = {"type": code, "points": points, "per": limit, "most": most, "on": on}
    publish_rule(world, code=f"act.{code}"[:60], kind="act", params=params, valid_from=valid_from)
