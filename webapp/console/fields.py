"""Fields of the owner's forms, read and judged one by one: a value, or what is wrong with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from babel.numbers import get_decimal_symbol
from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from gamification.points import minor_digits, to_decimal, to_minor
from webapp.brand.logo import keep_logo
from webapp.brand.pictures import LARGEST_BYTES, BadPicture, read_picture
from webapp.contrast import brand_of
from webapp.words.formats import locale, money
from webapp.words.refusals import refusal_text
from webapp.world import run_world

HOUSE_COLOUR = "#0A6B45"
LONGEST_NAME = 80


@dataclass(slots=True)
class Form:
    """What was typed, and the sentences beside the fields that cannot be taken."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def posted(cls, *names: str) -> "Form":
        """The fields of this request; a missing one is empty."""
        return cls({name: request.form.get(name, "").strip()[:200] for name in names})

    def remember(self) -> "Form":
        """Let the page carry what it shows: `follow` asks for it when the form comes back."""
        self.values["seen"] = json.dumps(self.values)
        return self

    def follow(self, now: Mapping[str, str]) -> None:
        """What was left as it was seen becomes what holds by now, as somebody else saved it."""
        follow(self.values, now)

    def refuse(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field; the first sentence stays."""
        self.errors.setdefault(name, sentence)

    def name(self) -> str:
        """The shop's name."""
        text = " ".join(self.values["name"].split())
        if not text:
            self.refuse("name", _("Give the shop a name."))
        elif len(text) > LONGEST_NAME:
            self.refuse("name", _("The name may have up to %(most)s letters.", most=LONGEST_NAME))
        return text

    def colour(self) -> str | None:
        """The brand's colour as #RRGGBB; None for the house colour or an empty field."""
        text = self.values["colour"]
        if not text:
            return None
        brand = brand_of(text)
        if brand is None:
            self.refuse("colour", _("Write a colour like #0A6B45."))
            return None
        return None if brand.given == HOUSE_COLOUR else brand.given

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number within bounds."""
        text = self.values[name]
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        self.refuse(name, _("Write a whole number from %(least)s to %(most)s.",
                            least=least, most=most))  # fmt: skip
        return least

    def money(self, name: str, currency: str, most: int) -> int:
        """Money above zero in minor units, exact to the last of them."""
        found = number_of(self.values[name])
        largest = to_decimal(most, currency)
        if found is not None and found > largest:
            self.refuse(name, _("The sum may be up to %(most)s.", most=money(most, currency)))
            return 1
        if found is not None and 0 < found == round(found, minor_digits(currency)):
            return to_minor(found, currency)
        self.refuse(name, _("Write a sum above zero, such as 1 or 0,5."))
        return 1


def follow(values: dict[str, str], now: Mapping[str, str]) -> None:
    """Put what holds by now for what was left as it was seen."""
    values["seen"] = request.form.get("seen", "")
    seen = seen_values(values["seen"])
    for name, value in now.items():
        if name in seen and plain(seen[name]) == plain(values.get(name, "")):
            values[name] = value


def plain(text: str) -> str:
    """A text as it is compared, however a browser ends its lines."""
    return text.replace("\r\n", "\n").strip()


def seen_values(text: str) -> dict[str, str]:
    """What a page showed, as its form tells; nothing where it tells something else."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {k: v for k, v in told.items() if isinstance(v, str)} if isinstance(told, dict) else {}


def decimal_of(text: str) -> Decimal | None:
    """A number as people write it, below a million million."""
    found = number_of(text)
    return found if found is not None and abs(found) < Decimal(10) ** 12 else None


def number_of(text: str) -> Decimal | None:
    """A number as people write it: spaces pass, a comma is a point."""
    plain = "".join(text.split()).replace(",", ".")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def money_text(minor: int, currency: str) -> str:
    """Money as it stands in a field: 1 or 0,5."""
    text = f"{to_decimal(minor, currency):f}"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return plain.replace(".", get_decimal_symbol(locale()))


def take_logo(form: Form) -> str | None:
    """Keep the logo that was sent; answers its digest, None when none was sent.

    It is kept even when another field is wrong: nobody wants to choose a file twice.
    """
    sent = request.files.get("logo")
    content = b"" if sent is None else sent_bytes(sent)
    if not content:
        return None
    try:
        picture = read_picture(content)
    except BadPicture as refusal:
        form.refuse("logo", refusal_text(refusal))
        return None
    return run_world(partial(keep_logo, picture=picture))


def sent_bytes(sent: FileStorage) -> bytes:
    """A small file's bytes, and one more than may be when it is larger."""
    return sent.stream.read(LARGEST_BYTES + 1)


def texts(**values: Any) -> dict[str, str]:
    """Values as a form shows them; nothing for None."""
    return {name: "" if value is None else str(value) for name, value in values.items()}
