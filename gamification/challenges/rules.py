"""How far somebody is, and when they got there: pure, the same live, rehearsed and recounted.

Progress is never kept as sums that a return would have to mend: it is computed from what
is kept of a member's acts within the span. Source: decision 0120.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gamification.case import Act
from gamification.challenges.terms import ChallengeTerms, Step
from gamification.columns import from_micros, to_micros
from gamification.measures.catalogue import EVERYTHING, Distinct, Keyed, Streak
from gamification.measures.compiled import ActTest, Keys, act_test, keys_of, line_test
from gamification.measures.runs import fold
from gamification.points import kept_share
from gamification.programme import day_starts, local_day

DAY = 86_400_000_000
"""A day in microseconds."""
NO_KEYS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StepRule:
    """A step made ready: which acts it looks at, and what it takes from one."""

    step: Step
    admits: ActTest | None
    keys: Keys | None
    money: Callable[[Act], int]
    spec: Keyed | None

    def looks_at(self, act: Act) -> bool:
        """Whether an act, as it is kept now, may move the step."""
        if act.type == "return":
            return self.step.kind == "sum" and self.step.where == EVERYTHING
        return act.type in self.step.events and (self.admits is None or self.admits(act))


@dataclass(frozen=True, slots=True)
class ChallengeRule:
    """A launched challenge as the rules see it; instants in microseconds.

    `stopped` is when a person ended it before its time. `older` are the terms of those who
    joined earlier, `since` is from when on its own are those of newcomers.
    """

    id: int
    code: str
    state: str
    version: int
    terms: ChallengeTerms
    starts: int
    ends: int
    zone: ZoneInfo
    steps: tuple[StepRule, ...]
    events: frozenset[str]
    stopped: int | None = None
    older: dict[int, "ChallengeRule"] = field(default_factory=dict)
    since: int = 0
    latest: int = field(init=False)
    closes: int = field(init=False)

    def __post_init__(self) -> None:
        """`latest`: until when acts may count, for whoever joined last; then the grace lasts."""
        days = self.terms.days
        latest = self.ends + (days + 1) * DAY if days else self.ends
        if self.stopped is not None:
            latest = min(latest, self.stopped)
        versions = self.older.values()
        object.__setattr__(self, "latest", max(latest, *(v.latest for v in versions), 0))
        closes = max(latest + self.grace, *(v.closes for v in versions), 0)
        object.__setattr__(self, "closes", closes)

    def of_version(self, version: int) -> "ChallengeRule":
        """The rule under which somebody joined."""
        return self.older.get(version, self)

    def as_of(self, told: int) -> "ChallengeRule":
        """The rule for whoever joins by something that was told at this instant."""
        if not self.older:
            return self
        versions = sorted((*self.older.values(), self), key=lambda one: one.version)
        return next((one for one in reversed(versions) if one.since <= told), versions[0])

    @property
    def grace(self) -> int:
        """For how long after its time something may still be told, in microseconds."""
        return self.terms.grace_hours * DAY // 24

    def concerns(self, act: Act, *, now_kept: bool) -> bool:
        """Whether an act may move it by the terms of anybody in it: in time, of a kind it counts.

        `now_kept` asks all that the steps ask.
        """
        if not self.starts <= act.occurred < self.latest:
            return False
        if act.type in self.events and (not now_kept or any(s.looks_at(act) for s in self.steps)):
            return True
        return any(other.concerns(act, now_kept=now_kept) for other in self.older.values())


def rule_of(
    ident: int,
    code: str,
    state: str,
    version: int,
    terms: ChallengeTerms,
    starts: datetime,
    ends: datetime,
    zone: ZoneInfo,
    stopped: datetime | None = None,
) -> ChallengeRule:
    """A rule with its steps made ready."""
    steps = tuple(_step_rule(step) for step in terms.steps)
    events = {event for step in terms.steps for event in step.events}
    if any(step.kind == "sum" and step.where == EVERYTHING for step in terms.steps):
        events.add("return")
    return ChallengeRule(
        ident,
        code,
        state,
        version,
        terms,
        to_micros(starts),
        to_micros(ends),
        zone,
        steps,
        frozenset(events),
        None if stopped is None else to_micros(stopped),
    )


def _step_rule(step: Step) -> StepRule:
    spec: Keyed | None = None
    if step.kind == "distinct":
        spec = Distinct.model_validate(
            {"of": step.of, "events": step.events, "where": step.where.model_dump()}
        )
    elif step.kind == "streak":
        spec = Streak.model_validate(
            {
                "unit": step.of,
                "freezes": step.freezes,
                "events": step.events,
                "where": step.where.model_dump(),
            }
        )
    keys = None if spec is None else keys_of(spec.key_kind(), step.where)
    return StepRule(step, act_test(step.where), keys, _money_of(step), spec)


def _money_of(step: Step) -> Callable[[Act], int]:
    """The kept money that a step counts: of the goods it asks for, or of all."""
    if not step.where.categories:
        return lambda act: act.amount_left
    takes = line_test(step.where)

    def money(act: Act) -> int:
        return sum(
            kept_share(line.amount, line.quantity_left, line.quantity)
            for line in act.lines
            if takes(line)
        )

    return money


@dataclass(slots=True)
class Progress:
    """How far, and through what.

    `reached` has, for each rung, when, by which act, and when the last that counted was told.
    """

    score: int
    steps: list[int]
    reached: list[tuple[int, int, int]]
    counted: list[int]


@dataclass(slots=True)
class _Tracker:
    """The value of one step while acts come in order of time."""

    rule: StepRule
    stale: frozenset[str]
    value: int = 0
    keys: set[str] = field(default_factory=set)

    def take(self, act: Act) -> bool:
        """Let an act count; answers whether the value moved."""
        rule, before = self.rule, self.value
        if not rule.looks_at(act):
            return False
        match rule.step.kind:
            case "count":
                self.value += 1
            case "sum":
                self.value += rule.money(act)
            case "best":
                self.value = max(self.value, rule.money(act))
            case _:
                self._take_keys(act)
        return self.value != before

    def _take_keys(self, act: Act) -> None:
        rule = self.rule
        assert rule.keys is not None, "a keyed step has keys"
        assert rule.spec is not None, "a keyed step has a spec"
        fresh = set(rule.keys(act)) - self.keys - self.stale
        if not fresh:
            return
        self.keys |= fresh
        self.value = (
            len(self.keys) if rule.step.kind == "distinct" else fold(rule.spec, self.keys)[0]
        )

    @property
    def is_done(self) -> bool:
        return self.value >= self.rule.step.at_least


def is_decided_late(rule: ChallengeRule, act: Act) -> bool:
    """Whether a person let an act count later than it was told, which costs no reward.

    A place is another matter: once places are given, nobody moves another down.
    """
    return act.told < act.recorded and rule.terms.max_winners is None


def is_kept(act: Act) -> bool:
    """Whether an act counts at all, as it is kept now."""
    if act.type == "purchase":
        return act.state in ("counted", "partly_returned") and act.amount_left > 0
    return act.state == "counted"


def evaluate(rule: ChallengeRule, acts: Iterable[Act], span: tuple[int, int]) -> Progress:
    """How far a member's kept acts bring them within a span (instants, end exclusive).

    Acts before the span count nowhere; a step with `fresh_days` looks at them for what the
    member had already. What was told after the grace counts nowhere either, whenever it is
    looked at. Acts may come in any order.
    """
    terms = rule.terms
    told_until = span[1] + rule.grace
    known = (a for a in acts if is_kept(a) and a.told < told_until)
    ordered = sorted(known, key=lambda a: (a.occurred, a.id))
    inside = [a for a in ordered if span[0] <= a.occurred < span[1]]
    trackers = [_Tracker(step, _stale_keys(step, ordered, span[0])) for step in rule.steps]
    reached: list[tuple[int, int, int]] = []
    counted: list[int] = []
    told = 0
    for act in inside:
        if not _offer(trackers, act, in_order=terms.in_order):
            continue
        counted.append(act.id)
        told = max(told, act.brought, act.occurred)
        score = _score(terms, trackers)
        while reached and score < terms.ladder[len(reached) - 1].at:
            reached.pop()
        while len(reached) < len(terms.ladder) and score >= terms.ladder[len(reached)].at:
            reached.append((act.occurred, act.id, told))
    return Progress(_score(terms, trackers), [t.value for t in trackers], reached, counted)


def ripe_on(rule: ChallengeRule, rung: Sequence[int]) -> date:
    """The local day from which a reached rung may be spent: its hold after it was told."""
    told = local_day(from_micros(rung[-1] if len(rung) > 2 else rung[0]), rule.zone)
    return told + timedelta(days=rule.terms.hold_days)


def firm_from(rule: ChallengeRule, rung: Sequence[int]) -> int:
    """From when a reached rung stays whatever goes back: from the moment it may be spent."""
    return _edge(rule, ripe_on(rule, rung))


def _offer(trackers: Sequence[_Tracker], act: Act, *, in_order: bool) -> bool:
    """Let the steps look at an act: all of them, or in order only the first that is not done."""
    if not in_order:
        moved = [tracker.take(act) for tracker in trackers]
        return any(moved)
    waiting = next((tracker for tracker in trackers if not tracker.is_done), trackers[-1])
    return waiting.take(act)


def _score(terms: ChallengeTerms, trackers: Sequence[_Tracker]) -> int:
    if len(trackers) == 1:
        return trackers[0].value + terms.endowed
    return sum(tracker.is_done for tracker in trackers) + terms.endowed


def _stale_keys(rule: StepRule, acts: Sequence[Act], start: int) -> frozenset[str]:
    """Keys that are not new to the member at an instant."""
    days = rule.step.fresh_days
    if not days or rule.keys is None:
        return NO_KEYS
    since = start - days * DAY
    seen = (a for a in acts if since <= a.occurred < start and a.type in rule.step.events)
    # What was bought before counts as known whatever else the step asks of a purchase.
    every = keys_of(str(rule.step.of), EVERYTHING)
    return frozenset(key for act in seen for key in every(act))


def looks_back(rule: ChallengeRule) -> int:
    """How far before the span acts have to be known, in microseconds."""
    return max((step.step.fresh_days or 0 for step in rule.steps), default=0) * DAY


Window = tuple[str, int, int]
"""The key of a period ('' for a challenge that happens once), its start and its end."""


def windows_for(rule: ChallengeRule, joined: int, moments: Iterable[int]) -> list[Window]:
    """The windows that some instants fall into, for a member who joined at an instant."""
    terms = rule.terms
    if terms.window == "joined":
        if not rule.starts <= joined < rule.ends:
            return []
        span = (joined, days_after(rule, joined))
        return [("", *span)] if any(span[0] <= at < span[1] for at in moments) else []
    found: dict[str, Window] = {}
    for at in moments:
        if rule.starts <= at < rule.ends:
            window = period_at(rule, at)
            found[window[0]] = window
    return [found[key] for key in sorted(found)]


def period_at(rule: ChallengeRule, at: int) -> Window:
    """The period of a challenge with dates that an instant lies in."""
    if rule.terms.repeat == "once":
        return "", rule.starts, rule.ends
    day = local_day(from_micros(at), rule.zone)
    match rule.terms.repeat:
        case "daily":
            first, after = day, day + timedelta(days=1)
        case "weekly":
            first = day - timedelta(days=day.weekday())
            after = first + timedelta(days=7)
        case _:
            first = day.replace(day=1)
            after = (first + timedelta(days=32)).replace(day=1)
    start, end = _edge(rule, first), _edge(rule, after)
    return first.isoformat(), max(start, rule.starts), min(end, rule.ends)


def _edge(rule: ChallengeRule, day: date) -> int:
    return to_micros(day_starts(day, rule.zone))


def days_after(rule: ChallengeRule, at: int) -> int:
    """The end of a member's own time: so many whole local days after an instant's own.

    A challenge that was stopped is over for them, too.
    """
    day = local_day(from_micros(at), rule.zone) + timedelta(days=(rule.terms.days or 0) + 1)
    end = _edge(rule, day)
    return end if rule.stopped is None else min(end, rule.stopped)
