"""A profile says how a shop's file is to be read: TOML, checked, closed to unknown keys."""

import tomllib
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from webapp.intake.faults import BadFile
from webapp.intake.profile_faults import profile_fault

FOLDER = Path(__file__).parent / "profiles"
EXAMPLES = Path(__file__).parent / "examples"

Word = Annotated[str, StringConstraints(min_length=1)]
Column = Annotated[int, Field(ge=1)] | Word
"""A column by its header, or by its number counted from 1."""


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


Columns = Annotated[tuple[Column, ...], Field(min_length=1), BeforeValidator(_as_list)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_as_list)]


class Part(BaseModel):
    """A table of the profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FileShape(Part):
    """How the bytes become rows.

    `json`: an object a line, or several with a tab between, of which the `object`-th
    is read; `receipts` and `lines` name the lists inside it, and columns are then
    paths such as `object.client_id`, `receipt.datetime`, `line.product_id`.
    """

    format: Literal["auto", "delimited", "spaces", "xlsx", "json"] = "auto"
    header: bool = True
    encoding: Word = "auto"
    delimiter: Literal["auto", ",", ";", "\t", "|"] = "auto"
    quoting: bool = True
    decimal: Literal[".", ","] = "."
    sheet: str | None = None
    object: Annotated[int, Field(ge=1)] = 1
    receipts: str | None = None
    lines: str | None = None


class ColumnNames(Part):
    """Where each thing stands. Only `document`, `customer` and `at` are always needed.

    Money comes as `quantity` and `price`, as the `amount` of a row, or as the
    `total` of a whole receipt. Several columns of `document` are joined by `/`,
    those of `at` by a space, those of `paid` are added up. `operator` is who stood
    at the till, `payment` the payment provider's token, as the API takes both.
    """

    document: Columns
    customer: Column
    at: Columns
    sku: Column | None = None
    quantity: Column | None = None
    price: Column | None = None
    amount: Column | None = None
    total: Column | None = None
    store: Column | None = None
    channel: Column | None = None
    category: Column | None = None
    kind: Column | None = None
    operator: Column | None = None
    payment: Column | None = None
    names: Columns | None = None
    paid: Columns | None = None

    @model_validator(mode="after")
    def _money_once(self) -> "ColumnNames":
        ways = (self.price is not None, self.amount is not None, self.total is not None)
        if sum(ways) != 1:
            raise ValueError("money_once")
        if self.price is not None and self.quantity is None:
            raise ValueError("price_without_quantity")
        if self.names and len(self.names) != len(self.document):
            raise ValueError("names_unlike_document")
        return self


class Ids(Part):
    """How ids are made equal: `whole` reads `13085.0` as `13085`."""

    whole: bool = True
    case: Literal["keep", "lower", "upper"] = "keep"


class Customer(Ids):
    """What a receipt that names no customer means: passed over and counted, or rejected.

    A name that is nobody's external id may be the number of a card; `cards` = false where one
    number can be one person's id and another one's card.
    """

    missing: Literal["skip", "reject"] = "skip"
    cards: bool = True


class Kinds(Part):
    """How returns and adjustments are told from sales: by prefix, by column, by the total.

    Adjustments are counted and left out. Where `sale_values` are given, any
    other value of the column is an error.
    """

    return_prefix: Words = ()
    adjustment_prefix: Words = ()
    return_values: Words = ()
    adjustment_values: Words = ()
    sale_values: Words = ()
    negative_total_is_return: bool = False
    returns_are_positive: bool = False


class Category(Part):
    """A file of goods beside the data file: `key` is the sku, `value` the category."""

    file: Word
    key: Column
    value: Column


class Paid(Part):
    """The part of a receipt that was paid with points of the former programme.

    It earns nothing here, and is not taken from the ledger, which does not know
    the balance it came from. `worth` is the money of one such point.
    """

    worth: Decimal = Field(default=Decimal(1), gt=0)


class Profile(Part):
    """Everything about one kind of file of purchases.

    `zone` is the shop's own, in which days and months are counted; timestamps
    are in it too unless `times_in` says otherwise. `noon` is the time of day of
    receipts that carry only a date, which is a day of the shop.
    """

    name: Word
    source: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    zone: str
    times_in: str | None = None
    locale: Literal["ru", "en"] | None = None
    date_formats: Words = ()
    noon: time = time(12)
    channel: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    file: FileShape = FileShape()
    columns: ColumnNames
    document: Ids = Ids(whole=False)
    customer: Customer = Customer()
    goods: Ids = Ids(whole=False)
    kinds: Kinds = Kinds()
    discounts: dict[Word, Column] = Field(default_factory=dict)
    category: Category | None = None
    paid: Paid = Paid()

    @field_validator("zone", "times_in")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise ValueError("no_such_zone") from error
        return value

    @property
    def language(self) -> str:
        """The language of a programme that is made for this file."""
        return self.locale or ("ru" if self.currency == "RUB" else "en")


def shipped_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def example_profile(kind: str) -> str:
    """A commented profile to start from, of `purchases` or `members`, or a shipped one's text."""
    folder = FOLDER if kind in shipped_profiles() else EXAMPLES
    return (folder / f"{kind}.toml").read_text("utf-8")


def load_profile(name: str) -> Profile:
    """A shipped profile by its name, or one from a TOML file.

    Raises:
        BadFile: there is none, or it says something that cannot be.
    """
    return parse_profile(_text_of(name), name)


def _text_of(name: str) -> str:
    if name in shipped_profiles():
        return (FOLDER / f"{name}.toml").read_text("utf-8")
    path = Path(name)
    if path.suffix != ".toml":
        raise BadFile("no_profile", name=name, known=", ".join(shipped_profiles()))
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile("unreadable_profile", name=name) from error


def parse_profile(text: str, name: str) -> Profile:
    """A profile from TOML. Raises BadFile naming the key that is wrong."""
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadFile("profile_not_toml", name=name, why=str(error)) from error
    except ValidationError as error:
        raise profile_fault(error, name, Profile) from error
