"""Currencies and time zones to choose from, in the reader's language."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_timezone_location
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


def zone_choices(now: datetime) -> list[tuple[str, str]]:
    """Zone names with «Москва, UTC+3», by the time there, then by name."""
    return list(_zones(str(locale()), now.date().isoformat()))


@lru_cache(maxsize=8)
def _zones(language: str, day: str) -> tuple[tuple[str, str], ...]:
    where, noon = Locale.parse(language), datetime.fromisoformat(f"{day}T12:00:00+00:00")
    best: dict[tuple[timedelta, str], str] = {}
    for name in sorted(known_zones()):
        offset = noon.astimezone(ZoneInfo(name)).utcoffset() or timedelta()
        city = get_timezone_location(ZoneInfo(name), locale=where, return_city=True)
        if (offset, city) not in best or is_of_its_city(name):
            best[offset, city] = name
    return tuple(
        (name, f"{city}, {utc_text(offset)}") for (offset, city), name in sorted(best.items())
    )


def is_of_its_city(name: str) -> bool:
    """Whether a zone is called like the city that stands for it, and not by an older name."""
    city = get_timezone_location(ZoneInfo(name), locale="en", return_city=True)
    return name.rpartition("/")[2].replace("_", " ").casefold() == str(city).casefold()


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Zones of places; the old names without a place are left out, but for UTC."""
    away = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "posix/")
    places = {name for name in available_timezones() if "/" in name and not name.startswith(away)}
    return frozenset({*places, "UTC"})


def utc_text(offset: timedelta) -> str:
    """«UTC+3», «UTC−3:30»."""
    minutes = int(offset.total_seconds() // 60)
    sign, (hours, rest) = "−" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}{f':{rest:02d}' if rest else ''}"


def row_number(name: str) -> int:
    """A row's number from the address; 0 where there is none that a row can have."""
    text = request.args.get(name, "")
    is_id = len(text) < 20 and text.isascii() and text.isdigit()
    return int(text) if is_id and int(text) < 2**63 else 0
