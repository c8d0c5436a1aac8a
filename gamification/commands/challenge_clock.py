"""What the clock does for challenges: begins and ends them, pays once, takes back, closes.

A till only says how far somebody is. Each step here is one transaction: a member is held
first, the challenge with its budget last. Source: decision 0120.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gamification.activities.acts import own_act
from gamification.activities.queries import find_act
from gamification.case import Act, EntryState
from gamification.challenges.queries import (
    ENTRY_COLUMNS,
    entry_of,
    names_of,
    rules_of,
    write_entry,
)
from gamification.challenges.rules import ChallengeRule, firm_from, ripe_on
from gamification.challenges.tables import Challenge
from gamification.challenges.terms import ChallengeTerms
from gamification.columns import from_micros, to_micros
from gamification.commands.acts import cancel_act, note_reward
from gamification.commands.challenge_drafts import hold_challenge, move_challenge
from gamification.commands.challenge_messages import tell_late, tell_missed
from gamification.definitions import current_definitions
from gamification.holding import hold_members
from gamification.notices.actions import write_notice
from gamification.refusals import Refusal
from gamification.store import Store
from gamification.world import World

ARCHIVE_AFTER = timedelta(days=90)
STILL_DUE = (
    "SELECT 1 FROM challenge_entry e JOIN member m ON m.id = e.member_id AND m.status = 'active'"
    " WHERE e.challenge_id = challenge.id AND e.due_at IS NOT NULL"
)
"""Whether a challenge has something to pay, or to take back from, somebody who takes part now."""
WHY_LESS = {"challenge_cap": "cap", "challenge_budget": "budget"}
AGAIN_AFTER = timedelta(hours=1)
CLOSING_PAGE = 500


def advance_challenges(world: World) -> int:
    """Begin, end or archive the challenge whose time has come; answers 1, or 0 when none is."""
    store, now = Store(world.connection), to_micros(world.now)
    row = store.first(
        "SELECT id FROM challenge WHERE (state = 'scheduled' AND starts_at <= ?)"
        " OR (state IN ('live', 'paused') AND ends_at <= ?)"
        f" OR (state = 'ended' AND archive_at <= ? AND NOT EXISTS ({STILL_DUE}))"
        " ORDER BY starts_at, id LIMIT 1",
        *(now, now, now),
    )
    if row is None:
        return 0
    challenge = hold_challenge(world, int(row[0]))
    starts, ends, leaves = challenge.starts_at, challenge.ends_at, challenge.archive_at
    assert starts is not None, "a launched challenge has dates"
    assert ends is not None, "a launched challenge has dates"
    if challenge.state == "scheduled" and starts <= world.now:
        move_challenge(world, challenge, "live", "clock", "began")
    elif challenge.state in ("live", "paused") and ends <= world.now:
        challenge.paused_at = None
        move_challenge(world, challenge, "ending", "clock", "ended")
    elif challenge.state == "ended" and leaves and leaves <= world.now:
        move_challenge(world, challenge, "archived", "clock", "archived")
    return 1


def close_challenges(world: World) -> int:
    """Close a page of entries of a challenge whose grace is over; answers how much was done.

    The cursor is kept with the page, so that a closing that was killed goes on where it was.
    Places are given once all entries are closed. Source: decisions, 13.
    """
    zone = current_definitions(world.session).programme.zone
    store, now = Store(world.connection), to_micros(world.now)
    for (ident,) in store.rows("SELECT id FROM challenge WHERE state = 'ending' ORDER BY id"):
        found = world.session.get(Challenge, ident, populate_existing=True)
        assert found is not None, "challenges are never deleted"
        rule = _rule_with_versions(world, found, zone.key)
        if now < rule.closes:
            continue
        challenge = hold_challenge(world, ident, alone=True)
        if challenge.state == "ending":
            return _close_page(world, store, challenge, rule)
    return 0


def _close_page(world: World, store: Store, challenge: Challenge, rule: ChallengeRule) -> int:
    page = store.rows(
        "SELECT id FROM challenge_entry WHERE challenge_id = ? AND id > ? ORDER BY id LIMIT ?",
        *(challenge.id, challenge.closed_upto, CLOSING_PAGE),
    )
    if page:
        last = int(page[-1][0])
        tell_missed(world, rule, challenge.closed_upto, last)
        store.run(
            "UPDATE challenge_entry SET state = 'missed' WHERE challenge_id = ?"
            " AND id > ? AND id <= ? AND state = 'joined'",
            *(challenge.id, challenge.closed_upto, last),
        )
        challenge.closed_upto = last
        world.session.add(challenge)
        world.session.flush()
        return len(page)
    if rule.terms.max_winners is not None:
        _give_places(store, rule, to_micros(world.now))
        tell_late(world, rule)
    store.run(  # a return that came between two pages
        "UPDATE challenge_entry SET state = 'missed' WHERE challenge_id = ? AND state = 'joined'",
        challenge.id,
    )
    challenge.ended_at, challenge.archive_at = world.now, world.now + ARCHIVE_AFTER
    move_challenge(world, challenge, "ended", "clock", "closed")
    return 1


def _give_places(store: Store, rule: ChallengeRule, now: int) -> None:
    """Places by (completed_at, activity id); those within the number of winners are due.

    Among those who take part now: who was erased or locked out takes nobody's place.
    """
    most = rule.terms.max_winners
    store.run(
        "UPDATE challenge_entry SET place = ranked.place,"
        " prize = CASE WHEN ranked.place <= ? THEN 'waiting' ELSE 'place' END,"
        " due_at = CASE WHEN ranked.place <= ? THEN ? END"
        " FROM (SELECT e.id, ROW_NUMBER() OVER"
        " (ORDER BY e.completed_at, e.completed_by, e.id) AS place"
        " FROM challenge_entry e JOIN member m ON m.id = e.member_id AND m.status = 'active'"
        " WHERE e.challenge_id = ? AND e.arm = 'treatment'"
        " AND e.state = 'completed') AS ranked WHERE challenge_entry.id = ranked.id",
        *(most, most, now, rule.id),
    )
    store.run(
        "UPDATE challenge_entry SET prize = 'gone' WHERE challenge_id = ?"
        " AND arm = 'treatment' AND state = 'completed' AND place IS NULL",
        rule.id,
    )


@dataclass(slots=True)
class Payment:
    """One entry that the clock settles, with everybody concerned held."""

    world: World
    store: Store
    challenge: Challenge
    rule: ChallengeRule
    entry: EntryState
    names: dict[str, str]

    @property
    def terms(self) -> ChallengeTerms:
        """The terms under which the member joined."""
        return self.rule.of_version(self.entry.version).terms

    def note(self) -> dict[str, object]:
        """What the act of a reward says of its challenge."""
        return {"challenge": self.rule.code, "names": self.names}


def pay_challenges(world: World) -> int:
    """Settle the entry that waits the longest: pay what is reached, take back what is not.

    A pause keeps what is to be paid, not what is to be taken: that would be ripe meanwhile.
    Answers 1, or 0 when none is due. Whoever completed first comes first, so that a budget
    lasts in that order.
    """
    store, now = Store(world.connection), to_micros(world.now)
    row = store.first(
        "SELECT e.id, e.member_id, e.challenge_id FROM challenge_entry e"
        " JOIN challenge c ON c.id = e.challenge_id"
        " WHERE e.due_at <= ? AND (c.state <> 'paused' OR e.paid > e.rung)"
        " ORDER BY COALESCE(e.place, 0), COALESCE(e.completed_at, e.due_at), e.completed_by, e.id"
        " LIMIT 1",
        now,
    )
    if row is None:
        return 0
    entry_id, member_id, challenge_id = map(int, row)
    try:
        with world.session.begin_nested():
            _settle(world, store, entry_id, member_id, challenge_id)
    except Refusal:
        # One that cannot be settled must not keep the others waiting: it is tried again later.
        later = to_micros(world.now + AGAIN_AFTER)
        store.run("UPDATE challenge_entry SET due_at = ? WHERE id = ?", later, entry_id)
    return 1


def _settle(world: World, store: Store, entry_id: int, member_id: int, challenge_id: int) -> None:
    hold_members(store, [member_id])
    challenge = hold_challenge(world, challenge_id)
    found = store.first(f"SELECT {ENTRY_COLUMNS} FROM challenge_entry WHERE id = ?", entry_id)
    entry = entry_of(found or ())
    if entry.due is None or (challenge.state == "paused" and entry.paid <= entry.rung):
        return
    zone = current_definitions(world.session).programme.zone
    rule = _rule_with_versions(world, challenge, zone.key)
    names = names_of(store, challenge_id)
    payment = Payment(world, store, challenge, rule, entry, names)
    entry.due = None
    row = store.first("SELECT status FROM member WHERE id = ?", member_id)
    if row is None or row[0] == "erased":
        entry.prize = "gone"
    elif row[0] != "active":
        # Whoever is let in again finds the reward.
        entry.due = to_micros(world.now + AGAIN_AFTER)
    elif entry.paid > entry.rung:
        _take_back(payment)
    elif entry.state == "cancelled":
        _compensate(payment)
    else:
        _pay(payment)
    write_entry(store, entry)


def _rule_with_versions(world: World, challenge: Challenge, zone: str) -> ChallengeRule:
    """The rule as the definitions have it; one that is put away is read with its versions."""
    for rule in current_definitions(world.session).challenges:
        if rule.id == challenge.id:
            return rule
    return rules_of(world.session, [challenge], zone)[0]


def _pay(payment: Payment) -> None:
    """Pay each rung that is reached and was not paid: once, within cap and budget."""
    entry, own = payment.entry, payment.rule.of_version(payment.entry.version)
    terms, before = own.terms, entry.points
    entry.prize = "paid"
    while entry.paid < entry.rung:
        number = entry.paid + 1
        last = number == len(terms.ladder)
        points, why = _within_bounds(payment, terms.ladder[entry.paid].points)
        rung = entry.reached[entry.paid]
        note_reward(
            payment.world,
            entry.member_id,
            "challenge_completed" if last else "challenge_step",
            key=f"{entry.id}:{number}:{entry.times}",
            points=points,
            at=from_micros(rung[0]),
            why=why,
            ripe=ripe_on(own, rung) if points else None,
            note=payment.note(),
        )
        entry.paid, entry.points = number, entry.points + points
        payment.challenge.spent += points
        _keep_until(payment.challenge, from_micros(firm_from(own, rung)))
        if why:
            entry.prize = WHY_LESS[why]
    if entry.rung == len(terms.ladder):
        entry.state = "rewarded"
    payment.world.session.add(payment.challenge)
    payment.world.session.flush()
    _tell(payment, "challenge_won" if entry.state == "rewarded" else "challenge_step",
          f"{entry.rung}", points=entry.points - before)  # fmt: skip


def _keep_until(challenge: Challenge, firm: datetime) -> None:
    """A challenge that is over is archived when nothing it paid can go back any more."""
    if challenge.archive_at is not None:
        challenge.archive_at = max(challenge.archive_at, firm)


def _within_bounds(payment: Payment, points: int) -> tuple[int, str]:
    """The points that cap and budget let through, and the reason for none."""
    most = payment.terms.most_points
    if most is not None:
        row = payment.store.first(
            "SELECT COALESCE(SUM(points), 0) FROM challenge_entry"
            " WHERE challenge_id = ? AND member_id = ? AND id <> ?",
            *(payment.rule.id, payment.entry.member_id, payment.entry.id),
        )
        so_far = (int(row[0]) if row else 0) + payment.entry.points
        if so_far >= most:
            return 0, "challenge_cap"
        points = min(points, most - so_far)
    budget = payment.challenge.budget
    if budget is not None and payment.challenge.spent + points > budget:
        return 0, "challenge_budget"
    return points, ""


def _take_back(payment: Payment) -> None:
    """What was reached went back within the hold: its acts are cancelled, the budget is freed."""
    entry, terms = payment.entry, payment.terms
    taken = 0
    while entry.paid > entry.rung:
        last = entry.paid == len(terms.ladder)
        code = "challenge_completed" if last else "challenge_step"
        act = _paid_by(payment, code)
        if act is not None:
            taken += act.points_left
            cancel_act(payment.world, act.id, reason="returned", actor="engine")
        entry.paid -= 1
    entry.reached = entry.reached[: entry.rung]
    entry.times += 1
    entry.points -= taken
    entry.prize = "returned"
    payment.challenge.spent -= taken
    payment.world.session.add(payment.challenge)
    payment.world.session.flush()
    _tell(payment, "challenge_returned", f"{entry.times}", points=taken)


def _paid_by(payment: Payment, code: str) -> Act | None:
    """The act that pays the entry's last rung: of the latest time that it was paid."""
    entry = payment.entry
    for times in range(entry.times, -1, -1):
        key = f"{entry.id}:{entry.paid}:{times}"
        told = own_act(entry.member_id, code, payment.world.now, key=key)
        act = find_act(payment.store, told.source, told.external_id)
        if act is not None and act.state == "counted":
            return act
    return None


def _compensate(payment: Payment) -> None:
    """A challenge was called off after the member had begun: each gets what was said then."""
    entry, points = payment.entry, payment.rule.terms.compensation
    if points:
        note_reward(
            payment.world,
            entry.member_id,
            "challenge_compensation",
            key=f"{entry.id}",
            points=points,
            at=payment.world.now,
            note=payment.note(),
        )
        entry.points = points
        payment.challenge.spent += points
        payment.world.session.add(payment.challenge)
        payment.world.session.flush()
    _tell(payment, "challenge_cancelled", "off", points=points)


def _tell(payment: Payment, kind: str, key: str, *, points: int) -> None:
    entry, world = payment.entry, payment.world
    row = payment.store.first("SELECT locale FROM member WHERE id = ?", entry.member_id)
    write_notice(
        world,
        kind=kind,
        channel="inbox",
        member_id=entry.member_id,
        locale=str(row[0]) if row else "ru",
        payload={
            "challenge": payment.challenge.code,
            "names": payment.names,
            "points": points,
            "prize": entry.prize,
            "place": entry.place,
        },
        dedupe_key=f"{kind}:{entry.id}:{entry.times}:{key}",
    )
