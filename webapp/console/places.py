"""Currencies to choose from, in the reader's language."""

from babel import Locale
from babel.numbers import get_currency_name
from flask import request

from gamification.points import minor_digits
from webapp.words.formats import SIGNS, locale

CURRENCIES = (
    "RUB", "KZT", "BYN", "UAH", "UZS", "AMD", "GEL", "KGS", "AZN", "TRY", "USD", "EUR", "GBP",
    "PLN", "CZK", "RSD", "CHF", "SEK", "NOK", "DKK", "ILS", "AED", "CNY", "JPY", "KRW", "INR",
    "IDR", "THB", "VND", "BRL", "MXN", "CAD", "AUD", "NZD",
)  # fmt: skip
SMALL_STEPS = {
    "RUB": 1, "KZT": 5, "UZS": 150, "AMD": 4, "JPY": 2, "KRW": 15, "INR": 1, "IDR": 200,
    "VND": 300, "THB": 0.4, "UAH": 0.5, "KGS": 1, "CZK": 0.25, "RSD": 1, "TRY": 0.4,
}  # fmt: skip
HARD = 0.02
"""How far a rouble's threshold goes in a currency that is not listed, such as the euro."""


def currency_choices() -> list[tuple[str, str]]:
    """Codes with «₽ российский рубль»."""
    where = locale()
    return [(code, _currency_label(code, where)) for code in CURRENCIES]


def _currency_label(code: str, where: Locale) -> str:
    name = get_currency_name(code, locale=where)
    return f"{SIGNS.get(code, code)} {name}"


def usual_worth(currency: str) -> int:
    """What a point is worth in most shops, in minor units: 1 rouble, 1 cent."""
    return 10 ** minor_digits(currency) if currency in SMALL_STEPS else 1


def threshold_in(roubles: int, currency: str) -> int:
    """A template's threshold in another currency, as a round number of whole units."""
    wanted = round(roubles * SMALL_STEPS.get(currency, HARD))
    digits = max(len(str(wanted)) - 2, 0)
    return round(wanted, -digits)


def row_number(name: str) -> int:
    """A row's number from the address; 0 where there is none that a row can have."""
    text = request.args.get(name, "")
    is_id = len(text) < 20 and text.isascii() and text.isdigit()
    return int(text) if is_id and int(text) < 2**63 else 0
