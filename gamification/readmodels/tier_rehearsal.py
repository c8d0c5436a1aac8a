"""Another scheme of tiers replayed over the past: who would stand where, what it would cost.

It decides by the same function as the live programme (`tiers/rules.py`), from each
member's first day on, and judges the purchases of a period again where the tier of that
morning would have been another. It writes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from gamification.case import Act, StandingState
from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions
from gamification.earning.drafts import DraftBook
from gamification.earning.rules import Context, RuleSet
from gamification.judgement import context_of
from gamification.programme import Programme, local_day
from gamification.readmodels.baskets import (
    PAGE,
    Returns,
    active_members,
    needs_goods,
    needs_lines,
    never_more,
    purchases_in,
    read_goods,
)
from gamification.readmodels.spread import Examples, Spread
from gamification.readmodels.tier_schemes import (
    BOUNDS,
    DraftTier,
    TierScheme,
    check_scheme,
    direction_of,
    month_of,
    morning_position,
    need_of,
    scheme_now,
)
from gamification.store import Store
from gamification.tiers.rules import (
    Change,
    joined,
    replay,
    reviews_until,
    window_over,
)

__all__ = [
    "DraftTier",
    "TierRehearsal",
    "TierSample",
    "TierScheme",
    "rehearse_tiers",
    "rehearse_tiers_in_steps",
    "scheme_now",
]


@dataclass(frozen=True, slots=True)
class TierSample:
    """A member as an example: where they stand, where they would, and the last decision.

    `spent` is the sum of today's window by the draft; `need` what the higher of both asks.
    """

    member_id: int
    stands: str
    would: str
    spent: int
    need: int
    since: date | None
    reason: str | None
    points: int


@dataclass(slots=True)
class TierRehearsal:
    """What a replay found.

    `matrix` counts members by (tier now, tier by the draft); `ups` and `downs` are moves by
    month of the period, as the present scheme would have made them and as the draft would.
    Points are by local day. `unknown` names what the past cannot say, with a number or 0.
    """

    asked: int
    matrix: Counter[tuple[str, str]] = field(default_factory=Counter)
    rises: int = 0
    falls: int = 0
    ups: dict[str, tuple[int, int]] = field(default_factory=dict)
    downs: dict[str, tuple[int, int]] = field(default_factory=dict)
    before: Counter[date] = field(default_factory=Counter)
    after: Counter[date] = field(default_factory=Counter)
    money: int = 0
    spread: Spread = field(default_factory=Spread)
    samples: tuple[TierSample, ...] = ()
    drifted: int = 0
    unknown: dict[str, int] = field(default_factory=dict)

    @property
    def difference(self) -> int:
        """Points more, or fewer below zero."""
        return self.after.total() - self.before.total()


@dataclass(slots=True)
class _Run:
    """One replay while it goes on; `today` is the programme's local day."""

    store: Store
    definitions: Definitions
    scheme: TierScheme
    programme: Programme
    span: tuple[int, int]
    months: tuple[str, str]
    today: date
    book: DraftBook
    found: TierRehearsal
    examples: Examples[TierSample] = field(default_factory=Examples)
    returns: Returns = field(default_factory=dict)


@dataclass(slots=True)
class _Member:
    """One member's past under both schemes; positions are indexes of tiers from 1."""

    id: int
    live: int
    sums: dict[date, int]
    present: list[Change]
    draft: list[Change]


def rehearse_tiers(
    store: Store,
    definitions: Definitions,
    scheme: TierScheme,
    span: tuple[datetime, datetime],
    now: datetime,
) -> TierRehearsal:
    """Replay to the end; see `rehearse_tiers_in_steps`."""
    *_, (_, found) = rehearse_tiers_in_steps(store, definitions, scheme, span, now)
    assert found is not None, "there is always a last step"
    return found


def rehearse_tiers_in_steps(
    store: Store,
    definitions: Definitions,
    scheme: TierScheme,
    span: tuple[datetime, datetime],
    now: datetime,
) -> Iterator[tuple[int, TierRehearsal | None]]:
    """Replay page by page: yields (per cent done, None), at last (100, what was found).

    Standings are those of `now`; points and moves are those of the span (half-open).

    Raises:
        InvalidSetting: the scheme makes no sense.
    """
    check_scheme(scheme, definitions)
    present, zone = definitions.programme, definitions.programme.zone
    settings = {name: getattr(scheme, name) for name in (*BOUNDS, "downgrade")}
    months = (month_of(local_day(span[0], zone)), month_of(local_day(span[1], zone)))
    ids = active_members(store)
    run = _Run(
        store, definitions, scheme, replace(present, **settings),
        (to_micros(span[0]), to_micros(span[1])), months, local_day(now, zone),
        DraftBook(definitions.rules, None), TierRehearsal(len(ids)),
    )  # fmt: skip
    for start in range(0, len(ids), PAGE):
        yield start * 100 // len(ids), None
        _replay_page(run, ids[start : start + PAGE])
    run.found.samples = run.examples.chosen()
    run.found.unknown = {"more_purchases": 0, "morning_tier": 0}
    if run.found.drifted:
        run.found.unknown["settings_then"] = run.found.drifted
    yield 100, run.found


def _replay_page(run: _Run, page: list[int]) -> None:
    members = _members(run, page)
    acts: dict[int, list[Act]] = {}
    for act in purchases_in(run.store, page, *run.span):
        acts.setdefault(act.member_id, []).append(act)
    others = _other_contexts(run, members, acts)
    _read_goods(run, [act for mine in acts.values() for act in mine], others)
    for member in members.values():
        points = _points(run, member, acts.get(member.id, ()), others)
        _count(run, member, points)


def _members(run: _Run, page: list[int]) -> dict[int, _Member]:
    """The standings and sums of a page, replayed by both schemes."""
    definitions, today = run.definitions, run.today
    sums = _sums(run, page)
    found: dict[int, _Member] = {}
    wanted = frozenset(page)
    for row in run.store.rows(
        "SELECT m.id, m.joined_at, s.tier_id, s.since, s.term_ends, s.grace_until FROM member m"
        " LEFT JOIN standing s ON s.member_id = m.id WHERE m.id BETWEEN ? AND ?",
        page[0],
        page[-1],
    ):
        if row[0] not in wanted:
            continue
        mine = sums.get(row[0], {})
        first = min([local_day(from_micros(row[1]), definitions.programme.zone), *mine])
        present = replay(joined(first), first, today, mine, definitions.tiers,
                         definitions.programme)  # fmt: skip
        draft = replay(joined(first), first, today, mine, run.scheme.steps, run.programme)
        found[row[0]] = _Member(row[0], _live(run, row, mine), mine, present, draft)
    return found


def _sums(run: _Run, page: list[int]) -> dict[int, dict[date, int]]:
    sums: dict[int, dict[date, int]] = {}
    for member_id, day, value in run.store.rows(
        "SELECT member_id, day, value FROM day_sum"
        " WHERE member_id BETWEEN ? AND ? AND measure_id = ?",
        page[0],
        page[-1],
        run.definitions.tier_measure,
    ):
        sums.setdefault(member_id, {})[date.fromisoformat(day)] = value
    return sums


def _live(run: _Run, row: Sequence[Any], sums: Mapping[date, int]) -> int:
    """The position that stands today, with reviews that nobody has booked yet."""
    tier_id, since, *ends = row[2:6]
    if tier_id is None:
        return 1
    term, grace = (None if text is None else date.fromisoformat(text) for text in ends)
    position = run.definitions.position_of(int(tier_id))
    standing = StandingState(position, date.fromisoformat(since), term, grace)
    programme = run.definitions.programme
    window = window_over(sums, programme.window_days)
    due = reviews_until(standing, run.today, window, run.definitions.tiers, programme)
    return due[-1].after.position if due else position


def _other_contexts(
    run: _Run, members: Mapping[int, _Member], acts: Mapping[int, list[Act]]
) -> dict[int, Context]:
    """The contexts of those purchases that the draft would judge by another rate."""
    others: dict[int, Context] = {}
    for member_id, mine in acts.items():
        member = members[member_id]
        for act in mine:
            context = context_of(act)
            tier = _tier_then(run, member, context)
            rules = run.book.then((act.judged or {})["rules"])
            rate = rules.rates.get(tier.code, 0) if tier.rate is None else tier.rate
            if (tier.code, rate) != (context.tier, context.rate):
                others[act.id] = Context(
                    tier.code, rate, context.day, context.minute, context.point_worth,
                    context.combine,
                )  # fmt: skip
    return others


def _tier_then(run: _Run, member: _Member, context: Context) -> DraftTier:
    """The draft's tier of a purchase: its own where both schemes agree on that morning."""
    tiers = run.scheme.tiers
    draft = tiers[morning_position(member.draft, context.day) - 1]
    present = run.definitions.tier_at(morning_position(member.present, context.day))
    if draft.code == present.code:
        return next((t for t in tiers if t.code == context.tier), draft)
    return draft


def _read_goods(run: _Run, acts: Sequence[Act], others: Mapping[int, Context]) -> None:
    concerned = [(act, _rules(run, act)) for act in acts if act.id in others]
    goods = [act for act, rules in concerned if needs_goods(act, rules, rules)]
    whole = [act for act, rules in concerned if needs_lines(act, rules, rules)]
    run.returns = read_goods(run.store, goods, whole, run.span)


def _rules(run: _Run, act: Act) -> RuleSet:
    return run.book.then((act.judged or {})["rules"])


def _points(run: _Run, member: _Member, acts: Sequence[Act], others: Mapping[int, Context]) -> int:
    """The member's difference in points over the period."""
    found, change = run.found, 0
    for act in acts:
        points = act.points_left
        if context := others.get(act.id):
            rules = _rules(run, act)
            points = never_more(act, rules, rules, context, run.returns).points
            found.money += (points - act.points_left) * context.point_worth
        day = local_day(from_micros(act.occurred), run.definitions.programme.zone)
        found.before[day] += act.points_left
        found.after[day] += points
        change += points - act.points_left
    return change


def _count(run: _Run, member: _Member, points: int) -> None:
    found, tiers = run.found, run.scheme.tiers
    would = member.draft[-1].after.position if member.draft else 1
    replayed = member.present[-1].after.position if member.present else 1
    found.drifted += replayed != member.live
    stands, goes = run.definitions.tier_at(member.live), tiers[would - 1]
    found.matrix[stands.code, goes.code] += 1
    found.spread.add(member.id, points)
    for n, changes in enumerate((member.present, member.draft)):
        _count_moves(run, n, changes)
    size = direction_of(run.definitions.tiers, run.scheme, stands, goes)
    found.rises, found.falls = found.rises + (size > 0), found.falls + (size < 0)
    if size == 0:
        return
    spent = window_over(member.sums, run.scheme.window_days)(run.today)
    last = next((c for c in reversed(member.draft) if c.reason not in ("kept", "grace")), None)
    sample = TierSample(
        member.id, stands.code, goes.code, spent, need_of(run.scheme, stands, goes, size),
        last.day if last else None, last.reason if last else None, points,
    )  # fmt: skip
    run.examples.offer(member.id, size * (1 + abs(points)), sample)


def _count_moves(run: _Run, scheme: int, changes: Sequence[Change]) -> None:
    position = 1
    for change in changes:
        after, month = change.after.position, month_of(change.day)
        if after != position and run.months[0] <= month <= run.months[1]:
            counts = run.found.ups if after > position else run.found.downs
            pair = counts.get(month, (0, 0))
            counts[month] = (pair[0] + (scheme == 0), pair[1] + (scheme == 1))
        position = after
