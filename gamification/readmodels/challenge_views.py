"""A challenge as one member sees it: frozen values and codes; the edge finds the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from gamification.case import Act, EntryState
from gamification.challenges.rules import evaluate, looks_back
from gamification.challenges.sight import NEVER_JOINED, Sight, are_prizes_gone
from gamification.challenges.terms import ChallengeTerms, Rung, Step
from gamification.columns import from_micros
from gamification.readmodels.challenge_faces import ChallengeFace
from gamification.readmodels.views import Named

__all__ = [
    "ChallengeState",
    "ChallengeTerms",
    "ChallengeView",
    "CountedAct",
    "OnHome",
    "Rung",
    "Step",
]

ChallengeState = Literal[
    "coming",  # it has not begun
    "open",  # it waits for the button
    "going",  # it runs, and what the member does counts
    "counting",  # its time is over; receipts that come late still count
    "done",  # the goal is reached, the prize is not paid yet, or there is none
    "won",  # paid
    "missed",  # over, and not reached
    "left",  # the member went out and may come back
    "cancelled",  # the shop called it off
]
NOW: tuple[ChallengeState, ...] = ("going", "open", "done", "counting", "left")
JOINABLE = ("scheduled", "live", "paused")


@dataclass(frozen=True, slots=True)
class CountedAct:
    """An act that counted: `amount_minor` is what is kept of a purchase.

    `brought` are the kinds of goods on it, and `key` its row in the history.
    """

    key: str
    type: str
    at: datetime
    amount_minor: int | None
    place: str | None
    brought: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """One challenge and period of one member. Instants are in the programme's zone.

    `ends` is the end by which the server counts. `points` were paid and not taken back;
    `score` is below zero where more money went back than was spent.
    `prizes_gone` says that the budget has nothing left. `winners` are so many members who
    have reached the goal so far, where places are limited and somebody asked.
    """

    id: int
    code: str
    period: str
    name: Named
    about: Named
    terms: ChallengeTerms
    state: ChallengeState
    starts: datetime
    ends: datetime
    score: int
    steps: tuple[int, ...]
    rung: int
    points: int
    prize: str | None = None
    place: int | None = None
    completed_at: datetime | None = None
    medal: str | None = None
    is_paused: bool = False
    prizes_gone: bool = False
    reminds: bool = False
    may_join: bool = False
    may_leave: bool = False
    entry_id: int | None = None
    counted: tuple[CountedAct, ...] = ()
    winners: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it lies behind the member."""
        if self.state == "done":
            return self.prize in ("place", "gone")
        return self.state in ("won", "missed", "cancelled")

    @property
    def share(self) -> float:
        """How much of the goal is done, 0 to 1."""
        return max(0.0, min(1.0, self.score / self.terms.goal))

    @property
    def missing(self) -> int:
        """What is missing to the goal; more than the goal where more went back than was bought."""
        return max(0, self.terms.goal - self.score)


class OnHome(NamedTuple):
    """What Home says of challenges: the nearest to its goal, and how many run.

    `asks`: a first look has to ask which are meant for them. `now` is in the programme's zone.
    """

    challenge: ChallengeView | None
    running: int
    asks: bool
    now: datetime


def state_of_sight(sight: Sight, now: int) -> ChallengeState | None:
    """What a challenge is to a member now; None where there is nothing to show."""
    rule, entry = sight.rule, sight.entry
    _, starts, ends = sight.window
    is_joinable = rule.state in JOINABLE and now < ends
    if entry is None:
        if not is_joinable:
            return None
        return "coming" if now < starts else "open" if rule.terms.enrol == "button" else "going"
    if entry.state == "left":
        never = entry.version == NEVER_JOINED
        return ("open" if never else "left") if is_joinable else None
    return _state_of_entry(sight, entry, now)


def _state_of_entry(sight: Sight, entry: EntryState, now: int) -> ChallengeState:
    if entry.state == "cancelled" or (sight.rule.state == "cancelled" and entry.state == "joined"):
        return "cancelled"
    if entry.state in ("completed", "rewarded"):
        return "won" if entry.state == "rewarded" else "done"
    if entry.state == "missed" or sight.rule.state in ("archived", "ended"):
        return "missed"
    if now < entry.ends:
        return "going"
    grace = sight.rule.grace
    return "counting" if now < entry.ends + grace else "missed"


def view_of(
    face: ChallengeFace,
    sight: Sight,
    now: int,
    *,
    spent: int = 0,
    wish: str | None = None,
    acts: Sequence[Act] | None = None,
) -> ChallengeView | None:
    """The view of a sight; `wish` is the member's word on reminders, `acts` what they did.

    Without an entry progress is what the acts say, as it will be with the next act.
    """
    state = state_of_sight(sight, now)
    if state is None:
        return None
    rule, entry, zone = sight.rule, sight.entry, sight.rule.zone
    period, starts, ends = sight.window
    terms = rule.terms
    progress = None
    if acts is not None and state not in ("coming", "open", "left"):
        since = starts - looks_back(rule)
        known = [act for act in acts if act.occurred >= since]
        progress = evaluate(rule, known, (starts, ends))
    gone = are_prizes_gone(rule, face.budget, spent)
    score = entry.score if entry else progress.score if progress else terms.endowed
    steps = entry.steps if entry else progress.steps if progress else []
    can_leave = state == "going" and (entry is None or not (entry.rung or entry.paid))
    by_id = {act.id: act for act in acts or ()}
    done = entry.completed if entry else None
    acted = [by_id[i] for i in (progress.counted if progress else ())]
    counted = [_counted(act, zone) for act in acted if done is None or act.occurred <= done]
    return ChallengeView(
        id=rule.id,
        code=rule.code,
        period=period,
        name=face.named,
        about=face.about,
        terms=terms,
        state=state,
        starts=from_micros(starts).astimezone(zone),
        ends=from_micros(ends).astimezone(zone),
        score=score if score < 0 else max(score, terms.endowed),
        steps=tuple(steps) or (0,) * len(terms.steps),
        rung=entry.rung if entry else 0,
        points=entry.points if entry else 0,
        prize=entry.prize if entry else None,
        place=entry.place if entry else None,
        completed_at=None if done is None else from_micros(done).astimezone(zone),
        medal=face.medal,
        is_paused=rule.state == "paused",
        prizes_gone=gone,
        reminds=wish == "yes" or (wish is None and bool(terms.remind_days)),
        may_join=state in ("open", "left") and (not gone or terms.medal),
        may_leave=can_leave,
        entry_id=entry.id if entry else None,
        counted=tuple(reversed(counted)),
    )


def _counted(act: Act, zone: ZoneInfo) -> CountedAct:
    kinds = dict.fromkeys(x.category for x in act.lines if x.category and x.is_left)
    return CountedAct(
        key=f"{act.occurred}.{act.id}",
        type=act.type,
        at=from_micros(act.occurred).astimezone(zone),
        amount_minor=act.amount_left if act.is_receipt else None,
        place=act.store,
        brought=tuple(kinds),
    )


def in_order(views: Sequence[ChallengeView]) -> list[ChallengeView]:
    """What runs first, the nearest to its goal before the others, then the soonest end."""
    return sorted(views, key=lambda v: (NOW.index(v.state), -v.share, v.ends, v.id))
