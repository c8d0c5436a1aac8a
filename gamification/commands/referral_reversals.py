"""Points of invitations are taken back: after a return, or with the decision that paid them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gamification.activities.acts import own_act
from gamification.activities.queries import find_act, parsed
from gamification.activities.registry import OWN_SOURCE
from gamification.columns import from_micros
from gamification.commands.acts import cancel_act, note_reward
from gamification.commands.suspicions import judge_qualifying, reason_of_block
from gamification.notices.actions import write_notice
from gamification.referrals.invited import Invited
from gamification.referrals.rules import Bought, share_of
from gamification.store import Store
from gamification.world import World

MOST_TURNS = 3
"""So often a share is noted anew, smaller, after a part of its purchase went back."""


def take_back(world: World, store: Store, one: Invited, above: int | None) -> None:
    """The purchase went back after the reward: so do the points, and what they counted for.

    From the erased nothing is taken: their side stays as the books have it.
    """
    paid = [("friend_came", one.referrer_id), ("invited_bonus", one.friend_id)]
    if above is not None:
        paid.append(("friend_of_friend", above))
    here = [(code, who) for code, who in paid if who not in one.erased]
    taken = [who for code, who in here if cancelled(world, store, who, code, one.key)]
    _tell_taken(world, one, "referral_returned", taken, key=one.key)
    one.due_at = None
    if one.friend_id not in one.erased:
        one.friend_points = 0
    if one.referrer_id not in one.erased:
        one.state, one.reason, one.referrer_points = "reversed", "returned", 0


def has_gift(store: Store, one: Invited) -> bool:
    """Whether the friend has the gift for joining, by this payment or one before."""
    keys = [str(one.id), *(f"{one.id}.{n}" for n in range(1, one.withdrawals + 1))]
    at = from_micros(one.bound_at)
    told = [own_act(one.friend_id, "welcome_gift", at, key=key).external_id for key in keys]
    sql = "SELECT 1 FROM activity WHERE external_id IN (?*) AND source = ? AND state = 'counted'"
    return bool(store.in_list(sql, told, OWN_SOURCE))


def withdraw(
    world: World,
    store: Store,
    one: Invited,
    purchases: Sequence[Bought],
    above: int | None,
) -> None:
    """A person took back the decision by which it was paid: so go all its points, and it waits.

    One that had been ended before is ended again. A gift for joining goes along if it was
    that decision that let it pass. Nothing is taken where one of the two was erased meanwhile;
    of somebody above who was erased nothing is taken at all.
    """
    if one.erased & {one.referrer_id, one.friend_id}:
        one.reason = one.due_at = None
        return
    row = store.first(
        "SELECT at, undone_by, before FROM referral_decision WHERE referral_id = ?"
        " AND undone_at IS NOT NULL ORDER BY undone_at DESC, id DESC LIMIT 1",
        one.id,
    )
    decided, actor = (int(row[0]), str(row[1])) if row else (0, "engine")
    before = (parsed(row[2]) or {}) if row else {}
    paid = [("friend_came", one.referrer_id), ("invited_bonus", one.friend_id)]
    if above is not None and above not in one.erased:
        paid.append(("friend_of_friend", above))
    gift = own_act(one.friend_id, "welcome_gift", world.now, key=one.key)
    act = find_act(store, gift.source, gift.external_id)
    if act is not None and act.recorded >= decided:
        paid.append(("welcome_gift", one.friend_id))
    acts = [(code, who, one.key) for code, who in paid]
    if one.terms.share_percent:
        noted = shares_of(store, one, purchases)
        acts += [
            ("friend_bought", one.referrer_id, share_key(one, each, noted[each.id].turn))
            for each in purchases if each.id in noted
        ]  # fmt: skip
    taken = {
        who for code, who, key in acts
        if cancelled(world, store, who, code, key, reason="withdrawn", actor=actor)
    }  # fmt: skip
    _tell_taken(world, one, "referral_withdrawn", sorted(taken), key=one.key)
    one.withdrawals += 1
    one.referrer_points = one.friend_points = 0
    one.qualified_at = one.due_at = None
    one.state, one.reason = "in_review", "in_review"
    if before.get("state") == "blocked":
        one.state, one.reason = "blocked", before["reason"]  # ended it was, with that word
    elif judge_qualifying(world, store, one.id) == "block":
        one.state, one.reason = "blocked", reason_of_block(store, one.id)


@dataclass(frozen=True, slots=True)
class Share:
    """What a purchase brings the referrer now: `turn` is how often a part of it went back."""

    turn: int
    state: str
    points: int
    at: int


def lose_shares(
    world: World, store: Store, one: Invited, purchases: Sequence[Bought]
) -> dict[int, Share]:
    """What went back of purchases takes its part of the referrer's share along.

    Whatever became of the invitation since; only from the erased nothing is taken. A share is
    noted anew up to three times; after one more return of the same purchase it is gone.
    What stays of it was paid before and does not ask the fund again. Answers which purchases
    have brought one, by id.
    """
    if not one.terms.share_percent or one.referrer_id in one.erased:
        return {}
    noted, who = shares_of(store, one, purchases), one.referrer_id
    for each in purchases:
        share = noted.get(each.id)
        left = share_of(each.points, one.terms.share_percent) if each.kept > 0 else 0
        if share is None or share.state != "counted" or (each.kept > 0 and share.points <= left):
            continue
        cancelled(world, store, who, "friend_bought", share_key(one, each, share.turn))
        if left and share.turn < MOST_TURNS and who in one.active:
            key = share_key(one, each, share.turn + 1)
            at = from_micros(share.at)
            note_reward(world, who, "friend_bought", key=key, points=left, at=at)
    return noted


def share_key(one: Invited, bought: Bought, turn: int) -> str:
    """What a share is told by: another one each time that a part of the purchase went back."""
    return f"{one.key}:{bought.id}.{turn}" if turn else f"{one.key}:{bought.id}"


def shares_of(store: Store, one: Invited, purchases: Sequence[Bought]) -> dict[int, Share]:
    """Which purchases have brought a share already, the last of each, in one statement."""
    names = {
        own_act(
            one.referrer_id, "friend_bought", from_micros(each.at), key=share_key(one, each, turn)
        ).external_id: (each.id, turn)
        for each in purchases
        for turn in range(MOST_TURNS + 1)
    }
    rows = store.in_list(
        "SELECT external_id, state, points_left, occurred_at FROM activity"
        " WHERE external_id IN (?*) AND source = ?",
        names,
        OWN_SOURCE,
    )
    found: dict[int, Share] = {}
    for name, state, points, at in sorted(rows, key=lambda row: names[row[0]]):
        bought, turn = names[name]
        found[bought] = Share(turn, str(state), int(points), int(at))
    return found


def _tell_taken(
    world: World, one: Invited, kind: str, members: Sequence[int], *, key: object
) -> None:
    """Whoever lost points reads why, once."""
    for member_id in members:
        write_notice(
            world, kind=kind, channel="inbox", member_id=member_id,
            locale=locale_of(world, member_id), payload={}, dedupe_key=f"{kind}:{key}:{member_id}",
        )  # fmt: skip


def cancelled(
    world: World,
    store: Store,
    member_id: int,
    code: str,
    key: str,
    *,
    reason: str = "returned",
    actor: str = "engine",
) -> bool:
    """Take back an act that paid for an invitation; answers whether points went with it."""
    told = own_act(member_id, code, world.now, key=key)
    act = find_act(store, told.source, told.external_id)
    if act is None or act.state != "counted":
        return False
    cancel_act(world, act.id, reason=reason, actor=actor)
    return act.points_left > 0


def locale_of(world: World, member_id: int) -> str:
    row = Store(world.connection).first("SELECT locale FROM member WHERE id = ?", member_id)
    return str(row[0]) if row else "ru"
