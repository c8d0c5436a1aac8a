"""What is known about one invitation when it is judged; few statements, never at a till."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gamification.columns import from_micros, to_micros
from gamification.programme import day_starts, local_day
from gamification.referrals.baskets import excluded_money
from gamification.referrals.suspicions import NAMES, Came, Facts, Ring, Shared
from gamification.referrals.workers import Worker, worker_who_is
from gamification.store import Store

KEPT_STATES = "('counted', 'partly_returned', 'returned')"
MOST_FRIENDS = 200
"""So many of a referrer's latest friends are looked at: a blogger has more."""
MOST_BELOW = 500
LONGEST_RING = 4
LONGEST_APART = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Case:
    """The invitation that is judged; its purchase is None until there is one."""

    id: int
    referrer_id: int
    friend_id: int
    bound_at: int
    minimum: int
    purchase_id: int | None


def case_of(store: Store, referral_id: int) -> Case:
    """The invitation as its row stands."""
    row = store.first(
        "SELECT r.id, r.referrer_id, r.friend_id, r.bound_at, t.minimum, r.purchase_id"
        " FROM referral r JOIN referral_terms t ON t.id = r.terms_id WHERE r.id = ?",
        referral_id,
    )
    assert row is not None, "invitations are never deleted"
    return Case(*row)


def facts_at_binding(store: Store, case: Case, zone: ZoneInfo) -> Facts:
    """Who these two are to each other, and how many came by the same referrer."""
    known_by, bought = _known_by(store, case, zone)
    bound_day = local_day(from_micros(case.bound_at), zone).toordinal()
    return Facts(
        shared=_shared(store, case),
        known_by=known_by,
        known_bought=bought,
        ring=_ring(store, case),
        mail_domain=_mail_domain(store, case.friend_id),
        bound_day=bound_day,
        binds=_binds(store, case, bound_day, zone),
        minimum=case.minimum,
    )


def facts_at_qualifying(
    store: Store, case: Case, zone: ZoneInfo, *, now: datetime, staff: Iterable[Worker] = ()
) -> Facts:
    """As at binding, as things are now, and how the first purchase was made.

    Args:
        staff: the shop's people, to see whether one of them invites.
    """
    facts = facts_at_binding(store, case, zone)
    worker = worker_who_is(store, case.referrer_id, staff)
    baskets, firsts, came = _purchases(store, case.referrer_id, now)
    facts = replace(facts, baskets=baskets, firsts=firsts, came=came, works_here=worker is not None)
    if case.purchase_id is None:
        return facts
    row = store.first(
        "SELECT occurred_at, store, operator, local_date, amount_left FROM activity WHERE id = ?",
        case.purchase_id,
    )
    assert row is not None, "purchases are never deleted"
    at, place, operator, day, kept = row
    return replace(
        facts,
        basket=kept,
        excluded=excluded_money(store, [case.purchase_id]).get(case.purchase_id, 0),
        rang_up=worker is not None and worker.is_called(operator or ""),
        store=place or "",
        till_apart=_till_apart(store, case.referrer_id, at, place),
        operator=operator or "",
        operator_day=day,
        operator_firsts=_operator_firsts(store, operator, day, zone),
    )


def _shared(store: Store, case: Case) -> tuple[Shared, ...]:
    """Traces that both have."""
    rows = store.rows(
        "SELECT f.kind, f.seen_at, o.seen_at FROM member_trace f JOIN member_trace o"
        " ON o.member_id = ? AND o.kind = f.kind AND o.hash = f.hash WHERE f.member_id = ?",
        case.referrer_id,
        case.friend_id,
    )
    return tuple(
        Shared(kind, abs(from_micros(mine) - from_micros(theirs))) for kind, mine, theirs in rows
    )


def _twins(store: Store, members: Iterable[int], kinds: Iterable[str]) -> list[tuple[int, ...]]:
    """Other members with a trace of one of these: (one of these, the other, kind, was earlier)."""
    named = ", ".join(f"'{kind}'" for kind in kinds)
    return store.in_list(
        "SELECT f.member_id, o.member_id, f.kind, o.seen_at <= f.seen_at FROM member_trace f"
        " JOIN member_trace o ON o.kind = f.kind AND o.hash = f.hash"
        f" AND o.member_id <> f.member_id WHERE f.kind IN ({named}) AND f.member_id IN (?*)",
        members,
    )


def _known_by(store: Store, case: Case, zone: ZoneInfo) -> tuple[tuple[str, ...], bool]:
    """By what the friend was known before, and whether they have bought as somebody else."""
    own = ("purchase",) if _bought_before(store, case, zone) else ()
    others = {
        other: str(kind)
        for _, other, kind, earlier in _twins(store, [case.friend_id], NAMES)
        if earlier and other != case.referrer_id
    }
    if not others:
        return own, False
    bought = store.in_list(
        "SELECT member_id FROM activity WHERE type = 'purchase'"
        f" AND state IN {KEPT_STATES} AND member_id IN (?*) LIMIT 1",
        others,
    )
    return (*own, *others.values()), bool(bought)


def _bought_before(store: Store, case: Case, zone: ZoneInfo) -> bool:
    """Whether the friend had bought before the day of joining, or before that of the invitation.

    A receipt of the day of joining that is older than the card is the visit on which the card
    was given. Source: semantics 6; domain, 13.
    """
    row = store.first("SELECT joined_at FROM member WHERE id = ?", case.friend_id)
    assert row is not None, "members are never deleted"
    joined_day, bound_day = (
        to_micros(day_starts(local_day(from_micros(at), zone), zone))
        for at in (row[0], case.bound_at)
    )
    found = store.first(
        "SELECT 1 FROM activity WHERE member_id = ? AND type = 'purchase'"
        f" AND state IN {KEPT_STATES}"
        " AND (occurred_at < ? OR (occurred_at >= ? AND occurred_at < ?)) LIMIT 1",
        case.friend_id,
        joined_day,
        row[0],
        bound_day,
    )
    return found is not None


def _ring(store: Store, case: Case) -> Ring | None:
    """Whether invitations around this one lead back to a person who stands among them.

    Below the friend somebody may be, under another name, who stands above the referrer.
    """
    above = _line(store, case.referrer_id, "friend_id", "referrer_id")
    below = _line(store, case.friend_id, "referrer_id", "friend_id")
    if len(above) + len(below) == 2:
        return None
    rings = [
        Ring(below[mine] + above[other] + 1, str(kind), closing=mine == case.friend_id)
        for mine, other, kind, _ in _twins(store, below, NAMES)
        if other in above and (mine, other) != (case.friend_id, case.referrer_id)
    ]
    fitting = [one for one in rings if one.steps <= LONGEST_RING]
    return min(fitting, key=lambda one: (one.steps, one.kind), default=None)


def _line(store: Store, member_id: int, known: str, wanted: str) -> dict[int, int]:
    """Members within reach along invitations, and in how many steps; the first one in none."""
    rows = store.rows(
        "WITH RECURSIVE line(id, steps) AS (SELECT CAST(? AS BIGINT), 0"
        f" UNION SELECT r.{wanted}, l.steps + 1 FROM referral r JOIN line l ON r.{known} = l.id"
        f" WHERE l.steps < {LONGEST_RING - 1}) SELECT id, steps FROM line LIMIT {MOST_BELOW}",
        member_id,
    )
    return {int(one): int(steps) for one, steps in reversed(rows)}


def _mail_domain(store: Store, member_id: int) -> str:
    row = store.first("SELECT email FROM member WHERE id = ?", member_id)
    return str(row[0]).rpartition("@")[2] if row and row[0] else ""


def _binds(store: Store, case: Case, day: int, zone: ZoneInfo) -> tuple[int, ...]:
    """The local days on which the referrer's friends came, within a week of this one."""
    first, last = date.fromordinal(day - 6), date.fromordinal(day + 7)
    rows = store.rows(
        "SELECT bound_at FROM referral WHERE referrer_id = ? AND bound_at >= ? AND bound_at < ?"
        " LIMIT 5000",
        case.referrer_id,
        to_micros(day_starts(first, zone)),
        to_micros(day_starts(last, zone)),
    )
    return tuple(local_day(from_micros(at), zone).toordinal() for (at,) in rows)


def _purchases(
    store: Store, referrer_id: int, now: datetime
) -> tuple[tuple[int, ...], tuple[bool, ...], tuple[Came, ...]]:
    """Of the referrer's latest friends: kept of qualifying purchases, which firsts went back,
    and what came after.

    A first purchase went back when less than half of it is kept.
    """
    rows = store.rows(
        "SELECT q.amount_left, f.amount, f.amount_left, q.occurred_at,"
        " q.id IS NOT NULL AND EXISTS (SELECT 1 FROM activity a WHERE a.member_id = r.friend_id"
        " AND a.type = 'purchase' AND a.state IN ('counted', 'partly_returned')"
        " AND a.id <> q.id) FROM (SELECT id, friend_id,"
        " purchase_id FROM referral WHERE referrer_id = ? ORDER BY bound_at DESC, id DESC"
        f" LIMIT {MOST_FRIENDS}) r JOIN activity f ON f.id = (SELECT x.id FROM activity x"
        f" WHERE x.member_id = r.friend_id AND x.type = 'purchase' AND x.state IN {KEPT_STATES}"
        " ORDER BY x.occurred_at, x.id LIMIT 1) LEFT JOIN activity q ON q.id = r.purchase_id",
        referrer_id,
    )
    bought = [(kept, from_micros(at), bool(again)) for kept, _, _, at, again in rows if at]
    return (
        tuple(kept for kept, _, _ in bought),
        tuple(left * 2 < amount for _, amount, left, _, _ in rows),
        tuple(Came(kept, (now - at).days, again) for kept, at, again in bought),
    )


def _till_apart(store: Store, referrer_id: int, at: int, place: str | None) -> timedelta | None:
    """How far the referrer's nearest purchase in the same shop is from this instant."""
    if place is None:
        return None
    reach = LONGEST_APART // timedelta(microseconds=1)
    row = store.first(
        "SELECT MIN(ABS(occurred_at - ?)) FROM activity WHERE member_id = ?"
        " AND occurred_at BETWEEN ? AND ? AND type = 'purchase' AND store = ?"
        f" AND state IN {KEPT_STATES}",
        at,
        referrer_id,
        at - reach,
        at + reach,
        place,
    )
    return None if row is None or row[0] is None else timedelta(microseconds=int(row[0]))


def _operator_firsts(store: Store, operator: str | None, day: str, zone: ZoneInfo) -> int:
    """How many friends' qualifying purchases one operator rang up on a local day.

    Those of one day are on hold until the same midnight, by which they are found.
    """
    if operator is None:
        return 0
    holds = store.rows("SELECT DISTINCT hold_days FROM referral_terms")
    first = date.fromisoformat(day)
    ends = [to_micros(day_starts(first + timedelta(days=days), zone)) for (days,) in holds]
    rows = store.in_list(
        "SELECT COUNT(*) FROM referral r JOIN activity a ON a.id = r.purchase_id"
        " WHERE r.hold_until IN (?*) AND a.operator = ? AND a.local_date = ?",
        ends,
        operator,
        day,
    )
    return sum(int(row[0]) for row in rows)
