"""What a member says of a challenge: I am in, I am out, remind me, I have seen it.

Each is said with the member held, and saying it again changes nothing. Source: decision 0121.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gamification.case import EntryState, MemberState
from gamification.challenges.actions import enter, move_entry
from gamification.challenges.queries import write_entry
from gamification.challenges.rules import ChallengeRule, Window, days_after, windows_for
from gamification.challenges.sight import (
    NEVER_JOINED,
    are_prizes_gone,
    is_in_control,
    is_unasked,
)
from gamification.columns import to_micros
from gamification.commands.till import MemberRef, hold_member, lock_member
from gamification.definitions import Definitions
from gamification.holding import hold_members
from gamification.loading import state_of
from gamification.members.prompts import note_prompt
from gamification.refusals import ChallengeClosed, PrizesGone, UnknownChallenge
from gamification.sources import TableSource
from gamification.store import Store
from gamification.world import World

JOINABLE = ("scheduled", "live", "paused")


@dataclass(slots=True)
class _Held:
    """A member with their entries, nobody else changing them meanwhile."""

    world: World
    store: Store
    definitions: Definitions
    state: MemberState
    now: int


def _hold(world: World, member_id: int) -> _Held:
    store = Store(world.connection)
    _, row, definitions = lock_member(world, store, MemberRef(member_id=member_id))
    return _held(world, store, row, definitions)


def _held(world: World, store: Store, row: Sequence[object], definitions: Definitions) -> _Held:
    source = TableSource(store, definitions, int(str(row[0])))
    state = state_of(row, definitions, source)
    state.read_entries([rule.id for rule in definitions.challenges])
    return _Held(world, store, definitions, state, to_micros(world.now))


def look_at_challenges(world: World, member_id: int) -> int:
    """A member looks for the first time: ask of each challenge whether they are meant.

    The answer is kept as an entry, `outside` included. Answers how many were asked.

    Raises:
        UnknownMember: there is nobody with this id.
    """
    store = Store(world.connection)
    _, row, definitions = hold_member(world, store, MemberRef(member_id=member_id))
    if row[1] != "active" or world.past:
        return 0
    held = _held(world, store, row, definitions)
    return sum(_ask(held, rule) is not None for rule in definitions.challenges)


def _ask(held: _Held, rule: ChallengeRule) -> EntryState | None:
    """The entry that a first look makes; None when there is nothing to ask."""
    state, there = held.state, held.state.entries[rule.id]
    window = is_unasked(rule, state.joined, held.now, there)
    if window is None:
        return None
    entry = enter(rule, state, held.world.ids(), window, at=held.now)
    if entry.state == "joined" and rule.terms.enrol == "button":
        entry.state, entry.version = "left", NEVER_JOINED
    elif entry.state == "joined":
        move_entry(rule, state, entry, held.now)
    there.append(entry)
    write_entry(held.store, entry)
    return entry


def join_challenge(world: World, member_id: int, code: str) -> bool:
    """The member is in. What they did since the challenge began counts, where its terms say so.

    Whoever left comes back to the time they had, with what they did meanwhile. False when
    they were in already.

    Raises:
        UnknownMember, MemberBlocked.
        UnknownChallenge: there is none, or it is not for this member.
        ChallengeClosed: it has not begun, is over or was called off; `state` says which.
        PrizesGone: its budget is used up and there is no medal either.
    """
    held = _hold(world, member_id)
    rule, entry, window = _place(held, code)
    if entry is not None and entry.state in ("joined", "completed", "rewarded"):
        return False
    _refuse_closed(held, rule, entry)
    _refuse_empty(held, rule)
    if entry is None:
        if rule.terms.enrol == "auto":
            return False  # they are in without a word
        entry = enter(rule, held.state, world.ids(), window, at=held.now)
    if entry.version == NEVER_JOINED or entry.state == "joined":
        entry.version, entry.joined = rule.version, held.now
        entry.starts, entry.ends = _own_time(held, rule, window)
    entry.state = "joined"
    move_entry(rule, held.state, entry, held.now)
    write_entry(held.store, entry)
    return True


def _own_time(held: _Held, rule: ChallengeRule, window: Window) -> tuple[int, int]:
    """From when until when acts of somebody who joins now count."""
    if rule.terms.window == "enrolled":
        return held.now, days_after(rule, held.now)
    return (held.now if rule.terms.count_from == "enrolled" else window[1]), window[2]


def leave_challenge(world: World, member_id: int, code: str) -> bool:
    """The member is out: nothing moves the entry any more, and it costs nothing.

    Who has reached a step cannot leave: a return would have to take it back. False when they
    were not in.

    Raises:
        UnknownMember, MemberBlocked, UnknownChallenge.
        ChallengeClosed: it is over, or a step is reached (`state` is `reached`).
    """
    held = _hold(world, member_id)
    rule, entry, window = _place(held, code)
    if entry is not None and entry.state == "left":
        return False
    _refuse_closed(held, rule, entry)
    if entry is None:
        if rule.terms.enrol == "button":
            return False
        entry = enter(rule, held.state, world.ids(), window, at=held.now)
    if entry.state != "joined" or entry.rung or entry.paid:
        raise ChallengeClosed(state="reached")
    entry.state, entry.due = "left", None
    write_entry(held.store, entry)
    return True


def choose_reminder(world: World, member_id: int, code: str, *, wanted: bool) -> None:
    """Whether the member is told when this challenge begins, and before it ends.

    Raises:
        UnknownMember, MemberBlocked, UnknownChallenge.
    """
    held = _hold(world, member_id)
    rule, entry, window = _place(held, code)
    if entry is None and rule.terms.enrol == "auto" and rule.starts <= held.now < rule.ends:
        entry = enter(rule, held.state, world.ids(), window, at=held.now)
        move_entry(rule, held.state, entry, held.now)
        write_entry(held.store, entry)
    note_prompt(world, member_id, reminder_code(rule.id), "yes" if wanted else "no")


def reminder_code(challenge_id: int) -> str:
    """Under which code a member's choice about reminders is kept."""
    return f"challenge.{challenge_id}"


def mark_seen(world: World, member_id: int, entry_ids: Sequence[int]) -> None:
    """Note that the results of these entries had their scene."""
    store, now = Store(world.connection), to_micros(world.now)
    hold_members(store, [member_id])
    for entry_id in entry_ids:
        store.run(
            "UPDATE challenge_entry SET seen_at = ?"
            " WHERE id = ? AND member_id = ? AND seen_at IS NULL",
            *(now, entry_id, member_id),
        )


def _place(held: _Held, code: str) -> tuple[ChallengeRule, EntryState | None, Window]:
    """The challenge, the member's entry in its current period, and that period.

    Raises UnknownChallenge, ChallengeClosed: nobody who may not see it learns of it.
    """
    rule = next((r for r in held.definitions.challenges if r.code == code), None)
    if rule is None or rule.state == "cancelled":
        raise _gone(held, code)
    entries = held.state.entries[rule.id]
    _ask(held, rule)
    hidden = any(e.state == "outside" or e.arm == "control" for e in entries)
    if hidden or (not entries and is_in_control(rule, held.state.member_id)):
        raise UnknownChallenge(challenge=code)
    moment = min(max(held.now, rule.starts), rule.ends - 1)
    window = next(iter(windows_for(rule, held.state.joined, (moment,))), None)
    if window is None:
        raise UnknownChallenge(challenge=code)
    return rule, next((e for e in entries if e.period == window[0]), None), window


def _gone(held: _Held, code: str) -> UnknownChallenge | ChallengeClosed:
    """The refusal for a challenge that no act moves: who took part may know that it is over."""
    row = held.store.first(
        "SELECT c.state FROM challenge c JOIN challenge_entry e ON e.challenge_id = c.id"
        " WHERE c.code = ? AND e.member_id = ? AND e.arm = 'treatment' AND e.state <> 'outside'",
        *(code, held.state.member_id),
    )
    return UnknownChallenge(challenge=code) if row is None else ChallengeClosed(state=row[0])


def _refuse_closed(held: _Held, rule: ChallengeRule, entry: EntryState | None) -> None:
    if held.now < rule.starts:
        raise ChallengeClosed(state="scheduled")
    joined = entry is not None and entry.version != NEVER_JOINED
    ends = entry.ends if entry is not None and joined else rule.ends
    is_over = rule.state not in JOINABLE or held.now >= ends
    if is_over or (entry is not None and entry.state in ("missed", "cancelled")):
        raise ChallengeClosed(state="ended")


def _refuse_empty(held: _Held, rule: ChallengeRule) -> None:
    row = held.store.first("SELECT budget, spent FROM challenge WHERE id = ?", rule.id)
    if row and not rule.terms.medal and are_prizes_gone(rule, row[0], row[1]):
        raise PrizesGone()
