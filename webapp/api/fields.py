"""The kinds of fields that bodies are made of: words, money, quantities, moments.

Money and fractions travel as text: a binary fraction of JSON would be exact on most days
and off by a kopeck on some.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from gamification.commands.acts import ACT_TYPES
from gamification.commands.member import MOST_CITY

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LETTER = r"[^\s\x00-\x1f\x7f-\x9f]"
WORDS = rf"^{LETTER}([^\x00-\x1f\x7f-\x9f\u2028\u2029]*{LETTER})?$"
MOMENT = (
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?$"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Text of 1 to `most` letters, without control characters and blanks around it."""

    most: int

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        text = core_schema.str_schema(strict=True, min_length=1, max_length=self.most)
        return core_schema.no_info_after_validator_function(clean_words, text)

    def __get_pydantic_json_schema__(
        self, _core: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        shape = {"type": "string", "minLength": 1, "maxLength": self.most, "pattern": WORDS}
        return {**shape, "x-kind": "text"}


def clean_words(text: str) -> str:
    """The text as it came, or a refusal."""
    if CONTROL.search(text):
        raise PydanticCustomError("control_letters", "no control characters")
    if text != text.strip():
        raise PydanticCustomError("outer_blanks", "no blanks around")
    return text


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is not negative, as text written in one way: digits, then a point and more.

    `whole` also lets a whole JSON number through. `code` is the fault of anything else.
    """

    before: int
    after: int
    code: str
    whole: bool = False

    @property
    def pattern(self) -> str:
        """What the text looks like."""
        return rf"^[0-9]{{1,{self.before}}}(\.[0-9]{{1,{self.after}}})?$"

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        shape = re.compile(self.pattern)

        def read(value: Any) -> Decimal:
            if self.whole and type(value) is int and 0 <= value < 10**self.before:
                return Decimal(value)
            if not isinstance(value, str) or not shape.fullmatch(value):
                raise PydanticCustomError(self.code, "not written so")
            return Decimal(value)

        return core_schema.no_info_plain_validator_function(read)

    def __get_pydantic_json_schema__(
        self, _core: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        text = {"type": "string", "pattern": self.pattern}
        if not self.whole:
            return {**text, "x-kind": self.code}
        whole = {"type": "integer", "minimum": 0, "maximum": 10**self.before - 1}
        return {"anyOf": [text, whole], "x-kind": self.code}


class MomentShape:
    """A local date and time of this century, with or without the distance from UTC."""

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(read_moment)

    def __get_pydantic_json_schema__(
        self, _core: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": MOMENT, "x-kind": "moment"}


class ActShape:
    """The type of an act besides purchases; the description shows those that keys may send."""

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(read_act)

    def __get_pydantic_json_schema__(
        self, _core: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        allowed = [act.code for act in ACT_TYPES.values() if act.from_outside]
        return {"type": "string", "enum": allowed}


def read_act(value: Any) -> str:
    """A registered type; whether a key may send it is the programme's to say."""
    if isinstance(value, str) and value in ACT_TYPES:
        return value
    raise PydanticCustomError("unknown_act", "no such act")


def read_moment(value: Any) -> datetime:
    """An instant with a zone, or a naive one that is meant in the programme's zone."""
    if isinstance(value, str) and re.fullmatch(MOMENT, value):
        try:
            return datetime.fromisoformat(value)
        except ValueError as error:  # 30 February
            raise PydanticCustomError("no_such_moment", "no such day") from error
    raise PydanticCustomError("moment", "no date and time")


Id = Annotated[str, Words(120)]
Name = Annotated[str, Words(120)]
Source = Annotated[str, Words(60)]
Short = Annotated[str, Words(40)]
CityName = Annotated[str, Words(MOST_CITY)]
CardNumber = Annotated[str, Words(64)]
PhoneNumber = Annotated[str, Words(40)]
ActCode = Annotated[str, ActShape()]
Token = Annotated[str, Words(200)]
Money = Annotated[Decimal, Number(11, 3, "money")]
Price = Annotated[Decimal, Number(11, 6, "price")]
Quantity = Annotated[Decimal, Number(6, 3, "quantity", whole=True)]
Moment = Annotated[datetime, MomentShape()]
