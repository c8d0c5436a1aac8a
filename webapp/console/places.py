"""Currencies to choose from, in the reader's language."""

from babel import Locale
from babel.numbers import get_currency_name
from flask import request

from webapp.words.formats import SIGNS, locale

CURRENCIES = (
    "RUB", "KZT", "BYN", "UAH", "UZS", "AMD", "GEL", "KGS", "AZN", "TRY", "USD", "EUR", "GBP",
    "PLN", "CZK", "RSD", "CHF", "SEK", "NOK", "DKK", "ILS", "AED", "CNY", "JPY", "KRW", "INR",
    "IDR", "THB", "VND", "BRL", "MXN", "CAD", "AUD", "NZD",
)  # fmt: skip


def currency_choices() -> list[tuple[str, str]]:
    """Codes with «₽ российский рубль»."""
    where = locale()
    return [(code, _currency_label(code, where)) for code in CURRENCIES]


def _currency_label(code: str, where: Locale) -> str:
    name = get_currency_name(code, locale=where)
    return f"{SIGNS.get(code, code)} {name}"


def row_number(name: str) -> int:
    """A row's number from the address; 0 where there is none that a row can have."""
    text = request.args.get(name, "")
    is_id = len(text) < 20 and text.isascii() and text.isdigit()
    return int(text) if is_id and int(text) < 2**63 else 0
