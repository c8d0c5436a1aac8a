"""Contacts and names in the one shape that rows keep."""

import re
import unicodedata
from calendar import isleap
from datetime import date, datetime, timedelta
from functools import lru_cache

import phonenumbers

REGIONS = {
    "RUB": "RU", "KZT": "KZ", "BYN": "BY", "UAH": "UA", "UZS": "UZ", "AMD": "AM", "GEL": "GE",
    "KGS": "KG", "AZN": "AZ", "TRY": "TR", "PLN": "PL", "CZK": "CZ", "USD": "US", "GBP": "GB",
    "EUR": "DE", "INR": "IN", "BRL": "BR", "JPY": "JP", "CNY": "CN",
}  # fmt: skip
PHONE_SIGNS = re.compile(r"[\d\s()+./–—‑-]{3,40}")
LOCAL_PART = re.compile(r"[^\s@\"(),:;<>\[\]\\\x00-\x1f\x7f]{1,64}")
ZONE_REST = timedelta(days=30)
"""A zone stays for so long: days in a row must not be won by travelling on paper."""
MOST_CITY = 80
"""Letters of a city at most, as a person reads it."""
CITY_SORT = re.compile(r"^(?:\u0433[. ]|\u0433\u043e\u0440\u043e\u0434 ) ?(?=[^. ])")
"""The Russian word for a city, or its short form, before the name of one."""
YO_AS_YE = {0x451: 0x435}
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def region_of(currency: str) -> str:
    """The country whose phone numbers may be written without a country code."""
    return REGIONS.get(currency, "RU")


@lru_cache(maxsize=4096)
def normalise_phone(text: str, region: str = "RU") -> str | None:
    """A phone number as +79123456789 (E.164); None when it cannot be one.

    Args:
        region: the country of numbers written without a country code.
    """
    if not PHONE_SIGNS.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_email(text: str) -> str | None:
    """An e-mail address in small letters with an ASCII domain; None when it cannot be one."""
    local, at, domain = text.strip().rpartition("@")
    if not at or len(text) > 254 or not LOCAL_PART.fullmatch(local):
        return None
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return None
    try:
        plain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = plain.split(".")
    if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels):
        return None
    address = f"{local.lower()}@{plain}"
    return address if len(address) <= 254 else None


def clean_name(text: str) -> str:
    """A name without invisible letters and doubled spaces, at most 200 characters.

    A name that shows nothing is no name.
    """
    return _shown(_tidy(text)[:200].rstrip())


def clean_city(text: str) -> str:
    """A city as people read it: without invisible letters and doubled spaces.

    It may be longer than MOST_CITY: whoever keeps it refuses that. One that shows nothing
    is no city.
    """
    return _shown(_tidy(unicodedata.normalize("NFC", text)))


def city_key(city: str) -> str:
    """What a cleaned city is compared by: capitals, the Russian yo and "city of" do not matter.

    At most three letters for each of the city. Nothing else is guessed: another spelling is
    another city.
    """
    return CITY_SORT.sub("", city.casefold().translate(YO_AS_YE))


def _tidy(text: str) -> str:
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(x for x in seen if unicodedata.category(x) != "Cf").split())


def _shown(text: str) -> str:
    return text if any(letter.isalnum() for letter in text) else ""


def birthday_in(born: date, year: int) -> date:
    """The birthday of a year: whoever was born on 29 February celebrates on the 28th otherwise."""
    if (born.month, born.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return born.replace(year=year)


def next_zone_change(changed_at: datetime | None) -> datetime | None:
    """From when on a zone may be changed again; None: it was never chosen."""
    return None if changed_at is None else changed_at + ZONE_REST
