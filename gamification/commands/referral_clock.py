"""What becomes of invitations: purchased, kept, paid once, or taken back.

Nothing here runs while a till waits. A receipt of an invited member only says that
somebody has to look (`referral.due_at`); the clock looks within seconds, holds everybody
concerned in ascending order, decides by what is kept, and pays by acts of their own.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from gamification.columns import from_micros, to_micros
from gamification.commands.acts import note_reward
from gamification.commands.appeals import answer_appeals
from gamification.commands.referral_fund import pay_from_fund
from gamification.commands.referral_reversals import (
    has_gift,
    locale_of,
    lose_shares,
    take_back,
    withdraw,
)
from gamification.commands.suspicions import judge_qualifying, pass_over, reason_of_block
from gamification.definitions import current_definitions
from gamification.holding import hold_members
from gamification.notices.actions import write_notice
from gamification.programme import day_starts, local_day
from gamification.referrals.fund import can_pay
from gamification.referrals.invited import PICKS, Invited
from gamification.referrals.rules import (
    Bought,
    cap_from,
    fitting_of,
    progress_of,
    share_of,
    went_back,
)
from gamification.referrals.terms import terms_called
from gamification.referrals.workers import Worker
from gamification.refusals import Refusal
from gamification.store import Store
from gamification.world import World

__all__ = ["Worker", "settle_referral", "settle_referrals"]

AGAIN_AFTER = timedelta(hours=1)
SETTLED = ("rewarded", "qualified", "expired")
KEPT_ONCE = "('counted', 'partly_returned', 'returned', 'superseded')"
"""States of a purchase that counted, whatever became of it."""


Staff = Callable[[World], Sequence[Worker]]


def nobody(_world: World) -> Sequence[Worker]:
    """No people of the shop are known."""
    return ()


def settle_referrals(world: World, staff: Staff = nobody) -> int:
    """Look at the invitation that waits the longest; answers 1, or 0 when none is due.

    Args:
        staff: tells the shop's people; asked only when something is about to be paid.
    """
    store = Store(world.connection)
    row = store.first(
        "SELECT id FROM referral WHERE due_at <= ? ORDER BY due_at, id LIMIT 1",
        to_micros(world.now),
    )
    if row is None:
        return 0
    try:
        with world.session.begin_nested():
            settle_referral(world, int(row[0]), staff)
    except Refusal:
        # One that cannot be settled must not keep the others waiting: it is tried again later.
        later = to_micros(world.now + AGAIN_AFTER)
        store.run("UPDATE referral SET due_at = ? WHERE id = ?", later, row[0])
    return 1


def settle_referral(world: World, referral_id: int, staff: Staff = nobody) -> str:
    """Bring one invitation up to date; answers its state."""
    store = Store(world.connection)
    zone = current_definitions(world.session).programme.zone
    one, above = _held(store, referral_id)
    purchases = _purchases(store, one, zone)
    before = one.state
    if one.state in ("registered", "purchased", "in_review"):
        _advance(world, store, one, purchases, zone, above, staff)
    elif one.reason == "withdrawn":
        withdraw(world, store, one, purchases, above)
    elif one.state in ("rewarded", "qualified"):
        _watch(world, store, one, purchases, zone, above)
    else:
        one.due_at = None
        lose_shares(world, store, one, purchases)
    _write(store, one)
    if one.state != before and one.state in SETTLED:
        # Nobody had to decide any more what the referrer objected to.
        accepted = one.state != "expired"
        answer_appeals(world, store, [one.id], accepted=accepted, key=one.state)
    return one.state


def _held(store: Store, referral_id: int) -> tuple[Invited, int | None]:
    """The invitation and who invited the referrer; all members are held, ascending."""
    who = "SELECT referrer_id, friend_id FROM referral WHERE id = ?"
    row = store.first(who, referral_id)
    assert row is not None, "invitations are never deleted"
    up = store.first("SELECT referrer_id FROM referral WHERE friend_id = ?", row[0])
    people = sorted({int(row[0]), int(row[1]), *([int(up[0])] if up else ())})
    hold_members(store, people)
    states = store.in_list("SELECT id, status FROM member WHERE id IN (?*)", people)
    found = store.first(f"SELECT {PICKS} FROM referral WHERE id = ?", referral_id)
    assert found is not None, "it was there a moment ago"
    one = Invited(*found)
    one.terms = terms_called(store, one.terms_id)
    one.active = frozenset(int(who) for who, status in states if status == "active")
    one.erased = frozenset(int(who) for who, status in states if status == "erased")
    return one, int(up[0]) if up else None


def _purchases(store: Store, one: Invited, zone: ZoneInfo) -> list[Bought]:
    """What the friend has bought since the day they were invited.

    Of a receipt that was corrected nothing is kept: another one stands in its place.
    """
    since = local_day(from_micros(one.bound_at), zone)
    rows = store.rows(
        "SELECT id, occurred_at, local_date, amount_left,"
        " CASE WHEN state = 'superseded' THEN 0 ELSE amount END, points_left FROM activity"
        " WHERE member_id = ?"
        " AND type = 'purchase'"
        f" AND state IN {KEPT_ONCE}"
        " AND local_date >= ? ORDER BY occurred_at, id",
        one.friend_id,
        since.isoformat(),
    )
    return [Bought(row[0], row[1], date.fromisoformat(row[2]), *row[3:6]) for row in rows]


def _advance(
    world: World,
    store: Store,
    one: Invited,
    purchases: Sequence[Bought],
    zone: ZoneInfo,
    above: int | None,
    staff: Staff,
) -> None:
    """An invitation that is under way: what it is now, and when to look again."""
    by = date.fromisoformat(one.qualify_by)
    if one.friend_id not in one.active or one.referrer_id not in one.active:
        one.state, one.reason, one.due_at = "expired", "gone", None
        return
    now = world.now
    fitting = pass_over(world, store, one.id, fitting_of(purchases, one.terms, by))
    progress = progress_of(fitting, one.terms, qualify_by=by, zone=zone, now=now)
    bought = progress.purchase
    before, one.purchase_id = one.purchase_id, bought.id if bought else None
    one.hold_until = to_micros(progress.hold_until) if progress.hold_until else None
    one.due_at = progress.look_at
    if progress.state != "qualified":
        one.state, one.reason = progress.state, None
        if one.state == "expired":
            one.reason = "too_late"
        elif one.state == "registered":
            _start_over(world, one, purchases, fitting, before)
        return
    if one.purchase_id != before:
        # Seen late: what others bought is seen first, so that rules judge all of it.
        one.state, one.reason, one.due_at = "purchased", None, now
        return
    verdict = judge_qualifying(world, store, one.id, staff=staff(world))
    if verdict == "pay":
        _pay(world, store, one, zone, above)
        _share(world, store, one, purchases, zone)
    elif verdict == "hold":
        one.state, one.reason, one.due_at = "in_review", "in_review", None
    else:
        one.state, one.due_at = "blocked", None
        one.reason = reason_of_block(store, one.id)


def _start_over(
    world: World,
    one: Invited,
    purchases: Sequence[Bought],
    fitting: Sequence[Bought],
    before: int | None,
) -> None:
    """No purchase counts so far: why not. After a return the friend is told, once for each."""
    by = date.fromisoformat(one.qualify_by)
    if fitting:
        one.reason = "excluded"
    elif went_back(purchases, one.terms, by):
        one.reason = "returned"
        if before is not None and one.terms.friend_points:
            write_notice(
                world, kind="referral_waits", channel="inbox", member_id=one.friend_id,
                locale=locale_of(world, one.friend_id),
                payload={"minimum": one.terms.minimum, "until": one.qualify_by},
                dedupe_key=f"referral_waits:{one.key}:{before}",
            )  # fmt: skip


def _pay(world: World, store: Store, one: Invited, zone: ZoneInfo, above: int | None) -> None:
    """Pay both sides once; over the cap or the fund it is qualified and brings nothing.

    Both sides come first, then what is paid besides, each whole or not at all.
    """
    assert one.hold_until is not None, "a qualified one was kept until then"
    at, terms = from_micros(one.hold_until), one.terms
    one.qualified_at = one.hold_until
    one.reason, points, bonus = None, terms.referrer_points, terms.friend_points
    if _rewarded_lately(store, one, zone) >= terms.cap:
        one.reason, points = "cap", 0
    if not can_pay(world, points + bonus):
        one.reason, points, bonus = "budget", 0, 0
    one.referrer_points, one.friend_points = points, bonus
    one.state = "rewarded" if points else "qualified"
    why = f"referral_{one.reason}" if one.reason else ""
    key, told = one.key, why if one.reason == "budget" else ""
    note_reward(world, one.referrer_id, "friend_came", key=key, points=points, at=at, why=why)
    note_reward(world, one.friend_id, "invited_bonus", key=key, points=bonus, at=at, why=told)
    if terms.welcome_points and not has_gift(store, one):
        # It waited: something looked odd when the friend came.
        gift = terms.welcome_points
        pay_from_fund(world, one.friend_id, "welcome_gift", key=key, points=gift, at=at)
    second = share_of(points, terms.second_percent)
    if above is not None and above in one.active and second and not _is_ended(store, one):
        pay_from_fund(world, above, "friend_of_friend", key=key, points=second, at=at)
    _tell(world, one.referrer_id, "friend_came", one, points)
    _tell(world, one.friend_id, "invited_bonus", one, bonus)


def _is_ended(store: Store, one: Invited) -> bool:
    """Whether a rule or a person ended the invitation by which the referrer came."""
    sql = "SELECT 1 FROM referral WHERE friend_id = ? AND state = 'blocked'"
    return store.first(sql, one.referrer_id) is not None


def _rewarded_lately(store: Store, one: Invited, zone: ZoneInfo) -> int:
    """Friends of this referrer that were rewarded within the days of the cap."""
    assert one.qualified_at is not None, "it was just set"
    first = cap_from(from_micros(one.qualified_at), one.terms.cap_days, zone)
    row = store.first(
        "SELECT COUNT(*) FROM referral WHERE referrer_id = ? AND state = 'rewarded'"
        " AND referrer_points > 0 AND qualified_at >= ? AND id <> ?",
        one.referrer_id,
        to_micros(first),
        one.id,
    )
    return int(row[0]) if row else 0


def _tell(world: World, member_id: int, kind: str, one: Invited, points: int) -> None:
    """One message about it for each side."""
    write_notice(
        world, kind=kind, channel="inbox", member_id=member_id, locale=locale_of(world, member_id),
        payload={"points": points, "reason": one.reason}, dedupe_key=f"{kind}:{one.key}",
    )  # fmt: skip


def _watch(
    world: World,
    store: Store,
    one: Invited,
    purchases: Sequence[Bought],
    zone: ZoneInfo,
    above: int | None,
) -> None:
    """After the reward: a return takes it back; purchases may bring a share."""
    one.purchase_id = _corrected(store, one.purchase_id)
    kept = next((each.kept for each in purchases if each.id == one.purchase_id), 0)
    if kept < one.terms.minimum:
        take_back(world, store, one, above)
        lose_shares(world, store, one, purchases)
    else:
        _share(world, store, one, purchases, zone)


def _corrected(store: Store, purchase_id: int | None) -> int | None:
    """The purchase that stands in place of one that was corrected, else itself.

    A correction that waits for a person, or was rejected, stands in nobody's place.
    """
    sql = (
        "SELECT n.id FROM activity o JOIN activity n ON n.member_id = o.member_id"
        " AND n.names_source = o.source"
        f" AND n.names_id = o.external_id AND n.type = 'purchase' AND n.state IN {KEPT_ONCE}"
        " WHERE o.id = ? AND o.state = 'superseded'"
    )
    while purchase_id is not None and (row := store.first(sql, purchase_id)):
        purchase_id = int(row[0])
    return purchase_id


def _share(
    world: World, store: Store, one: Invited, purchases: Sequence[Bought], zone: ZoneInfo
) -> None:
    """Note each purchase that was kept, with the referrer's share of its points.

    What went back later takes its share along; the next look is when the next window ends.
    Whoever is blocked or erased gets none.
    """
    one.due_at = None
    noted = lose_shares(world, store, one, purchases)
    if not one.terms.share_percent or one.referrer_id not in one.active:
        return
    last = local_day(from_micros(one.bound_at), zone) + timedelta(days=one.terms.share_days)
    for each in purchases:
        ripe = day_starts(each.day + timedelta(days=one.terms.hold_days), zone)
        if each.kept <= 0 or each.day > last or each.id in noted:
            continue
        if ripe > world.now:
            one.due_at = min(ripe, one.due_at or ripe)
            continue
        points = share_of(each.points, one.terms.share_percent)
        at, key = from_micros(to_micros(ripe)), f"{one.key}:{each.id}"
        pay_from_fund(world, one.referrer_id, "friend_bought", key=key, points=points, at=at)


def _write(store: Store, one: Invited) -> None:
    store.run(
        "UPDATE referral SET state = ?, purchase_id = ?, hold_until = ?, qualified_at = ?,"
        " referrer_points = ?, friend_points = ?, reason = ?, due_at = ?, withdrawals = ?"
        " WHERE id = ?",
        one.state,
        one.purchase_id,
        one.hold_until,
        one.qualified_at,
        one.referrer_points,
        one.friend_points,
        one.reason,
        None if one.due_at is None else to_micros(one.due_at),
        one.withdrawals,
        one.id,
    )
