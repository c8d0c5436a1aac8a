"""Which challenges a member may know of: pure, the same for pages, tills and messages.

Nobody of the control arm, and nobody who is not meant, learns that there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gamification.case import EntryState
from gamification.challenges.arms import arm_of
from gamification.challenges.rules import ChallengeRule, Window, period_at, windows_for

NEVER_JOINED = 0
"""The version of an entry of somebody who is meant and has not pressed the button yet."""
SHOWN = ("scheduled", "live", "paused", "ending", "ended")


@dataclass(frozen=True, slots=True)
class Sight:
    """A challenge as one member may see it: their entry, or the window that waits for one."""

    rule: ChallengeRule
    window: Window
    entry: EntryState | None = None


def is_open_to_all(rule: ChallengeRule) -> bool:
    """Whether everybody of the treatment arm may see it without being asked first."""
    return not rule.terms.audience and rule.terms.window != "joined"


def is_in_control(rule: ChallengeRule, member_id: int) -> bool:
    """Whether somebody without an entry would only be counted."""
    return arm_of(rule.code, member_id, rule.terms.control_percent) == "control"


def is_unasked(
    rule: ChallengeRule, joined: int, now: int, entries: Sequence[EntryState]
) -> Window | None:
    """The window for which a member's first look has to ask whether they are meant."""
    if is_open_to_all(rule) or rule.state not in ("scheduled", "live", "paused"):
        return None
    if not rule.starts <= now < rule.latest or any(e.state == "outside" for e in entries):
        return None
    window = next(iter(windows_for(rule, joined, (now,))), None)
    if window is None or any(entry.period == window[0] for entry in entries):
        return None
    return window


def sights(
    rule: ChallengeRule, member_id: int, now: int, entries: Sequence[EntryState]
) -> list[Sight]:
    """What a member may see of a challenge: each of their periods, the current one at the end."""
    if rule.state not in SHOWN and rule.state != "cancelled":
        return [_kept(rule, entry) for entry in entries if _is_shown(entry)]
    if any(entry.state == "outside" or entry.arm == "control" for entry in entries):
        return []
    found = [_kept(rule, entry) for entry in entries if _is_shown(entry)]
    window = _waiting(rule, now)
    held = {entry.period for entry in entries}
    is_free = window is not None and window[0] not in held and is_open_to_all(rule)
    if window and is_free and not is_in_control(rule, member_id):
        found.append(Sight(rule, window))
    return found


def _is_shown(entry: EntryState) -> bool:
    return entry.arm == "treatment" and entry.state != "outside"


def _kept(rule: ChallengeRule, entry: EntryState) -> Sight:
    own = rule.of_version(entry.version) if entry.version else rule
    return Sight(own, (entry.period, entry.starts, entry.ends), entry)


def _waiting(rule: ChallengeRule, now: int) -> Window | None:
    """The window that somebody without an entry looks at: the current one, or the first."""
    if rule.state not in ("scheduled", "live", "paused") or now >= rule.ends:
        return None
    return period_at(rule, max(now, rule.starts))


def are_prizes_gone(rule: ChallengeRule, budget: int | None, spent: int) -> bool:
    """Whether not even the smallest reward that brings points is left in the budget."""
    rewards = [rung.points for rung in rule.terms.ladder if rung.points]
    return budget is not None and bool(rewards) and spent + min(rewards) > budget
