"""Whether two audiences evidently share nobody: pure, by what their conditions say.

Not evident is no answer: who buys in one store may buy in another.
"""

from collections.abc import Hashable, Iterable
from typing import NamedTuple

from gamification.audiences.conditions import (
    Audience,
    BirthdayMonth,
    Bought,
    Condition,
    Consented,
    Frequency,
    HasMedal,
    InCity,
    InStage,
    InTier,
    Inviter,
    Joined,
    NotBought,
    OfValue,
    OnList,
    Recency,
    Spend,
)
from gamification.members.rules import city_key

ENDLESS = 2**63
"""More than any number that a condition can name."""
Span = tuple[int, int]
"""From the first number to the second, which is not in it."""


class Claim(NamedTuple):
    """What a condition says of everybody in it: of a topic one value has, one of these."""

    topic: Hashable
    values: frozenset[Hashable] | Span

    def excludes(self, other: "Claim") -> bool:
        """Whether nobody can be of both."""
        a, b = self.values, other.values
        if self.topic != other.topic:
            return False
        if isinstance(a, tuple) and isinstance(b, tuple):
            return a[1] <= b[0] or b[1] <= a[0]
        return isinstance(a, frozenset) and isinstance(b, frozenset) and a.isdisjoint(b)

    def is_within(self, other: "Claim") -> bool:
        """Whether everybody of this is of the other."""
        a, b = self.values, other.values
        if self.topic != other.topic:
            return False
        if isinstance(a, tuple) and isinstance(b, tuple):
            return b[0] <= a[0] and a[1] <= b[1]
        return isinstance(a, frozenset) and isinstance(b, frozenset) and a <= b


def are_apart(one: Audience, other: Audience, *, at_once: bool) -> bool:
    """Whether nobody can be in both.

    Args:
        at_once: both are asked of the same moment; else only what stays with somebody tells,
            for who was on one tier may be on another by then.
    """
    mine, theirs = (one.all, other.all) if at_once else (_lasting(one.all), _lasting(other.all))
    return (
        any(_exclude(a, b) for a in mine for b in theirs)
        or any(_claim(a).is_within(_claim(b)) for a in mine for b in other.none)
        or any(_claim(b).is_within(_claim(a)) for b in theirs for a in one.none)
    )


def _lasting(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Those whose answer is the same whenever they are asked."""
    return tuple(
        x
        for x in conditions
        if isinstance(x, OnList) or (isinstance(x, BirthdayMonth) and x.months)
    )


def _exclude(one: Condition, other: Condition) -> bool:
    for bought, never in ((one, other), (other, one)):
        if isinstance(bought, Bought) and isinstance(never, NotBought):
            days = (bought.days or ENDLESS) <= (never.days or ENDLESS)
            return days and set(bought.categories) <= set(never.categories)
    return _claim(one).excludes(_claim(other))


def _claim(asked: Condition) -> Claim:
    """What a condition says; one that is only like itself is its own topic."""
    kind = asked.kind
    if (values := _one_of(asked)) is not None:
        return Claim(kind, values)
    match asked:
        case Recency() | Joined():  # how many days ago
            return Claim(kind, (0, asked.days) if asked.within else (asked.days, ENDLESS))
        case Frequency() | Spend():
            least = -ENDLESS if asked.at_least is None else asked.at_least
            beyond = ENDLESS if asked.at_most is None else asked.at_most + 1
            return Claim((kind, asked.days), (least, beyond))
        case Consented():
            return Claim((kind, asked.purpose), frozenset([asked.given]))
        case HasMedal():
            return Claim((kind, asked.medal), (asked.level, ENDLESS))
        case Inviter():
            return Claim(kind, (asked.at_least, ENDLESS))
    return Claim(asked, frozenset([True]))


def _one_of(asked: Condition) -> frozenset[Hashable] | None:
    """The values of which everybody has one, where a condition names them."""
    match asked:
        case InTier():
            return frozenset(asked.tiers)
        case InStage():
            return frozenset(asked.stages)
        case OfValue():
            return frozenset(asked.values)
        case BirthdayMonth() if asked.months:
            return frozenset(asked.months)
        case InCity():  # who named none is of no city
            return frozenset([*map(city_key, asked.cities), *[None] * asked.unknown])
    return None
