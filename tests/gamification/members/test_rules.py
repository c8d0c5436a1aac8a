"""Phones, e-mails, names and cities in the one shape that rows keep."""

import pytest

from gamification.members.rules import (
    MOST_CITY,
    city_key,
    clean_city,
    clean_name,
    normalise_email,
    normalise_phone,
    region_of,
)
from gamification.members.tables import Member


@pytest.mark.parametrize(
    "text",
    [
        "+7 912 345-67-89",
        "8 (912) 345 67 89",
        "89123456789",
        "7 912 345 67 89",
        "9123456789",
        "+79123456789",
    ],
)
def test_one_phone_has_one_shape(text: str) -> None:
    assert normalise_phone(text) == "+79123456789"


def test_a_phone_is_read_as_its_country_writes_it() -> None:
    assert normalise_phone("020 7946 0958", region_of("GBP")) == "+442079460958"
    assert normalise_phone("+44 20 7946 0958", "RU") == "+442079460958"
    assert region_of("XXX") == "RU"


@pytest.mark.parametrize(
    "text", ["", "phone", "12", "+7", "9" * 30, "+7912345678901234", "8-800-FLOWERS!"]
)
def test_what_is_no_phone(text: str) -> None:
    assert normalise_phone(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Anna@Example.ORG ", "anna@example.org"),
        ("анна@пример.рф", "анна@xn--e1afmkfd.xn--p1ai"),
        ("a+tag@b.co", "a+tag@b.co"),
    ],
)
def test_one_address_has_one_shape(text: str, address: str) -> None:
    assert normalise_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "@example.org",
        "anna@",
        "anna@example",
        "a b@example.org",
        "a@b@c.org",
        "a..b@c.org",
        ".a@c.org",
        "a@-c.org",
        "a@c..org",
        "a\n@c.org",
        "x" * 65 + "@c.org",
        "a@" + "c" * 250 + ".org",
        "a@b.org\r\nBcc: c@d.org",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert normalise_email(text) is None


def test_a_name_loses_what_cannot_be_seen() -> None:
    assert clean_name("  Анна \u202e\x00 Седова\n") == "Анна Седова"
    assert len(clean_name("я" * 300)) == 200


@pytest.mark.parametrize(
    ("typed", "shown", "key"),
    [
        ("  Нижний   Новгород ", "Нижний Новгород", "нижний новгород"),
        ("ОРЁЛ", "ОРЁЛ", "орел"),
        ("Оре\u0308л", "Орёл", "орел"),
        ("г. Казань", "г. Казань", "казань"),
        ("Г.Казань", "Г.Казань", "казань"),
        ("г Казань", "г Казань", "казань"),
        ("город Казань", "город Казань", "казань"),
        ("Городец", "Городец", "городец"),
        ("Грозный", "Грозный", "грозный"),
        ("город", "город", "город"),
        ("г.", "г.", "г."),
        ("Saint\u200b\tHELENS", "Saint HELENS", "saint helens"),
        ("Straße", "Straße", "strasse"),
        ("Н. Новгород", "Н. Новгород", "н. новгород"),
    ],
)
def test_a_city_reads_as_it_was_typed_and_compares_by_its_key(
    typed: str, shown: str, key: str
) -> None:
    assert clean_city(typed) == shown
    assert city_key(shown) == key


@pytest.mark.parametrize("typed", ["", "  ", "—", "...", "\u200b\u2060"])
def test_what_shows_nothing_is_no_city(typed: str) -> None:
    assert clean_city(typed) == ""


@pytest.mark.parametrize("letter", ["ß", "ΐ", "İ", "Ё"])
def test_the_key_of_the_longest_city_fits_its_column(letter: str) -> None:
    length = Member.__table__.c.city_key.type.length  # type: ignore[attr-defined]

    assert len(city_key(clean_city(letter * MOST_CITY))) <= length
