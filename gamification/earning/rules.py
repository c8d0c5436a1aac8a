"""Points for a basket: pure, versioned, and explained line by line.

The same function serves the till, the quote, the import, the return (the kept
basket again, with what was stored at the purchase) and the rehearsal.
Order: exclusions per line, base, multipliers, fixed bonuses, rounding, cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from gamification.case import Line, TraceLine
from gamification.points import spread


@dataclass(frozen=True, slots=True)
class Span:
    """When a rule applies, by the receipt's own clock.

    Dates and minutes are half-open; empty means always. Weekdays: Monday = 1.
    """

    weekdays: tuple[int, ...] = ()
    hours: tuple[int, int] | None = None
    dates: tuple[date, date] | None = None

    def holds(self, day: date, minute: int) -> bool:
        """Whether a local moment lies inside."""
        if self.weekdays and day.isoweekday() not in self.weekdays:
            return False
        if self.dates and not self.dates[0] <= day < self.dates[1]:
            return False
        if self.hours is None:
            return True
        start, end = self.hours
        return start <= minute < end if start < end else minute >= start or minute < end


@dataclass(frozen=True, slots=True)
class Multiplier:
    """More points for some goods or hours; `percent` of the base (200 = double)."""

    code: str
    percent: int
    categories: frozenset[str] = frozenset()
    span: Span = Span()


@dataclass(frozen=True, slots=True)
class Bonus:
    """So many points once the earning part of a receipt reaches a threshold."""

    code: str
    threshold: int
    points: int
    span: Span = Span()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force at one instant. Rates are hundredths of a per cent by tier code.

    `for_all` and `by_category` are the places of the multipliers, so that a
    basket asks only those that name its goods, however many there are.
    """

    versions: tuple[int, ...]
    rates: dict[str, int]
    multipliers: tuple[Multiplier, ...] = ()
    excluded: frozenset[str] = frozenset()
    bonuses: tuple[Bonus, ...] = ()
    cap: int | None = None
    for_all: tuple[int, ...] = field(init=False, compare=False)
    by_category: dict[str | None, tuple[int, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        places = list(enumerate(self.multipliers))
        for_all = tuple(n for n, m in places if not m.categories)
        named = {category for m in self.multipliers for category in m.categories}
        object.__setattr__(self, "for_all", for_all)
        object.__setattr__(
            self,
            "by_category",
            {
                category: tuple(
                    n for n, m in places if not m.categories or category in m.categories
                )
                for category in named
            },
        )


Exact = int | Fraction
"""A number that nothing was rounded off: points in parts of a hundredth."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a receipt is judged in: stored with it, and used again for its returns.

    `combine` is the programme's, or `multiply_whole`: as receipts were judged once, each
    product of multipliers rounded down to a whole per cent.
    """

    tier: str
    rate: int
    day: date
    minute: int
    point_worth: int
    combine: str


@dataclass(frozen=True, slots=True)
class Earned:
    """Whole points, and why; the trace's points add up to them exactly."""

    points: int
    base: int
    trace: list[TraceLine] = field(default_factory=list)


def share_payment(
    lines: Sequence[Line], rest: int, paid: int, rules: RuleSet
) -> tuple[list[int], int]:
    """Spread what was paid with points over the lines that may be paid so.

    Excluded goods (gift cards) are paid in money. Answers each line's share
    and the share of the unlisted rest of the receipt, in minor units.
    """
    weights = [0 if line.category in rules.excluded else max(line.amount, 0) for line in lines] + [
        max(rest, 0)
    ]
    parts = spread(paid, weights)
    return parts[:-1], parts[-1]


def bases_of(lines: Sequence[Line], rules: RuleSet) -> list[int]:
    """What of each line earns: its money, or nothing where its goods are excluded."""
    if not rules.excluded:
        return [line.amount - line.paid for line in lines]
    return [0 if x.category in rules.excluded else x.amount - x.paid for x in lines]


def evaluate(
    goods: Sequence[tuple[str | None, int]], rest: int, rules: RuleSet, context: Context
) -> Earned:
    """The points of a basket given as (category, earning money) and an unlisted rest.

    Rounding is down, once per receipt, after bonuses and before the cap.
    Source: semantics 3 and 5.
    """
    base = sum(money for _, money in goods) + rest
    worth = 10_000 * context.point_worth
    if base <= 0:
        return Earned(0, max(base, 0), [{"code": "nothing_earns", "on": base}])
    trace: list[TraceLine] = []
    parts: list[Exact] = [100 * base * context.rate]
    trace.append({"code": "base", "tier": context.tier, "rate": context.rate, "on": base})
    for rule, increment, matching in _increments(goods, rest, rules, context):
        parts.append(increment)
        trace.append(
            {"code": "multiplier", "rule": rule.code, "percent": rule.percent, "on": matching}
        )
    exact = sum(parts)
    shown = 0
    for line, upto in zip(trace, _running(parts), strict=True):
        cents = upto // worth
        line["points"] = cents - shown
        shown = cents
    fixed = _bonuses(base, rules, context, trace)
    points = exact // (100 * worth) + fixed
    if rounding := (points - fixed) * 100 - shown:
        trace.append({"code": "rounding", "points": rounding})
    if points < 0:  # a discount among goods that count for more can outweigh what was paid
        trace.append({"code": "floor", "points": -points * 100})
        return Earned(0, base, trace)
    if rules.cap is not None and points > rules.cap:
        trace.append({"code": "cap", "limit": rules.cap, "points": (rules.cap - points) * 100})
        points = rules.cap
    if points == 0:
        trace.append(_why_zero(context))
    return Earned(points, base, trace)


def _why_zero(context: Context) -> TraceLine:
    """Why a basket that earns came to nothing: no rate, or less than one point."""
    if context.rate == 0:
        return {"code": "no_rule"}
    return {"code": "too_small", "need": -(-10_000 * context.point_worth // context.rate)}


def left_out(lines: Sequence[Line], rules: RuleSet, paid: int) -> list[TraceLine]:
    """What of a basket earns nothing: goods that are excluded, money paid with points."""
    sums: dict[str, int] = {}
    for line in lines:
        if line.category is not None and line.category in rules.excluded:
            sums[line.category] = sums.get(line.category, 0) + line.amount
    trace: list[TraceLine] = [
        {"code": "excluded", "category": category, "on": money} for category, money in sums.items()
    ]
    if paid:
        trace.append({"code": "paid_with_points", "on": paid})
    return trace


def _running(parts: list[Exact]) -> list[Exact]:
    run: Exact = 0
    sums = []
    for part in parts:
        run += part
        sums.append(run)
    return sums


def _increments(
    goods: Sequence[tuple[str | None, int]], rest: int, rules: RuleSet, context: Context
) -> list[tuple[Multiplier, Exact, int]]:
    """What each multiplier adds over the base, in the programme's way of combining."""
    if not rules.multipliers:
        return []
    multipliers, adds, bases = rules.multipliers, dict[int, Exact](), dict[int, int]()
    multiplies = context.combine.startswith("multiply")
    for category, money in [*goods, (None, rest)]:
        hits = _active(rules, category, context) if money else ()
        if not hits:
            continue
        if context.combine == "best":
            hits = [max(hits, key=lambda n: multipliers[n].percent)]
        factor: Exact = 100
        for n in hits:
            percent = multipliers[n].percent
            grown = _times(factor, percent, context.combine) if multiplies else factor
            step = grown - factor if multiplies else percent - 100
            adds[n] = adds.get(n, 0) + money * context.rate * step
            bases[n] = bases.get(n, 0) + money
            factor = grown
    return [(multipliers[n], adds[n], bases[n]) for n in sorted(adds) if bases[n]]


def _times(factor: Exact, percent: int, combine: str) -> Exact:
    """A factor in per cents, grown by another one: exactly, unless it was not so then."""
    product = factor * percent
    if combine == "multiply_whole":
        return product // 100
    return product // 100 if product % 100 == 0 else Fraction(product, 100)


def _active(rules: RuleSet, category: str | None, context: Context) -> list[int]:
    """The places of the multipliers that apply to a category at the receipt's moment."""
    places = rules.by_category.get(category, rules.for_all)
    day, minute = context.day, context.minute
    return [n for n in places if rules.multipliers[n].span.holds(day, minute)]


def _bonuses(base: int, rules: RuleSet, context: Context, trace: list[TraceLine]) -> int:
    fixed = 0
    for bonus in rules.bonuses:
        if not bonus.span.holds(context.day, context.minute):
            continue
        line: TraceLine = {"code": "bonus", "rule": bonus.code, "threshold": bonus.threshold}
        if base >= bonus.threshold:
            fixed += bonus.points
            line["points"] = bonus.points * 100
        else:
            line |= {"code": "bonus_missed", "by": bonus.threshold - base}
        trace.append(line)
    return fixed
