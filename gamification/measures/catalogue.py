"""Every number that a medal, a tier or a challenge can ask for: one class, one number.

A measure says what is counted and never from how much on: ten medals that count
the same thing share one counter. Its contribution is a pure function of what is
kept of an activity now, so that a return is `contribution after - before`.
"""

import hashlib
import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, TypeAdapter

from gamification.activities.registry import ACT_TYPES
from gamification.case import Act


class Spec(BaseModel):
    """Frozen, closed to unknown fields: a typo is an error, never a silent dead rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Where(Spec):
    """Which purchases, and which of their lines.

    Weekdays count from Monday = 1. Hours are local minutes, start inclusive,
    end exclusive; a start after its end runs over midnight. `challenges` are codes of those
    that an act was noted for.
    """

    categories: tuple[str, ...] = ()
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    lines_from: PositiveInt | None = None
    amount_from: PositiveInt | None = None


EVERYTHING = Where()


def registered(event: str) -> str:
    """The event itself; refuses one that nothing can ever be."""
    if event != "purchase" and event not in ACT_TYPES:
        raise ValueError("no such event")
    return event


Event = Annotated[str, AfterValidator(registered)]
PURCHASES: tuple[Event, ...] = ("purchase",)
"""What measures count unless they name acts of the registry."""


def in_hours(minute: int, hours: tuple[int, int]) -> bool:
    """Whether a local minute lies in a half-open span that may run over midnight."""
    start, end = hours
    return start <= minute < end if start < end else minute >= start or minute < end


class Count(Spec):
    """How many purchases or other acts, kept lines or kept units; by category when split."""

    kind: Literal["count"] = "count"
    events: tuple[Event, ...] = PURCHASES
    unit: Literal["acts", "lines", "quantity"] = "acts"
    split: Literal["none", "category"] = "none"
    where: Where = EVERYTHING


class Sum(Spec):
    """How much: kept money, kept money that earns, or kept points. By day for windows."""

    kind: Literal["sum"] = "sum"
    field: Literal["amount", "base", "points"]
    by: Literal["all", "day"] = "all"

    def number(self, act: Act) -> int:
        """The signed sum; an unmatched return counts here and nowhere else."""
        if self.field == "amount":
            return act.amount_left
        return act.base_left if self.field == "base" else act.points_left


class Keyed(Spec):
    """A measure over a set of keys: days, weeks, categories, stores …"""

    events: tuple[Event, ...] = PURCHASES
    where: Where = EVERYTHING

    def key_kind(self) -> str:
        """What the keys are; measures with equal key specs share one set."""
        raise NotImplementedError

    def window_kind(self) -> str:
        """`all`, or `month` for a set of its own in every calendar month."""
        return "all"

    def keys_spec(self) -> dict[str, Any]:
        """The canonical description of the key set."""
        spec = {
            "of": self.key_kind(),
            "window": self.window_kind(),
            "where": self.where.model_dump(exclude_defaults=True),
        }
        return spec if self.events == PURCHASES else spec | {"events": list(self.events)}


class Distinct(Keyed):
    """How many different days, weeks, categories, stores, channels or kinds of act.

    `birthday` counts the birthdays around which something was bought, `act` every single act,
    where the acts of each month are counted apart.
    """

    kind: Literal["distinct"] = "distinct"
    of: Literal[
        "day", "week", "month", "category", "store", "channel", "sku", "event", "birthday", "act"
    ]
    window: Literal["all", "month"] = "all"

    def key_kind(self) -> str:
        return self.of

    def window_kind(self) -> str:
        return self.window


class Streak(Keyed):
    """The longest run of days, weeks or months; so many missing ones a `per` are forgiven.

    A run of days over acts besides purchases goes by the member's own midnight: its keys
    are moments with their zones, so that a flight over the date line breaks nothing.
    """

    kind: Literal["streak"] = "streak"
    unit: Literal["day", "week", "month"]
    freezes: Annotated[int, Field(ge=0, le=5)] = 0
    per: Literal["month", "quarter"] = "quarter"

    def key_kind(self) -> str:
        return "moment" if self.unit == "day" and self.events != PURCHASES else self.unit


class Gap(Keyed):
    """How often somebody came back after so many days of silence."""

    kind: Literal["gap"] = "gap"
    days: PositiveInt

    def key_kind(self) -> str:
        return "day"


class Within(Keyed):
    """Whether the second day came within so many days of the first (0 or 1)."""

    kind: Literal["within"] = "within"
    days: PositiveInt

    def key_kind(self) -> str:
        return "day"


class Best(Keyed):
    """The largest single receipt, in money or in lines."""

    kind: Literal["best"] = "best"
    field: Literal["amount", "lines"]

    def key_kind(self) -> str:
        return f"best_{self.field}"


AnySpec = Annotated[
    Count | Sum | Distinct | Streak | Gap | Within | Best, Field(discriminator="kind")
]
SPEC: TypeAdapter[Count | Sum | Distinct | Streak | Gap | Within | Best] = TypeAdapter(AnySpec)


def parse_spec(value: dict[str, Any]) -> Count | Sum | Distinct | Streak | Gap | Within | Best:
    """A spec from its stored form; refuses unknown kinds and fields."""
    return SPEC.validate_python(value)


def canonical(spec: Spec) -> dict[str, Any]:
    """The stored form of a spec: JSON values, defaults left out, its kind kept."""
    kept = spec.model_dump(mode="json", exclude_defaults=True)
    kind = getattr(spec, "kind", None)
    return kept | ({"kind": kind} if kind else {})


def spec_hash(value: dict[str, Any]) -> str:
    """The address of a spec: equal content, equal hash."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def week_of(day: date) -> str:
    """A week's key: the date of its Monday."""
    return date.fromordinal(day.toordinal() - day.weekday()).isoformat()
