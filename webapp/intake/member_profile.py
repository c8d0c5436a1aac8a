"""How a file of members is to be read: a TOML profile, or headers that speak for themselves."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from webapp.intake.faults import BadFile
from webapp.intake.profile import (
    Column,
    Columns,
    Customer,
    FileShape,
    Part,
    Word,
    Words,
)
from webapp.intake.profile_faults import profile_fault
from webapp.intake.rows import header_key
from webapp.intake.tabular import Cells, Placed, table_rows

COMMA = re.compile(r"[\d\s\u00a0]+,\d{1,2}")
YES = ("yes", "y", "true", "1", "да", "д", "+", "истина")
NO = ("no", "n", "false", "0", "нет", "н", "-", "ложь")


Purpose = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class MemberColumns(Part):
    """Where each thing stands; only `external_id` is always needed.

    Several columns of `name` are joined by a space. A cell of `cards` may hold
    several numbers, parted by commas, semicolons, bars or spaces.
    """

    external_id: Column
    name: Columns | None = None
    phone: Column | None = None
    email: Column | None = None
    cards: Columns | None = None
    birthday: Column | None = None
    city: Column | None = None
    joined: Column | None = None
    balance: Column | None = None
    balance_from: Column | None = None
    balance_until: Column | None = None


class ConsentColumns(Part):
    """A consent: its answer, when it was given, and which text was shown."""

    column: Column
    at: Column | None = None
    text_version: Annotated[str, StringConstraints(min_length=1, max_length=60)] = "import"


class MemberProfile(Part):
    """Everything about one kind of file of members.

    `zone` is that of its dates, the programme's own when left out; `region` the
    country of phones without a country code, by the currency when left out.
    Balances with parts of a point are rounded as `rounding` says.
    """

    name: Word = "members"
    zone: str | None = None
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    date_formats: Words = ()
    rounding: Literal["down", "half_up", "up"] = "down"
    file: FileShape = FileShape()
    columns: MemberColumns
    customer: Customer = Customer()
    consents: dict[Purpose, ConsentColumns] = Field(default_factory=dict)
    yes: Annotated[tuple[Word, ...], Field(min_length=1), BeforeValidator(tuple)] = YES
    no: Annotated[tuple[Word, ...], BeforeValidator(tuple)] = NO


# The first that a header has is taken. Russian and English, as shops' exports call them.
SPOKEN: dict[str, tuple[str, ...]] = {
    "external_id": (
        "external_id", "external id", "customer_id", "customer id", "customerid", "client_id",
        "member_id", "id", "код клиента", "id клиента", "код покупателя", "код", "клиент",
    ),
    "name": ("name", "full name", "имя", "фио", "ф.и.о.", "имя клиента"),
    "phone": ("phone", "phone number", "mobile", "телефон", "моб. телефон", "номер телефона"),
    "email": ("email", "e-mail", "mail", "почта", "эл. почта", "электронная почта"),
    "cards": ("cards", "card", "card number", "карта", "номер карты", "карты", "дисконтная карта"),
    "birthday": ("birthday", "birth date", "date of birth", "дата рождения", "день рождения"),
    "city": (
        "city", "town", "city name", "home city", "город", "город проживания", "город клиента",
        "населенный пункт", "населённый пункт",
    ),
    "joined": ("joined", "registered", "created", "дата регистрации", "дата создания"),
    "balance": ("balance", "points", "opening balance", "баланс", "баллы", "бонусы", "остаток"),
    "balance_from": ("balance_from", "balance date", "дата остатка"),
    "balance_until": (
        "balance_until", "expires", "points expire", "сгорают", "баллы до", "срок баллов",
    ),
}  # fmt: skip
SPOKEN_CONSENTS: dict[str, tuple[str, ...]] = {
    "marketing": ("consent_marketing", "marketing", "согласие на рассылку", "рассылка"),
    "programme": ("consent_programme", "согласие", "согласие на обработку"),
}


def load_member_profile(name: str) -> MemberProfile:
    """A profile from a TOML file.

    Raises:
        BadFile: it cannot be read, or says something that cannot be.
    """
    path = Path(name)
    try:
        return MemberProfile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise BadFile("profile_not_toml", name=name, why=str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile("unreadable_profile", name=name) from error
    except ValidationError as error:
        raise profile_fault(error, name, MemberProfile) from error


def recognised_members(path: Path) -> MemberProfile:
    """The profile of a file whose headers are called as people call them.

    Raises:
        BadFile: no column says whose a row is.
    """
    rows = table_rows(path, FileShape())
    first = next(rows, None)
    if first is None or first[1] is None:
        raise BadFile("empty_file", file=str(path))
    header = {header_key(cell): cell for cell in reversed(first[1])}
    found: dict[str, object] = {
        part: header[word]
        for part, words in SPOKEN.items()
        if (word := next((word for word in words if word in header), None))
    }
    if "external_id" not in found:
        known = ", ".join(cell.strip() for cell in first[1])
        raise BadFile("no_column", file=str(path), column="external_id", known=known)
    consents = {
        purpose: {"column": header[word]}
        for purpose, words in SPOKEN_CONSENTS.items()
        if (word := next((word for word in words if word in header), None))
    }
    shape = {"decimal": _decimal_mark(rows, first[1], found.get("balance"))}
    return MemberProfile.model_validate({"file": shape, "columns": found, "consents": consents})


def _decimal_mark(rows: Iterator[Placed], header: Cells, column: object) -> str:
    """A comma, when one of the balances has one before its last digits; else a point."""
    if column is None:
        return "."
    place = header.index(str(column))
    balances = (cells[place] for _, cells in rows if cells is not None and len(cells) > place)
    return "," if any(COMMA.fullmatch(text.strip()) for text in balances) else "."
