"""Phones, e-mails and names in the one shape that rows keep."""

import pytest

from gamification.members.rules import clean_name, normalise_email, normalise_phone, region_of


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
