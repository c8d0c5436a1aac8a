"""Codes, passwords, masks and device names."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from webapp.accounts.passwords import NOBODYS_HASH, hash_password, is_outdated, is_password
from webapp.accounts.rules import (
    ACTIVATION_LETTERS,
    counted_address,
    device_name,
    keyed_hash,
    masked_address,
    masked_contact,
    new_activation_code,
    new_code,
    password_fault,
    shown_activation,
    typed_activation,
    typed_code,
)


@pytest.fixture
def quick_passwords() -> None:
    """Here they are hashed as in production."""


def test_codes_can_be_typed_as_they_are_read() -> None:
    assert len(new_code()) == 6
    assert typed_code(" 123-456 ") == "123456"
    assert typed_activation(" abcd efgh") == "ABCDEFGH"
    assert shown_activation("ABCDEFGH") == "ABCD-EFGH"


def test_activation_codes_have_no_letters_that_look_alike() -> None:
    codes = {new_activation_code() for _ in range(500)}

    assert len(codes) == 500
    assert not set("".join(codes)) & set("0O1IL")
    assert len(ACTIVATION_LETTERS) ** 8 > 2**38


def test_the_same_code_leaves_another_hash_under_another_key() -> None:
    assert keyed_hash("k", "a", "b") == keyed_hash("k", "a", "b")
    assert len({keyed_hash("k", "a", "b"), keyed_hash("l", "a", "b"), keyed_hash("k", "ab")}) == 3


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "short"),
        ("x" * 257, "long"),
        ("Password123", "known"),
        ("aaaaaaaaaaab", "known"),
        ("anna.sedova1", "name"),
        ("anna.sedova@example.org", "name"),
        ("a walk along the river", None),
        ("пароль из пяти слов", None),
    ],
)
def test_weak_passwords_are_named(password: str, fault: str | None) -> None:
    assert password_fault(password, known=("anna.sedova@example.org",)) == fault


def test_nobody_has_the_hash_of_nobody_and_it_costs_the_same() -> None:
    assert not is_password(None, "anything at all")
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(PasswordHasher().hash("x"))


def test_a_password_is_recognised_and_a_broken_hash_is_not() -> None:
    stored = hash_password("a walk along the river")

    assert is_password(stored, "a walk along the river")
    assert not is_password(stored, "a walk along the shore")
    assert not is_password("not a hash", "a walk along the river")
    assert not is_outdated(stored)


def test_masks_keep_what_the_owner_needs() -> None:
    assert masked_contact("+79123456789") == "+7 ••• ••• 67 89"
    assert masked_contact("anna@example.org") == "a•••@example.org"
    assert masked_address("203.0.113.77") == "203.0.113.0"
    assert masked_address("2001:db8:1:2::3") == "2001:db8:1::"
    assert masked_address("2001:db8::3") == "2001:db8::"
    assert masked_address("unknown") == ""


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.77", "203.0.113.77"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::5:6:7:8", "2001:db8::/64"),
        ("2001:db8:1::9", "2001:db8:1::/64"),
        ("::ffff:203.0.113.77", "203.0.113.77"),
        ("fe80::1%eth0", "fe80::/64"),
        ("203.0.113.077", "unknown"),
        ("203.0.113", "unknown"),
        ("203.0.113.7\0", "unknown"),
        ("", "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_an_address_is_counted_by_its_household(address: str, counted: str) -> None:
    assert counted_address(address) == counted


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/604",
            "iPhone, Safari",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156 Safari/537 YaBrowser/26", "Windows, Yandex"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140) Gecko Firefox/140", "Linux, Firefox"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_so_that_its_owner_knows_it(agent: str, name: str) -> None:
    assert device_name(agent) == name
