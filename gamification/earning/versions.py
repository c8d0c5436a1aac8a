"""Which version of each rule was in force at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, field_validator

from gamification.activities.registry import ACT_TYPES, Per
from gamification.earning.rules import Bonus, Multiplier, RuleSet, Span


class Params(BaseModel):
    """Typed settings of a rule; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SpanParams(Params):
    """When a rule applies; see `Span`."""

    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = ()
    hours: (
        tuple[Annotated[int, Field(ge=0, le=1440)], Annotated[int, Field(ge=0, le=1440)]] | None
    ) = None
    dates: tuple[date, date] | None = None

    def span(self) -> Span:
        """The span of these settings."""
        return Span(self.weekdays, self.hours, self.dates)


class TierRate(Params):
    """Hundredths of a per cent in points, by tier code (500 = 5 %)."""

    rates: dict[str, Annotated[int, Field(ge=0, le=10_000)]]


class MultiplierParams(SpanParams):
    """`percent` of the base for some categories (none named: for all)."""

    percent: Annotated[int, Field(gt=100, le=10_000)]
    categories: tuple[str, ...] = ()


class ExclusionParams(Params):
    """Categories that earn nothing and cannot be paid with points."""

    categories: tuple[str, ...]


class BonusParams(SpanParams):
    """Fixed points once the earning part reaches `threshold` minor units."""

    threshold: PositiveInt
    points: PositiveInt


class CapParams(Params):
    """The most points that one receipt can earn."""

    points: PositiveInt


class ActParams(Params):
    """What a programme gives for an act besides purchases, and how often it counts.

    At most `most` within any `per` local dates in a row; switched off it counts nowhere.
    """

    type: str
    points: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    per: Per
    most: Annotated[int, Field(ge=1, le=100)] = 1
    on: bool = True

    @field_validator("type")
    @classmethod
    def is_registered(cls, value: str) -> str:
        if value not in ACT_TYPES or not ACT_TYPES[value].priced_here:
            raise ValueError("no such act")
        return value


PARAMS: dict[str, type[Params]] = {
    "tier_rate": TierRate,
    "multiplier": MultiplierParams,
    "exclusion": ExclusionParams,
    "bonus": BonusParams,
    "cap": CapParams,
    "act": ActParams,
}


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A stored version: valid from (inclusive) until (exclusive), in microseconds."""

    id: int
    code: str
    kind: str
    params: dict[str, Any]
    valid_from: int
    valid_until: int | None


class RuleBook:
    """Every version there ever was; rule sets are built once per combination."""

    def __init__(self, versions: Sequence[RuleVersion]) -> None:
        self._versions = tuple(versions)
        self._parsed = {v.id: PARAMS[v.kind].model_validate(v.params) for v in versions}
        self._sets: dict[tuple[int, ...], RuleSet] = {}
        self._edges = sorted(
            {v.valid_from for v in versions} | {v.valid_until for v in versions if v.valid_until}
        )
        self._last: tuple[int, int, RuleSet] | None = None

    @property
    def versions(self) -> tuple[RuleVersion, ...]:
        """Every version, in the order in which a receipt asks them."""
        return self._versions

    def at(self, instant: int) -> RuleSet:
        """The rules in force at an instant, in microseconds."""
        if self._last and self._last[0] <= instant < self._last[1]:
            return self._last[2]
        ids = tuple(
            v.id
            for v in self._versions
            if v.valid_from <= instant and (v.valid_until is None or instant < v.valid_until)
        )
        rules = self.of(ids)
        start = max((edge for edge in self._edges if edge <= instant), default=-(2**62))
        end = min((edge for edge in self._edges if edge > instant), default=2**62)
        self._last = (start, end, rules)
        return rules

    def of(self, ids: Sequence[int]) -> RuleSet:
        """The rules of these versions: what a stored context names."""
        key = tuple(ids)
        if key not in self._sets:
            self._sets[key] = self._build(key)
        return self._sets[key]

    def _build(self, ids: tuple[int, ...]) -> RuleSet:
        rates: dict[str, int] = {}
        multipliers: list[Multiplier] = []
        bonuses: list[Bonus] = []
        excluded: set[str] = set()
        cap: int | None = None
        codes = {v.id: v.code for v in self._versions}
        for version_id in ids:
            code = codes[version_id]
            match self._parsed[version_id]:
                case TierRate(rates=found):
                    rates |= found
                case MultiplierParams() as p:
                    multipliers.append(
                        Multiplier(code, p.percent, frozenset(p.categories), p.span())
                    )
                case BonusParams() as p:
                    bonuses.append(Bonus(code, p.threshold, p.points, p.span()))
                case ExclusionParams(categories=names):
                    excluded |= set(names)
                case CapParams(points=points):
                    cap = points if cap is None else min(cap, points)
        return RuleSet(ids, rates, tuple(multipliers), frozenset(excluded), tuple(bonuses), cap)
