"""Whom a challenge is for, in words of the shop: one class, one condition on a member.

A condition says what it asks and never how: `asked.py` turns it into a statement. Days
are local dates of the programme's zone; `days` None means ever. Money is in minor units.
"""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    model_validator,
)

from gamification.members.rules import MOST_CITY, city_key, clean_city

MOST_DAYS = 3_660
MOST_WORDS = 50
MOST_CITIES = 50
MOST_CONDITIONS = 20

Stage = Literal["potential", "new", "active", "at_risk", "lapsed"]
Value = Literal["champions", "loyal", "promising", "at_risk", "sleeping", "lost"]


def plain_text(text: str) -> str:
    """The text; refuses the sign that no database keeps (ValueError)."""
    if "\x00" in text:
        raise ValueError("no text")
    return text


Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]
Word = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(plain_text)]
Month = Annotated[int, Field(ge=1, le=12)]
AtLeast = Annotated[int, Field(ge=1, lt=2**63)]
AtMost = Annotated[int, Field(ge=0, lt=2**63)]
RowId = Annotated[int, Field(ge=1, lt=2**63)]
"""What a row of any table can have as its number."""


def in_order(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same values, each once and in order: equal conditions are written alike."""
    return tuple(sorted(set(values)))


Words = Annotated[tuple[Word, ...], Field(max_length=MOST_WORDS), AfterValidator(in_order)]
SomeWords = Annotated[
    tuple[Word, ...], Field(min_length=1, max_length=MOST_WORDS), AfterValidator(in_order)
]


class Spec(BaseModel):
    """Frozen, closed to unknown fields: a typo is an error, never a condition that is not there."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounded(Spec):
    """A number at least or at most so much, both ends inclusive, in the last days or ever."""

    at_least: int | None = None
    at_most: int | None = None
    days: Days | None = None

    @model_validator(mode="after")
    def has_a_bound(self) -> Self:
        """Refuses no bound at all, and bounds that nothing lies between."""
        if self.at_least is None and self.at_most is None:
            raise ValueError("a bound is needed")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("nothing lies between the bounds")
        return self


class InTier(Spec):
    """Stands on one of these tiers."""

    kind: Literal["tier"] = "tier"
    tiers: SomeWords


class Recency(Spec):
    """Bought last within so many days; or, where not within, bought once and not since.

    Who never bought anything is in neither: that is the stage `potential`.
    """

    kind: Literal["recency"] = "recency"
    days: Days
    within: bool = True


class Frequency(Bounded):
    """How many purchases are kept. At most so many takes in who bought nothing."""

    kind: Literal["frequency"] = "frequency"
    at_least: AtLeast | None = None
    at_most: AtMost | None = None


class Spend(Bounded):
    """How much money is kept, returns taken off. At most so much takes in who bought nothing."""

    kind: Literal["spend"] = "spend"
    at_least: AtLeast | None = None
    at_most: AtMost | None = None


class Bought(Spec):
    """Has kept something of one of these categories."""

    kind: Literal["bought"] = "bought"
    categories: SomeWords
    days: Days | None = None


class NotBought(Spec):
    """Has kept nothing of any of these categories; who bought nothing at all is in."""

    kind: Literal["not_bought"] = "not_bought"
    categories: SomeWords
    days: Days | None = None


class Visited(Spec):
    """Has kept a purchase of one of these stores, and through one of these channels."""

    kind: Literal["visited"] = "visited"
    stores: Words = ()
    channels: Words = ()
    days: Days | None = None

    @model_validator(mode="after")
    def names_a_place(self) -> Self:
        """Refuses a place that is anywhere."""
        if not self.stores and not self.channels:
            raise ValueError("a store or a channel is needed")
        return self


class BirthdayMonth(Spec):
    """Has told a birthday in one of these months; none named: in the month of the asking."""

    kind: Literal["birthday_month"] = "birthday_month"
    months: Annotated[tuple[Month, ...], AfterValidator(in_order)] = ()


def one_of_each(cities: tuple[str, ...]) -> tuple[str, ...]:
    """Cleaned cities in order, each once however it is spelt. Refuses what names none."""
    found = [clean_city(city) for city in cities]
    if any(not 1 <= len(city) <= MOST_CITY for city in found):
        raise ValueError("a city is needed")
    return tuple(sorted({city_key(city): city for city in sorted(found, reverse=True)}.values()))


class InCity(Spec):
    """Lives in one of these cities, as they are compared; `unknown` takes in who named none.

    It is what is known now: nobody's earlier city is kept.
    """

    kind: Literal["city"] = "city"
    cities: Annotated[
        tuple[Annotated[str, Field(max_length=200), AfterValidator(plain_text)], ...],
        Field(max_length=MOST_CITIES),
        AfterValidator(one_of_each),
    ] = ()
    unknown: bool = False

    @model_validator(mode="after")
    def names_somewhere(self) -> Self:
        """Refuses nowhere at all."""
        if not self.cities and not self.unknown:
            raise ValueError("a city is needed")
        return self


class Joined(Spec):
    """Joined within so many days, or before them."""

    kind: Literal["joined"] = "joined"
    days: Days
    within: bool = True


class Consented(Spec):
    """The latest answer to a purpose is yes; or, where not given, it is no or there is none."""

    kind: Literal["consent"] = "consent"
    purpose: Annotated[str, Field(min_length=1, max_length=40)]
    given: bool = True


class HasMedal(Spec):
    """Holds a medal at this level or a higher one."""

    kind: Literal["medal"] = "medal"
    medal: Annotated[str, Field(min_length=1, max_length=60)]
    level: Annotated[int, Field(ge=1, le=5)] = 1


class Invited(Spec):
    """Was invited by another member, and nothing was wrong with that."""

    kind: Literal["invited"] = "invited"


class Inviter(Spec):
    """Has invited at least so many friends who qualified and still do."""

    kind: Literal["inviter"] = "inviter"
    at_least: AtLeast = 1


class InStage(Spec):
    """Is at one of these stages of a customer's life; see `stages.py`."""

    kind: Literal["stage"] = "stage"
    stages: Annotated[tuple[Stage, ...], Field(min_length=1), AfterValidator(in_order)]


class OfValue(Spec):
    """Is of one of these kinds by recency, frequency and money; see `stages.py`."""

    kind: Literal["rfm"] = "rfm"
    values: Annotated[tuple[Value, ...], Field(min_length=1), AfterValidator(in_order)]


class InSegment(Spec):
    """Belongs to a saved segment, as it is saved now."""

    kind: Literal["segment"] = "segment"
    segment_id: RowId


class OnList(Spec):
    """Stands on a list that was brought in, whenever that was."""

    kind: Literal["member_list"] = "member_list"
    list_id: RowId


Condition = (
    InTier
    | Recency
    | Frequency
    | Spend
    | Bought
    | NotBought
    | Visited
    | BirthdayMonth
    | InCity
    | Joined
    | Consented
    | HasMedal
    | Invited
    | Inviter
    | InStage
    | OfValue
    | InSegment
    | OnList
)
AnyCondition = Annotated[Condition, Field(discriminator="kind")]
CONDITION: TypeAdapter[Condition] = TypeAdapter(AnyCondition)
Conditions = Annotated[tuple[AnyCondition, ...], Field(max_length=MOST_CONDITIONS)]


class Audience(Spec):
    """Members for whom all of these hold and none of those; empty means every active member."""

    all: Conditions = ()
    none: Conditions = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that it asks, in the order of asking."""
        return (*self.all, *self.none)


EVERYBODY = Audience()


def parse_condition(value: dict[str, Any]) -> Condition:
    """A condition from its stored form; refuses unknown kinds and fields (ValueError)."""
    return CONDITION.validate_python(value)


def parse_audience(value: Any) -> Audience:
    """An audience from its stored form, a text on SQLite; refuses what none is (ValueError)."""
    return Audience.model_validate(json.loads(value) if isinstance(value, str) else value)


def canonical(audience: Audience) -> dict[str, Any]:
    """The stored form: JSON values, defaults left out, kinds kept; equal audiences, equal forms."""
    parts = {"all": audience.all, "none": audience.none}
    return {
        name: [{"kind": x.kind} | x.model_dump(mode="json", exclude_defaults=True) for x in held]
        for name, held in parts.items()
        if held
    }


def segments_in(audience: Audience) -> frozenset[int]:
    """Ids of the saved segments that it leans on directly."""
    return frozenset(x.segment_id for x in audience.conditions if isinstance(x, InSegment))


def lists_in(audience: Audience) -> frozenset[int]:
    """Ids of the lists that it leans on directly."""
    return frozenset(x.list_id for x in audience.conditions if isinstance(x, OnList))
