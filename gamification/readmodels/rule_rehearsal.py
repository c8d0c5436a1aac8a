"""An earn rule rehearsed on what already happened: points before and after, who gains, who loses.

It judges the kept baskets by the till's own function (`earning/rules.py`), each in the
context stored with it and by the versions of its day, the draft in the place of its own
rule. It writes nothing, and cannot know that people would have bought otherwise.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gamification.case import Act, TraceLine
from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions
from gamification.earning.drafts import DraftBook, RuleDraft
from gamification.earning.rules import Context, Earned, RuleSet, left_out
from gamification.earning.versions import PARAMS, BonusParams, MultiplierParams, TierRate
from gamification.judgement import context_of
from gamification.programme import local_day
from gamification.readmodels.baskets import (
    PAGE,
    Returns,
    active_members,
    judge_again,
    needs_goods,
    needs_lines,
    never_more,
    purchases_in,
    read_goods,
)
from gamification.readmodels.spread import Examples, Spread
from gamification.store import Store

__all__ = ["RuleDraft", "RuleRehearsal", "RuleSample", "rehearse_rule", "rehearse_rule_in_steps"]


@dataclass(frozen=True, slots=True)
class RuleSample:
    """A member as an example, with the receipt on which the draft mattered most.

    `lost` and `got` are the lines of its trace that were only before and only after.
    """

    member_id: int
    before: int
    after: int
    activity_id: int
    receipt: str
    day: date
    amount: int
    was: int
    now: int
    lost: TraceLine | None
    got: TraceLine | None


@dataclass(slots=True)
class RuleRehearsal:
    """What a rehearsal found: points by local day of the programme, before and after.

    `money` is the difference in minor units, at what a point was worth. `capped` counts
    receipts that met the limit of points before and after, `cut` the points it would keep
    back. `unknown` names what the past cannot say, each with a number of receipts or 0.
    """

    asked: int
    members: int = 0
    receipts: int = 0
    before: Counter[date] = field(default_factory=Counter)
    after: Counter[date] = field(default_factory=Counter)
    money: int = 0
    spread: Spread = field(default_factory=Spread)
    capped: tuple[int, int] = (0, 0)
    cut: int = 0
    samples: tuple[RuleSample, ...] = ()
    unknown: dict[str, int] = field(default_factory=dict)

    @property
    def difference(self) -> int:
        """Points more, or fewer below zero."""
        return self.after.total() - self.before.total()


@dataclass(slots=True)
class _Run:
    """One rehearsal while it goes on."""

    store: Store
    book: DraftBook
    draft: RuleDraft | None
    span: tuple[int, int]
    zone: ZoneInfo
    found: RuleRehearsal
    examples: Examples[RuleSample] = field(default_factory=Examples)
    returns: Returns = field(default_factory=dict)
    unlisted: int = 0


def rehearse_rule(
    store: Store, definitions: Definitions, draft: RuleDraft | None, span: tuple[datetime, datetime]
) -> RuleRehearsal:
    """Rehearse to the end; see `rehearse_rule_in_steps`."""
    *_, (_, found) = rehearse_rule_in_steps(store, definitions, draft, span)
    assert found is not None, "there is always a last step"
    return found


def rehearse_rule_in_steps(
    store: Store, definitions: Definitions, draft: RuleDraft | None, span: tuple[datetime, datetime]
) -> Iterator[tuple[int, RuleRehearsal | None]]:
    """Rehearse page by page: yields (per cent done, None), at last (100, what was found).

    Args:
        draft: None rehearses the rules as they were.
        span: instants, half-open.
    Raises:
        InvalidSetting: the draft makes no sense.
    """
    book = DraftBook(definitions.rules, draft)
    ids = active_members(store)
    micros = (to_micros(span[0]), to_micros(span[1]))
    run = _Run(store, book, draft, micros, definitions.programme.zone, RuleRehearsal(len(ids)))
    for start in range(0, len(ids), PAGE):
        yield start * 100 // len(ids), None
        _rehearse_page(run, ids[start : start + PAGE])
    run.found.samples = run.examples.chosen()
    run.found.unknown = _unknown(run, definitions)
    yield 100, run.found


def _rehearse_page(run: _Run, page: list[int]) -> None:
    acts = purchases_in(run.store, page, *run.span)
    if not acts:
        return
    pairs = [(act, *_rules(run, act)) for act in acts]
    goods = [act for act, then, now in pairs if needs_goods(act, then, now)]
    whole = [act for act, then, now in pairs if needs_lines(act, then, now)]
    run.returns = read_goods(run.store, goods, whole, run.span)
    member: list[tuple[Act, RuleSet, RuleSet]] = []
    for pair in pairs:
        if member and member[0][0].member_id != pair[0].member_id:
            _rehearse_member(run, member)
            member = []
        member.append(pair)
    _rehearse_member(run, member)


def _rules(run: _Run, act: Act) -> tuple[RuleSet, RuleSet]:
    ids = (act.judged or {})["rules"]
    return run.book.then(ids), run.book.of(ids)


def _rehearse_member(run: _Run, receipts: Sequence[tuple[Act, RuleSet, RuleSet]]) -> None:
    found, before, after = run.found, 0, 0
    most: tuple[int, Act, RuleSet, RuleSet, Earned] | None = None
    found.members += 1
    for act, then, now in receipts:
        context = _context(run, act, now)
        earned = never_more(act, then, now, context, run.returns)
        points = earned.points
        _count(run, act, earned, points, context)
        before, after = before + act.points_left, after + points
        change = points - act.points_left
        if change and (most is None or abs(change) > abs(most[0])):
            most = (change, act, then, now, earned)
    found.spread.add(receipts[0][0].member_id, after - before)
    if most is not None:
        sample = _sample(before, after, *most)
        run.examples.offer(sample.member_id, after - before, sample)


def _context(run: _Run, act: Act, now: RuleSet) -> Context:
    """The stored context; a draft of rates gives the tier of that day its rate."""
    context = context_of(act)
    if run.draft is None or run.draft.kind != "tier_rate":
        return context
    rate = now.rates.get(context.tier, 0)
    return Context(
        context.tier, rate, context.day, context.minute, context.point_worth, context.combine
    )


def _count(run: _Run, act: Act, earned: Earned, points: int, context: Context) -> None:
    found = run.found
    day = local_day(from_micros(act.occurred), run.zone)
    found.receipts += 1
    found.before[day] += act.points_left
    found.after[day] += points
    found.money += (points - act.points_left) * context.point_worth
    was = any(line["code"] == "cap" for line in (act.judged or {})["trace"])
    cap = next((line for line in earned.trace if line["code"] == "cap"), None)
    found.capped = (found.capped[0] + was, found.capped[1] + (cap is not None))
    found.cut += -int(cap["points"]) // 100 if cap else 0
    run.unlisted += _is_unlisted(act)


def _is_unlisted(act: Act) -> bool:
    """Whether a part of a receipt whose goods were read has no category to go by."""
    if not act.lines:
        return act.amount != 0
    listed = sum(line.amount for line in act.lines if line.category is not None)
    return listed != act.amount


def _sample(
    before: int, after: int, change: int, act: Act, then: RuleSet, now: RuleSet, earned: Earned
) -> RuleSample:
    old = judge_again(act, then, then, context_of(act)).trace
    lost, got = _telling([*old, *_out(act, then)], [*earned.trace, *_out(act, now)])
    return RuleSample(
        act.member_id, before, after, act.id, act.external_id, act.day, act.amount,
        act.points_left, act.points_left + change, lost, got,
    )  # fmt: skip


def _out(act: Act, rules: RuleSet) -> list[TraceLine]:
    return left_out(act.lines, rules, 0)


def _telling(
    old: list[TraceLine], new: list[TraceLine]
) -> tuple[TraceLine | None, TraceLine | None]:
    """The first line that was only before, and the first that is only after."""
    was, now = [_terms(line) for line in old], [_terms(line) for line in new]
    lost = next((x for x, key in zip(old, was, strict=True) if key not in now), None)
    got = next((x for x, key in zip(new, now, strict=True) if key not in was), None)
    return lost, got


def _terms(line: TraceLine) -> TraceLine | None:
    """What a line says of its rule, without what it came to; rounding says nothing."""
    if line["code"] in ("rounding", "floor"):
        return None
    return {k: v for k, v in line.items() if k not in ("points", "on", "by")}


def _unknown(run: _Run, definitions: Definitions) -> dict[str, int]:
    """What the past cannot say about the draft, by code; a number where receipts are meant."""
    codes = {"more_purchases": 0, "unspent": 0}
    draft = run.draft
    if draft is None:
        return codes
    if draft.kind == "exclusion":
        codes["tiers_by_base"] = 0
    params = PARAMS[draft.kind].model_validate(draft.params) if draft.params else None
    if isinstance(params, MultiplierParams) and params.categories and run.unlisted:
        codes["no_goods"] = run.unlisted
    if isinstance(params, MultiplierParams | BonusParams) and params.dates:
        first, last = (local_day(from_micros(at), run.zone) for at in run.span)
        if params.dates[1] <= first or params.dates[0] >= last:
            codes["dates_outside"] = 0
    if isinstance(params, TierRate) and set(params.rates) < {t.code for t in definitions.tiers}:
        codes["tier_without_rate"] = 0
    others = [
        v for v in definitions.rules.versions
        if v.code == draft.code and v.valid_from < run.span[1]
        and (v.valid_until is None or v.valid_until > run.span[0])
    ]  # fmt: skip
    if len(others) > 1:
        codes["versions_replaced"] = len(others)
    return codes
