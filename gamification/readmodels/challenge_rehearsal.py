"""A challenge rehearsed on what already happened: who would have won, and what it would have cost.

It decides by the same function as a running challenge (`challenges/rules.py`) and writes
nothing. It cannot know that people would have bought more.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import nlargest
from zoneinfo import ZoneInfo

from gamification.audiences.conditions import parse_audience
from gamification.audiences.queries import kinds_in
from gamification.audiences.sets import members_of
from gamification.case import Act
from gamification.challenges.arms import arm_of
from gamification.challenges.history import acts_in, joined_instants, member_ids, pages
from gamification.challenges.rules import (
    ChallengeRule,
    Progress,
    evaluate,
    looks_back,
    rule_of,
    windows_for,
)
from gamification.challenges.terms import ChallengeTerms
from gamification.columns import from_micros
from gamification.programme import local_day
from gamification.store import Store

SAMPLES = 10
WINNER, CLOSE, IDLE = "passed", "close", "idle"


@dataclass(frozen=True, slots=True)
class Sample:
    """A member as an example: how far they would have come, and why not further."""

    member_id: int
    verdict: str
    score: int
    steps: tuple[int, ...]
    completed: datetime | None
    points: int


@dataclass(frozen=True, slots=True)
class Winner:
    """Somebody who would have completed it: when, by which activity, in which period."""

    member_id: int
    period: str
    completed: int
    activity_id: int
    points: int


@dataclass(slots=True)
class Rehearsal:
    """What a rehearsal found; points are those of the treatment share alone.

    `rungs` counts entries by how many rungs they reached, `scores` by score. `cost` is by
    local day, `unpaid` how many would have come when the budget or the number of winners was
    used up. `unknown` names what the past cannot say.
    """

    asked: int
    treatment: int = 0
    begun: int = 0
    finished: int = 0
    winners: list[Winner] = field(default_factory=list)
    rungs: Counter[int] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    done_steps: Counter[int] = field(default_factory=Counter)
    cost: dict[date, int] = field(default_factory=dict)
    points: int = 0
    unpaid: int = 0
    empty_on: date | None = None
    samples: tuple[Sample, ...] = ()
    unknown: tuple[str, ...] = ()


def rehearse(
    store: Store,
    terms: ChallengeTerms,
    span: tuple[datetime, datetime],
    *,
    zone: ZoneInfo,
    code: str = "",
    budget: int | None = None,
) -> Rehearsal:
    """Rehearse to the end; see `rehearse_in_steps`."""
    *_, (_, found) = rehearse_in_steps(store, terms, span, zone=zone, code=code, budget=budget)
    assert found is not None, "there is always a last step"
    return found


def rehearse_in_steps(
    store: Store,
    terms: ChallengeTerms,
    span: tuple[datetime, datetime],
    *,
    zone: ZoneInfo,
    code: str = "",
    budget: int | None = None,
) -> Iterator[tuple[int, Rehearsal | None]]:
    """Rehearse page by page: yields (per cent done, None), at last (100, what was found).

    The audience is asked as of the rehearsed start. Who was kept apart by the control share
    is not paid and not counted as a finisher.

    Args:
        code: of the challenge, which draws its control group.
    """
    rule = rule_of(0, code, "live", 1, terms, *span, zone)
    ids = _asked(store, rule)
    found = Rehearsal(asked=len(ids), unknown=unknown_in(store, terms))
    rewards: list[tuple[int, int, int, int]] = []
    examples: list[tuple[int, int, Sample]] = []
    done = 0
    for page in pages(ids):
        _rehearse_page(store, rule, page, found, rewards, examples)
        done += len(page)
        yield min(99, done * 100 // len(ids)), None
    _pay(rule, found, rewards, budget)
    found.samples = _chosen(examples)
    yield 100, found


WITHOUT_HISTORY = {
    "city": "city_now",
    "birthday_month": "birthday_now",
    "member_list": "list_now",
}
"""Conditions of which only today's answer is kept, and what is said of it."""


def unknown_in(store: Store, terms: ChallengeTerms) -> tuple[str, ...]:
    """What the past cannot say about a challenge: named on the page."""
    codes = ["more_purchases"]
    if terms.enrol == "button":
        codes.append("who_joins")
    asked = kinds_in(store, parse_audience(terms.audience)) if terms.audience else ()
    return (*codes, *(code for kind, code in WITHOUT_HISTORY.items() if kind in asked))


def _asked(store: Store, rule: ChallengeRule) -> list[int]:
    """Everybody who would have been meant, by id."""
    everybody = member_ids(store, rule.ends)
    if not rule.terms.audience:
        return everybody
    audience = parse_audience(rule.terms.audience)
    meant = members_of(store, audience, rule.starts, rule.zone)
    return [i for i in everybody if i in meant]


def _rehearse_page(
    store: Store,
    rule: ChallengeRule,
    page: list[int],
    found: Rehearsal,
    rewards: list[tuple[int, int, int, int]],
    examples: list[tuple[int, int, Sample]],
) -> None:
    joined = joined_instants(store, page)
    acts = acts_in(store, rule, page, rule.starts - looks_back(rule), rule.latest)
    for member_id in page:
        if arm_of(rule.code, member_id, rule.terms.control_percent) == "control":
            continue
        found.treatment += 1
        best: Progress | None = None
        for period, progress in entries_of(rule, acts[member_id], joined[member_id]):
            _count(rule, found, rewards, member_id, period, progress)
            best = progress if best is None or progress.score > best.score else best
        if best is not None:
            found.begun += best.score > rule.terms.endowed
        examples.append(_example(rule, member_id, best))
        if len(examples) > 4 * SAMPLES:
            examples[:] = _kept(examples)


def entries_of(
    rule: ChallengeRule, acts: Sequence[Act], joined: int
) -> Iterator[tuple[str, Progress]]:
    """The periods that a member would have taken part in, each with its progress."""
    moments = [a.occurred for a in acts if rule.concerns(a, now_kept=True)]
    for period, start, end in windows_for(rule, joined, moments):
        yield period, evaluate(rule, acts, (start, end))


def _count(
    rule: ChallengeRule,
    found: Rehearsal,
    rewards: list[tuple[int, int, int, int]],
    member_id: int,
    period: str,
    progress: Progress,
) -> None:
    found.rungs[len(progress.reached)] += 1
    found.scores[min(progress.score, rule.terms.goal)] += 1
    for number, value in enumerate(progress.steps):
        found.done_steps[number] += value >= rule.steps[number].step.at_least
    for number, (at, activity_id, _told) in enumerate(progress.reached):
        rewards.append((at, activity_id, member_id, number))
    if len(progress.reached) == len(rule.terms.ladder):
        at, activity_id, _told = progress.reached[-1]
        found.finished += 1
        found.winners.append(Winner(member_id, period, at, activity_id, rule.terms.points))


def _pay(
    rule: ChallengeRule,
    found: Rehearsal,
    rewards: list[tuple[int, int, int, int]],
    budget: int | None,
) -> None:
    """Pay in the order in which it was reached, within cap, budget and number of winners."""
    terms, got = rule.terms, Counter[int]()
    found.winners.sort(key=lambda w: (w.completed, w.activity_id))
    if terms.max_winners is not None:
        placed = {w.member_id for w in found.winners[: terms.max_winners]}
        found.unpaid += len(found.winners) - len(placed)
        rewards = [r for r in rewards if r[2] in placed]
    for at, _, member_id, number in sorted(rewards):
        points = terms.ladder[number].points
        if terms.most_points is not None:
            points = min(points, max(terms.most_points - got[member_id], 0))
        day = local_day(from_micros(at), rule.zone)
        if budget is not None and found.points + points > budget:
            found.unpaid += 1
            found.empty_on = found.empty_on or day
            continue
        got[member_id] += points
        found.points += points
        found.cost[day] = found.cost.get(day, 0) + points


def _example(rule: ChallengeRule, member_id: int, best: Progress | None) -> tuple[int, int, Sample]:
    if best is None:
        return 0, -member_id, Sample(member_id, IDLE, rule.terms.endowed, (), None, 0)
    whole = len(best.reached) == len(rule.terms.ladder)
    points = sum(rung.points for rung in rule.terms.ladder[: len(best.reached)])
    at = from_micros(best.reached[-1][0]) if whole else None
    verdict = WINNER if whole else CLOSE if best.score > rule.terms.endowed else IDLE
    sample = Sample(member_id, verdict, best.score, tuple(best.steps), at, points)
    return min(best.score, rule.terms.goal), -member_id, sample


def _kept(examples: list[tuple[int, int, Sample]]) -> list[tuple[int, int, Sample]]:
    """The most telling examples of each verdict."""
    kept: list[tuple[int, int, Sample]] = []
    for verdict in (WINNER, CLOSE, IDLE):
        of_it = [e for e in examples if e[2].verdict == verdict]
        kept += nlargest(SAMPLES, of_it, key=lambda e: e[:2])
    return kept


def _chosen(examples: list[tuple[int, int, Sample]]) -> tuple[Sample, ...]:
    """Ten members: who passed, who nearly did, and who did nothing, where there are such."""
    by_verdict = {
        verdict: [e[2] for e in _kept(examples) if e[2].verdict == verdict]
        for verdict in (WINNER, CLOSE, IDLE)
    }
    wanted = [(WINNER, 4), (CLOSE, 4), (IDLE, 2)]
    chosen = [s for verdict, most in wanted for s in by_verdict[verdict][:most]]
    rest = [s for verdict, most in wanted for s in by_verdict[verdict][most:]]
    return tuple([*chosen, *rest][:SAMPLES])
