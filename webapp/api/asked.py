"""What may be asked: bodies and queries, apart from any table; unknown fields are refused.

The descriptions are English; `description.py` says them in the reader's language.
"""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from webapp.api.fields import (
    ActCode,
    CardNumber,
    CityName,
    Id,
    Moment,
    Money,
    Name,
    PhoneNumber,
    Price,
    Quantity,
    Short,
    Source,
    Token,
)
from webapp.api.marks import _l

MOST_LINES = 1_000
REFERENCES = ("card", "phone", "external_id")


def one_of_fields(*names: str) -> dict[str, Any]:
    """JSON Schema for "exactly one of these is given"."""
    return {"oneOf": [given_field(name) for name in names]}


def given_field(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


class Asked(BaseModel):
    """A part of a request. Unknown fields are refused; null means "not given"."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MemberIn(Asked):
    """Who: exactly one of card, phone and external_id."""

    model_config = ConfigDict(json_schema_extra=one_of_fields(*REFERENCES))

    card: CardNumber | None = Field(None, description=_l("The number that a till reads."))
    phone: PhoneNumber | None = Field(
        None, description=_l("A phone number, best with its country: +79161234567.")
    )
    external_id: Id | None = Field(
        None, description=_l("The member's id in your own system, as it was imported.")
    )

    @model_validator(mode="after")
    def exactly_one(self) -> Self:
        if sum(getattr(self, name) is not None for name in REFERENCES) != 1:
            raise PydanticCustomError("one_reference", "exactly one is needed")
        return self


class DiscountIn(Asked):
    """A discount that is taken off already; it is kept with the line and changes no sum."""

    kind: Short = Field(description=_l("Your own word for it: promo, coupon, staff."))
    amount: Money = Field(description=_l("How much was taken off."))


class LineIn(Asked):
    """A line of a receipt: what, how much of it, and for how much money in all."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [given_field("amount"), given_field("price")]}
    )

    sku: Name | None = Field(None, description=_l("Your code of the goods."))
    quantity: Quantity | None = Field(
        None, description=_l("Pieces or weight, up to three digits after the point; 1 if absent.")
    )
    amount: Money | None = Field(
        None, description=_l("Money for the whole line after its discounts.")
    )
    price: Price | None = Field(
        None,
        description=_l(
            "Money for one unit. Without an amount the line is price times quantity,"
            " rounded half up."
        ),
    )

    @model_validator(mode="after")
    def has_money(self) -> Self:
        if self.amount is None and self.price is None:
            raise PydanticCustomError("amount_or_price", "an amount or a price is needed")
        return self


class PurchaseLineIn(LineIn):
    """A line of a purchase."""

    category: Name | None = Field(
        None, description=_l("The group of goods that rules and medals speak of.")
    )
    discounts: tuple[DiscountIn, ...] = Field(
        (), max_length=20, description=_l("What was taken off already.")
    )


class ReturnLineIn(LineIn):
    """A line of a return: which line of the purchase it gives back, or which goods."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"anyOf": [given_field("amount"), given_field("price")]},
                {"anyOf": [given_field("line"), given_field("sku")]},
            ]
        }
    )

    line: StrictInt | None = Field(
        None,
        ge=1,
        le=MOST_LINES,
        description=_l("The number of the purchase's line, from 1; needs purchase_id."),
    )
    category: Name | None = Field(
        None, description=_l("The group of goods that rules and medals speak of.")
    )

    @model_validator(mode="after")
    def names_goods(self) -> Self:
        if self.line is None and self.sku is None:
            raise PydanticCustomError("line_or_sku", "a line or a sku is needed")
        return self


class ReceiptIn(Asked):
    """What purchases and returns have in common."""

    id: Id = Field(description=_l("Your number of this receipt. Sent again, it counts once."))
    occurred_at: Moment = Field(
        description=_l(
            "When it happened, by the till's clock: with its distance from UTC, or without"
            " one in the programme's zone."
        )
    )
    member: MemberIn
    total: Money | None = Field(
        None,
        description=_l(
            "The sum of the receipt; the sum of its lines if absent. It may be larger than"
            " the lines (delivery, packing), never smaller."
        ),
    )
    store: Name | None = Field(None, description=_l("Which shop."))
    channel: Short | None = Field(None, description=_l("How it was bought: store, online, app."))
    operator: Name | None = Field(None, description=_l("Who stood at the till."))


class PurchaseIn(ReceiptIn):
    """A purchase."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                given_field("total"),
                {"required": ["lines"], "properties": {"lines": {"minItems": 1}}},
            ]
        }
    )

    lines: tuple[PurchaseLineIn, ...] = Field(
        (), max_length=MOST_LINES, description=_l("The goods.")
    )
    supersedes: Id | None = Field(
        None,
        description=_l(
            "The id of an earlier purchase that this one corrects; only the difference is booked."
        ),
    )
    payment: Token | None = Field(
        None,
        description=_l(
            "Your payment provider's fingerprint of the card, never its number: only a keyed hash"
            " is kept, to see invitations of oneself. Not part of the contents that a repeat is"
            " compared by."
        ),
    )

    @model_validator(mode="after")
    def has_a_sum(self) -> Self:
        if not self.lines and self.total is None:
            raise PydanticCustomError("lines_or_total", "lines or a total are needed")
        if self.supersedes == self.id:
            raise PydanticCustomError("names_itself", "a receipt cannot correct itself")
        return self


class ReturnIn(ReceiptIn):
    """A return: of a whole purchase, or of some goods."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": ["whole", "purchase_id"],
                    "properties": {
                        "whole": {"const": True},
                        "purchase_id": {"not": {"type": "null"}},
                        "lines": {"maxItems": 0},
                        "total": {"type": "null"},
                    },
                },
                {
                    "required": ["lines"],
                    "properties": {"whole": {"const": False}, "lines": {"minItems": 1}},
                },
            ]
        }
    )

    purchase_id: Id | None = Field(
        None,
        description=_l(
            "The id of the purchase, as this key sent it, or whom purchase_source names. Without"
            " it the goods are looked for among the member's purchases, the latest first."
        ),
    )
    purchase_source: Source | None = Field(
        None,
        description=_l(
            "Who told of the purchase, where it was not this key: the name of the other key; for"
            " purchases that came in a file, the source of its profile, which is “import” for"
            " files whose columns were chosen in the console. Needs purchase_id."
        ),
    )
    whole: StrictBool = Field(
        False, description=_l("Everything that is left of the purchase comes back.")
    )
    lines: tuple[ReturnLineIn, ...] = Field(
        (), max_length=MOST_LINES, description=_l("The goods that come back.")
    )

    @model_validator(mode="after")
    def whole_or_lines(self) -> Self:
        if self.whole and (self.lines or self.total is not None):
            raise PydanticCustomError("whole_and_lines", "whole or lines, not both")
        if self.whole and self.purchase_id is None:
            raise PydanticCustomError("whole_of_nothing", "whole needs purchase_id")
        if not self.whole and not self.lines:
            raise PydanticCustomError("whole_or_lines", "whole or lines are needed")
        if self.purchase_id is None and any(x.line is not None for x in self.lines):
            raise PydanticCustomError("line_of_nothing", "line needs purchase_id")
        if self.purchase_id is None and self.purchase_source is not None:
            raise PydanticCustomError("source_of_nothing", "purchase_source needs purchase_id")
        if self.purchase_id == self.id and self.purchase_source is None:
            raise PydanticCustomError("names_itself", "a return cannot name itself")
        return self


class ActivityIn(Asked):
    """An act besides purchases."""

    id: Id = Field(description=_l("Your number of this act. Sent again, it counts once."))
    type: ActCode = Field(description=_l("What the member did."))
    occurred_at: Moment = Field(
        description=_l(
            "When it happened: with its distance from UTC, or without one in the programme's"
            " zone. The day it counts on goes by the member's own midnight."
        )
    )
    member: MemberIn
    store: Name | None = Field(None, description=_l("Which shop."))
    channel: Short | None = Field(None, description=_l("Where it was done: store, online, app."))
    operator: Name | None = Field(None, description=_l("Who of the shop was there."))


class CancellationIn(Asked):
    """An act that is taken back."""

    activity_id: Id = Field(description=_l("Your number of the act, as this key sent it."))
    reason: Name | None = Field(None, description=_l("Why, for the shop itself."))


class MemberQuery(MemberIn):
    """Whom to look for: exactly one of card, phone and external_id."""


class MemberChangeIn(Asked):
    """What the shop's own system tells of a member."""

    member: MemberIn
    city: CityName | None = Field(
        description=_l("Where the member lives, as people write it; null takes it away.")
    )


def query_of(found: Mapping[str, list[str]]) -> dict[str, Any]:
    """Parameters of an address; given twice, a parameter stays a list and is refused."""
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
