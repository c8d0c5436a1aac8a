"""What an act does to the challenges that a member is in: progress moves, nothing is paid here.

The clock pays, within seconds: a till never holds what others share (a budget, a number of
winners). Source: decision 0120.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gamification.activities.registry import CANCELLATION
from gamification.case import Act, EntryState, MemberState, Rows
from gamification.challenges.arms import arm_of
from gamification.challenges.rules import (
    ChallengeRule,
    Progress,
    Window,
    evaluate,
    firm_from,
    is_decided_late,
    looks_back,
    windows_for,
)
from gamification.world import IdSource

OPEN = ("scheduled", "live", "paused", "ending")
"""States of challenges that still take somebody in: a file may tell later what was in time."""
FINISHED = ("left", "missed", "outside", "cancelled")
"""States of entries that nothing lifts any more; what they were paid can still go back."""


WENT_BACK = {"ended": "missed", "archived": "missed", "cancelled": "cancelled"}
"""What an entry becomes whose goal went back, where it cannot be reached again."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry that an act moved: from how far to how far."""

    rule: ChallengeRule
    entry: EntryState
    before: int
    rung_before: int

    @property
    def is_finished_now(self) -> bool:
        """Whether the act reached the goal."""
        return self.rung_before < self.entry.rung == len(self.rule.terms.ladder)


def follow_challenges(
    rules: Sequence[ChallengeRule],
    state: MemberState,
    rows: Rows,
    ids: IdSource,
    act: Act,
    touched: Sequence[Act],
) -> list[Moved]:
    """Bring the member's entries up to date with an act and those it touches.

    Late facts count while the grace lasts; a return moves what it takes back until the hold
    of a reward is over, also where the challenge was called off meanwhile.
    """
    hits = [rule for rule in rules if _is_hit(rule, act, touched)]
    if not hits:
        return []
    state.note_acts((*touched, act))
    state.read_entries([rule.id for rule in hits])
    open_ones: list[tuple[ChallengeRule, EntryState, bool]] = []
    for rule in hits:
        for entry in _entries_for(rule, state, rows, ids, act, touched):
            grace = rule.of_version(entry.version).grace
            may_rise = _is_open(rule, entry, act) and act.told < entry.ends + grace
            if touched or may_rise:
                open_ones.append((rule, entry, may_rise))
    if not open_ones:
        return []
    # One read for all of them: the earliest start decides.
    state.acts_since(min(entry.starts - looks_back(rule) for rule, entry, _ in open_ones))
    moved: list[Moved] = []
    for rule, entry, may_rise in open_ones:
        change = move_entry(rule, state, entry, act.brought, may_rise=may_rise)
        rows.entries[entry.id] = entry
        if change:
            moved.append(change)
    return moved


def _is_open(rule: ChallengeRule, entry: EntryState, act: Act) -> bool:
    if rule.state == "cancelled":
        return False
    is_lifted = entry.state == "missed" and is_decided_late(rule, act)
    return is_lifted or entry.state not in FINISHED


def _is_hit(rule: ChallengeRule, act: Act, touched: Sequence[Act]) -> bool:
    return rule.concerns(act, now_kept=True) or any(
        rule.concerns(other, now_kept=False) for other in touched
    )


def _entries_for(
    rule: ChallengeRule,
    state: MemberState,
    rows: Rows,
    ids: IdSource,
    act: Act,
    touched: Sequence[Act],
) -> list[EntryState]:
    """The entries that these acts may move; whoever is meant and has none joins now."""
    there = state.entries[rule.id]
    if any(entry.state == "outside" for entry in there):
        return []
    moments = [a.occurred for a in (*touched, act)]
    found = [e for e in there if any(e.starts <= at < e.ends for at in moments)]
    for entry in take_in(rule, state, ids, act, moments):
        rows.entries[entry.id] = entry
        found.append(entry)
    # What was paid on the way, or is about to be, goes back whatever became of the entry.
    return [e for e in found if e.state not in FINISHED or _has_rungs(e) or _is_open(rule, e, act)]


def _has_rungs(entry: EntryState) -> bool:
    """Whether something was paid, or will be: a calling off paid all that it will."""
    return entry.paid > 0 or (entry.rung > 0 and entry.state != "cancelled")


def take_in(
    rule: ChallengeRule, state: MemberState, ids: IdSource, act: Act, moments: Sequence[int]
) -> list[EntryState]:
    """New entries of a member for the windows that these instants fall into, where there is none.

    A challenge takes in by itself whoever acts while it is open, and is told in time. One
    that is over does so where a person decided late. The state knows the entries afterwards;
    writing them is the caller's. Whoever was told of before new terms came has the old ones.
    """
    rule = rule.as_of(act.told)
    is_over = rule.state == "ended" and is_decided_late(rule, act)
    if rule.terms.enrol != "auto" or not (rule.state in OPEN or is_over):
        return []
    there = state.entries[rule.id]
    if act.type in ("return", CANCELLATION) or any(one.state == "outside" for one in there):
        return []
    held = {one.period for one in there}
    windows = windows_for(rule, state.joined, moments)
    in_time = (w for w in windows if w[0] not in held and act.told < w[2] + rule.grace)
    fresh = [enter(rule, state, ids(), window, at=act.recorded) for window in in_time]
    for entry in fresh:
        if is_over and entry.state == "joined":
            entry.state = "missed"  # until its goal is reached
    there.extend(fresh)
    return fresh


def enter(
    rule: ChallengeRule, state: MemberState, entry_id: int, window: Window, *, at: int
) -> EntryState:
    """A new entry: in the arm that a hash says, or outside when the member is not meant.

    The audience is asked as of the start, for newcomers as of their joining.
    """
    asked = max(rule.starts, state.joined)
    meant = not rule.terms.audience or state.source.is_meant(rule.terms.audience, asked)
    return EntryState(
        id=entry_id,
        challenge_id=rule.id,
        member_id=state.member_id,
        period=window[0] if meant else "",
        version=rule.version,
        arm=arm_of(rule.code, state.member_id, rule.terms.control_percent),
        state="joined" if meant else "outside",
        starts=window[1],
        ends=window[2],
        joined=at,
    )


def move_entry(
    rule: ChallengeRule,
    state: MemberState,
    entry: EntryState,
    told: int,
    *,
    may_rise: bool = True,
) -> Moved | None:
    """Compute an entry anew from what is kept; None when nothing moved.

    `told` is when what moves it was told, in microseconds: nothing that is firm by then goes.
    """
    own = rule.of_version(entry.version)
    acts = state.acts_since(entry.starts - looks_back(own))
    progress = evaluate(own, acts, (entry.starts, entry.ends))
    if not may_rise and len(progress.reached) > entry.rung:
        return None
    return apply_progress(own, entry, progress, told)


def apply_progress(
    rule: ChallengeRule, entry: EntryState, progress: Progress, told: int
) -> Moved | None:
    """Let an entry say what its progress is; what was held long enough stays.

    A paid rung that goes back keeps its moment until the clock takes the points: whoever
    reaches it again before that can spend them from then, and they stay from then.
    """
    before, rung_before = entry.score, entry.rung
    paid_ones = entry.reached[: entry.paid]  # what was not paid cannot have been spent
    firm = sum(firm_from(rule, rung) <= told for rung in paid_ones[: entry.rung])
    new = [list(one) for one in progress.reached]
    for one, paid in zip(new, paid_ones, strict=False):
        one[-1] = paid[-1] if paid[2:] else paid[0]  # it is ripe when it was to be
    reached = new + paid_ones[len(new) :]
    rung = max(len(new), firm)
    after = (progress.score, progress.steps, rung, reached)
    if (entry.score, entry.steps, entry.rung, entry.reached) == after:
        return None
    entry.score, entry.steps, entry.rung, entry.reached = after
    _settle_state(rule, entry, told)
    return Moved(rule, entry, before, rung_before)


def _settle_state(rule: ChallengeRule, entry: EntryState, told: int) -> None:
    """Completed or under way, and whether the clock has to pay or take back."""
    if entry.rung == len(rule.terms.ladder):
        entry.completed, entry.completed_by = entry.reached[-1][:2]
        if entry.state in ("joined", "missed"):
            # What went back and came again before the clock looked is paid already.
            entry.state = "rewarded" if entry.paid == entry.rung else "completed"
    elif entry.state in ("completed", "rewarded"):
        entry.state = WENT_BACK.get(rule.state, "joined")
        entry.completed = entry.completed_by = None
    if entry.arm == "control":
        return
    waits_for_closing = rule.terms.max_winners is not None and entry.paid == 0
    if entry.rung != entry.paid and not waits_for_closing:
        entry.due = told
    elif entry.rung == entry.paid:
        entry.due = None
