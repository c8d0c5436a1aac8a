"""Numbers, money and dates as the reader writes them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from gamification.points import minor_digits
from gamification.readmodels.views import Named
from webapp.tier_names import SHIPPED
from webapp.tongue import ngettext, reader

MINUS, HARD_SPACE = "\u2212", "\u00a0"
SIGNS = {"RUB": "₽", "KZT": "₸", "UAH": "₴", "USD": "$", "EUR": "€", "GBP": "£", "BYN": "Br"}


def locale() -> Locale:
    """The reader's locale; English where nobody reads yet."""
    return reader()


def number_in(value: int | Decimal, where: Locale) -> str:
    """A number as it is written in a place."""
    if value == (whole := int(value)):
        return whole_in(whole, where.language)
    return part_in(Decimal(value), where.language)


@lru_cache(maxsize=8192)
def part_in(value: Decimal, language: str) -> str:
    """A number with a fraction as it is written in a language."""
    text = format_decimal(abs(value), locale=language, format="#,##0.###")
    return f"{MINUS}{text}" if value < 0 else str(text)


def whole_in(value: int, language: str) -> str:
    """A whole number in threes, as Russian and English write it."""
    if -1000 < value < 1000:
        return f"{MINUS}{-value}" if value < 0 else str(value)
    text = f"{abs(value):,}".replace(",", separators(language)[0])
    return f"{MINUS}{text}" if value < 0 else text


@lru_cache(maxsize=64)
def separators(language: str) -> tuple[str, str]:
    """What stands between thousands, and before a fraction."""
    symbols = Locale(language).number_symbols["latn"]
    return str(symbols["group"]), str(symbols["decimal"])


def number(value: int | Decimal) -> str:
    """12345 as «12 345» or "12,345"; a true minus before a negative one."""
    return number_in(value, reader())


def signed(value: int | Decimal) -> str:
    """A change: +134, −290, 0."""
    return f"+{number(value)}" if value > 0 else number(value)


def points(value: int) -> str:
    """«2 480 баллов»."""
    return str(ngettext("%(n)s point", "%(n)s points", abs(value), n=number(value))).replace(
        " ", HARD_SPACE
    )


def signed_points(value: int) -> str:
    """«+150 баллов»."""
    return ("+" if value > 0 else "") + points(value)


def money(minor: int, currency: str) -> str:
    """«1 200 ₽»; kopecks only where there are some."""
    return money_in(minor, currency, reader())


def money_in(minor: int, currency: str, where: Locale) -> str:
    """Money as it is written in a place."""
    before, after, digits = signs_around(currency, where.language)
    whole, rest = divmod(abs(minor), 10**digits)
    fraction = f"{separators(where.language)[1]}{rest:0{digits}d}" if rest else ""
    text = f"{before}{whole_in(whole, where.language)}{fraction}{after}"
    return f"{MINUS}{text}" if minor < 0 else text


@lru_cache(maxsize=256)
def signs_around(currency: str, language: str) -> tuple[str, str, int]:
    """What stands before and after an amount of this currency, and its digits after the point."""
    where = Locale(language)
    pattern = where.currency_formats["standard"]
    text = pattern.apply(1, where, currency=currency, currency_digits=False)
    sign = SIGNS.get(currency, f"{currency}{HARD_SPACE}" if text[0].isalpha() else currency)
    text = text.replace(f"{currency}{HARD_SPACE}", currency).replace(currency, sign)
    number_inside = re.search(r"[\d.,]+", text)
    assert number_inside is not None, "a pattern of money holds its amount"
    return text[: number_inside.start()], text[number_inside.end() :], minor_digits(currency)


def currency_sign(currency: str) -> str:
    """The short sign of a currency."""
    return SIGNS.get(currency, currency)


def percent(basis_points: int) -> str:
    """700 as «7 %» or "7%"."""
    return percent_in(basis_points, reader().language)


@lru_cache(maxsize=4096)
def percent_in(basis_points: int, language: str) -> str:
    """Hundredths of a per cent as they are written in a language."""
    text = number_in(Decimal(basis_points) / 100, Locale(language))
    return f"{text}\u00a0%" if language == "ru" else f"{text}%"


def times(percent_value: int) -> str:
    """200 as «2», 150 as «1,5»."""
    return number(Decimal(percent_value) / 100)


def day(value: date, today: date | None = None) -> str:
    """«25 ноября»; the year follows when it is not this one."""
    pattern = "d MMMM" if today is None or value.year == today.year else "d MMMM y"
    return hard_date(value, pattern, reader().language)


@lru_cache(maxsize=8192)
def date_in(value: date, pattern: str, language: str) -> str:
    """A date as it is written in a language."""
    return str(format_date(value, pattern, locale=language))


@lru_cache(maxsize=8192)
def hard_date(value: date, pattern: str, language: str) -> str:
    """A date that no line breaks."""
    return date_in(value, pattern, language).replace(" ", HARD_SPACE)


def day_year(value: date) -> str:
    """«25 ноября 2026»."""
    return hard_date(value, "d MMMM y", reader().language)


def long_day(value: date) -> str:
    """«Суббота, 22 ноября»."""
    text = date_in(value, "EEEE, d MMMM", reader().language)
    return text[:1].upper() + text[1:]


def month(value: date) -> str:
    """«Ноябрь», standing alone."""
    text = date_in(value, "LLLL", reader().language)
    return text[:1].upper() + text[1:]


def month_short(value: date) -> str:
    """«нояб», standing alone and without a dot."""
    return date_in(value, "LLL", reader().language).rstrip(".")


def clock(value: datetime) -> str:
    """The time of day, 24 hours."""
    return f"{value:%H:%M}"


def minute(value: int) -> str:
    """Minutes after midnight as a time of day."""
    return f"{value // 60:02d}:{value % 60:02d}"


def named(value: Named) -> str:
    """A name in the reader's language, else in any, else the shipped one, else its code."""
    names = value.names or SHIPPED.get(value.code, {})
    return names.get(locale().language) or next(iter(names.values()), value.code)


def grouped(text: str) -> str:
    """A card number in groups of four."""
    return HARD_SPACE.join(text[i : i + 4] for i in range(0, len(text), 4))


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "signed": signed,
    "points": points,
    "signed_points": signed_points,
    "money": money,
    "currency_sign": currency_sign,
    "percent": percent,
    "times": times,
    "day": day,
    "day_year": day_year,
    "long_day": long_day,
    "month": month,
    "month_short": month_short,
    "clock": clock,
    "minute": minute,
    "named": named,
    "grouped": grouped,
}
