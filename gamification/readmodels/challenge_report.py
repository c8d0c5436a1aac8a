"""A running or finished challenge in figures: how far people are, its cost, what it brought."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gamification.activities.queries import parsed
from gamification.audiences.conditions import parse_audience
from gamification.audiences.sets import members_of
from gamification.challenges.arms import arm_of
from gamification.challenges.history import member_ids
from gamification.challenges.queries import challenge_rule
from gamification.challenges.rules import ChallengeRule
from gamification.challenges.sight import NEVER_JOINED
from gamification.challenges.tables import Challenge
from gamification.challenges.uplift import ExtraCost, Uplift, Verdict, cost_per_extra, counted
from gamification.challenges.uplift import uplift as compare
from gamification.challenges.uplift import verdict as judge
from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.programme import local_day
from gamification.refusals import UnknownChallenge
from gamification.store import Store
from gamification.world import World

METRICS = ("visits", "buyers", "spend")
"""Purchase days a member, the share who bought at all, and net money a member."""
ODD_RECEIPTS = 8
"""From how many receipts on one local day a member is pointed out."""
LONGEST_LIST = 20


@dataclass(frozen=True, slots=True)
class Effect:
    """One metric of those who were asked against those who were only counted."""

    metric: str
    found: Uplift
    verdict: Verdict
    cost: ExtraCost | None


@dataclass(frozen=True, slots=True)
class Oddity:
    """A member worth a look: so many receipts on one day of the challenge."""

    member_id: int
    name: str
    day: date
    receipts: int


@dataclass(slots=True)
class ChallengeReport:
    """What there is to say of a challenge at an instant. Points are whole, money minor units.

    Where it repeats, members are counted once however many periods they were in; `times` is
    how often the goal was reached.
    `steps` are (done, asked) of each step among those in play, `rungs` how many reached each
    rung. `paid` is by local day; `forecast` what will be spent by the end at the pace so far,
    None before a day has passed. `sides` are people asked and counted, by arm.
    """

    challenge: Challenge
    rule: ChallengeRule
    sides: dict[str, int]
    in_play: int = 0
    begun: int = 0
    finished: int = 0
    times: int = 0
    steps: list[int] = field(default_factory=list)
    rungs: list[int] = field(default_factory=list)
    paid: dict[date, int] = field(default_factory=dict)
    forecast: int | None = None
    effects: tuple[Effect, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    first: tuple[tuple[int, str, datetime, int | None], ...] = ()


def report_of(world: World, challenge_id: int) -> ChallengeReport:
    """The figures of a launched challenge, in a known number of statements.

    Raises:
        UnknownChallenge: there is none, or it was never launched.
    """
    challenge = world.session.get(Challenge, challenge_id)
    if challenge is None or challenge.launched_at is None:
        raise UnknownChallenge(challenge=challenge_id)
    store = Store(world.connection)
    zone = current_definitions(world.session).programme.zone
    rule = challenge_rule(challenge, zone.key)
    people = asked(store, rule)
    sides = Counter(people.values())
    report = ChallengeReport(challenge, rule, dict(sides))
    _fill_entries(store, report)
    _fill_payments(store, report, zone)
    report.forecast = _forecast(report, world.now)
    report.effects = effects_of(store, rule, people, challenge.spent)
    report.oddities = _oddities(store, rule)
    report.first = _first(store, rule)
    return report


def asked(store: Store, rule: ChallengeRule) -> dict[int, str]:
    """Everybody who was meant when it began, by arm: the two groups that are compared.

    Who joined the programme later is in the challenge and not in the comparison.
    """
    everybody = member_ids(store, rule.starts + 1)
    if rule.terms.audience:
        audience = parse_audience(rule.terms.audience)
        meant = members_of(store, audience, rule.starts, rule.zone)
        everybody = [i for i in everybody if i in meant]
    percent = rule.terms.control_percent
    return {i: arm_of(rule.code, i, percent) for i in everybody}


def _fill_entries(store: Store, report: ChallengeReport) -> None:
    rule, terms = report.rule, report.rule.terms
    rows = store.rows(
        "SELECT member_id, score, steps, rung FROM challenge_entry"
        " WHERE challenge_id = ? AND arm = 'treatment' AND state <> 'outside' AND version <> ?",
        rule.id,
        NEVER_JOINED,
    )
    scores, rungs = dict[int, int](), dict[int, int]()  # the furthest that each member came
    done: list[set[int]] = [set() for _ in terms.steps]
    for member_id, score, steps, rung in rows:
        scores[member_id] = max(score, scores.get(member_id, 0))
        rungs[member_id] = max(rung, rungs.get(member_id, 0))
        report.times += rung == len(terms.ladder)
        for number, value in enumerate(parsed(steps) or ()):
            if number < len(terms.steps) and value >= terms.steps[number].at_least:
                done[number].add(member_id)
    report.in_play = len(scores)
    report.begun = sum(score > terms.endowed for score in scores.values())
    report.finished = sum(rung == len(terms.ladder) for rung in rungs.values())
    report.steps = [len(members) for members in done]
    report.rungs = [sum(r > n for r in rungs.values()) for n in range(len(terms.ladder))]


def _fill_payments(store: Store, report: ChallengeReport, zone: ZoneInfo) -> None:
    """Points by the local day of their act: as the ledger has them, less what went back."""
    rows = store.rows(
        "SELECT a.occurred_at, a.points_left FROM challenge_entry e"
        " JOIN activity a ON a.member_id = e.member_id AND a.source = '@laurel'"
        " AND a.type IN ('challenge_step', 'challenge_completed', 'challenge_compensation')"
        " AND a.state = 'counted' AND a.external_id LIKE"
        " CAST(e.member_id AS TEXT) || ':challenge_%:' || CAST(e.id AS TEXT) || '%'"
        " WHERE e.challenge_id = ? AND e.points > 0",
        report.rule.id,
    )
    for at, points in rows:
        day = local_day(from_micros(at), zone)
        report.paid[day] = report.paid.get(day, 0) + points


def _forecast(report: ChallengeReport, now: datetime) -> int | None:
    """What will be spent by the end at the pace so far, no more than the budget."""
    rule, spent = report.rule, report.challenge.spent
    if report.challenge.state not in ("live", "paused"):
        return None
    passed, whole = to_micros(now) - rule.starts, rule.ends - rule.starts
    if passed < timedelta(days=1) // timedelta(microseconds=1):
        return None
    budget = report.challenge.budget
    straight = spent * whole // passed
    return straight if budget is None else min(straight, budget)


def effects_of(
    store: Store, rule: ChallengeRule, people: Mapping[int, str], cost: int
) -> tuple[Effect, ...]:
    """Visits, buyers and spend of both arms within the challenge's dates, compared.

    Everybody who was asked is counted, whether they took part or not.
    """
    did = behaviour(store, rule)
    values = {
        "visits": {i: days for i, (days, _) in did.items()},
        "buyers": {i: int(days > 0) for i, (days, _) in did.items()},
        "spend": {i: money for i, (_, money) in did.items()},
    }
    effects = []
    for metric in METRICS:
        rows = [(arm, values[metric].get(i, 0)) for i, arm in people.items()]
        kind = "share" if metric == "buyers" else "mean"
        treatment, control = counted(rows, kind)  # type: ignore[arg-type]
        found = compare(treatment, control)
        effects.append(
            Effect(metric, found, judge(found), cost_per_extra(cost, found, treatment.people))
        )
    return tuple(effects)


def behaviour(store: Store, rule: ChallengeRule) -> dict[int, tuple[int, int]]:
    """Local days with a kept purchase, and net money, of each member within the dates."""
    rows = store.rows(
        "SELECT member_id, COUNT(DISTINCT CASE WHEN type = 'purchase' AND amount_left > 0"
        " THEN local_date END), SUM(amount_left) FROM activity WHERE type IN ('purchase', 'return')"
        " AND state IN ('counted', 'partly_returned') AND occurred_at >= ? AND occurred_at < ?"
        " GROUP BY member_id",
        rule.starts,
        rule.ends,
    )
    return {int(i): (int(days), int(money)) for i, days, money in rows}


def _oddities(store: Store, rule: ChallengeRule) -> tuple[Oddity, ...]:
    rows = store.rows(
        "SELECT a.member_id, m.name, a.local_date, COUNT(*) AS n FROM activity a"
        " JOIN challenge_entry e ON e.member_id = a.member_id AND e.challenge_id = ?"
        " JOIN member m ON m.id = a.member_id"
        " WHERE a.type = 'purchase' AND a.state IN ('counted', 'partly_returned')"
        " AND a.occurred_at >= ? AND a.occurred_at < ?"
        " GROUP BY a.member_id, m.name, a.local_date HAVING COUNT(*) >= ?"
        " ORDER BY n DESC, a.member_id LIMIT ?",
        *(rule.id, rule.starts, rule.ends, ODD_RECEIPTS, LONGEST_LIST),
    )
    return tuple(Oddity(i, name, date.fromisoformat(day), n) for i, name, day, n in rows)


def _first(store: Store, rule: ChallengeRule) -> tuple[tuple[int, str, datetime, int | None], ...]:
    """Who finished first: member, name, when first, and the final place where there is one."""
    rows = store.rows(
        "SELECT e.member_id, m.name, MIN(e.completed_at), MIN(e.place) FROM challenge_entry e"
        " JOIN member m ON m.id = e.member_id WHERE e.challenge_id = ? AND e.arm = 'treatment'"
        " AND e.completed_at IS NOT NULL GROUP BY e.member_id, m.name"
        " ORDER BY MIN(e.completed_at), MIN(e.completed_by) LIMIT ?",
        rule.id,
        LONGEST_LIST,
    )
    return tuple((i, name, from_micros(at), place) for i, name, at, place in rows)


def days_of(rule: ChallengeRule) -> list[date]:
    """The local days of a challenge, first to last."""
    first = local_day(from_micros(rule.starts), rule.zone)
    last = local_day(from_micros(rule.ends - 1), rule.zone)
    count = (last - first).days + 1
    return [first + timedelta(days=n) for n in range(count)]
