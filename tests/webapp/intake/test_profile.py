"""Profiles are checked before a file is touched."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from tests.webapp.intake.running import SALES
from webapp.intake.faults import BadFile
from webapp.intake.member_profile import MemberProfile
from webapp.intake.profile import (
    Profile,
    example_profile,
    load_profile,
    parse_profile,
    shipped_profiles,
)


def test_every_shipped_profile_loads() -> None:
    assert shipped_profiles() == ("complete_journey", "online_retail", "x5_retailhero")

    loaded = [load_profile(name) for name in shipped_profiles()]

    assert [profile.currency for profile in loaded] == ["USD", "GBP", "RUB"]


def test_a_profile_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SALES)

    assert load_profile(str(path)).source == "shop"


KEY = re.compile(r"(# )?(\[?)([\w.]+)(?:\]| = .+)")


MEANINGLESS = {
    "purchases": set[str](),
    "members": {
        "file.object",
        "file.receipts",
        "file.lines",
        "customer.missing",
        "customer.cards",
    },
}
"""Keys that a file of receipts alone has a use for."""


def keys_of(model: type[BaseModel], table: str = "") -> set[str]:
    """Every key of a profile that says something, with its table."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        parts = [field.annotation, *get_args(field.annotation)]
        inner = [x for x in parts if isinstance(x, type) and issubclass(x, BaseModel)]
        found |= keys_of(inner[0], f"{table}{name}.") if inner else {f"{table}{name}"}
    return found


@pytest.mark.parametrize(("name", "model"), [("purchases", Profile), ("members", MemberProfile)])
def test_the_example_explains_every_key_and_says_what_holds(
    name: str, model: type[BaseModel]
) -> None:
    text = example_profile(name)
    told, every, table = set(), [], ""
    for line in text.splitlines():
        if (match := KEY.fullmatch(line)) is None:
            every.append(line)
            continue
        table = f"{match[3]}." if match[2] else table
        told |= set() if match[2] else {table + match[3]}
        every.append(line if match[3] in ("amount", "total") else line.removeprefix("# "))

    free = {"discounts.coupon": "discounts", "consents.marketing": "consents"}
    told = {free.get(key, key) for key in told}
    told = {key.replace("consents.marketing.", "consents.") for key in told}
    assert told == keys_of(model) - MEANINGLESS[name]
    small = model.model_validate(tomllib.loads(text))
    whole = model.model_validate(tomllib.loads("\n".join(every)))
    assert whole.model_fields_set == set(model.model_fields)
    for part in ("customer", "paid", "rounding", "yes", "no", "noon"):
        if part in model.model_fields:
            assert getattr(whole, part) == getattr(small, part), part


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("currency =", "curency ="), "curency"),
        (('currency = "RUB"', 'currency = "rub"'), "currency"),
        (("Europe/Moscow", "Europe/Atlantis"), "zone"),
        (('price = "price"', ""), "columns"),
        (('price = "price"', 'price = "p"\namount = "a"'), "columns"),
        (('quantity = "n"', ""), "columns"),
        (('at = "at"', "at = 0"), "columns.at"),
        (('at = "at"', "at = []"), "columns.at"),
        (('at = "at"', 'at = "at"\nnames = ["a", "b"]'), "columns"),
    ],
)
def test_a_wrong_key_is_named(change: tuple[str, str], key: str) -> None:
    assert change[0] in SALES

    with pytest.raises(BadFile) as refused:
        parse_profile(SALES.replace(*change), "mine.toml")

    assert refused.value.code == "bad_profile"
    assert str(refused.value.values["key"]).startswith(key)


def test_what_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"name = '\xff'")
    for name, code in (
        ("unknown", "no_profile"),
        ("missing.toml", "unreadable_profile"),
        (str(tmp_path / "latin.toml"), "unreadable_profile"),
    ):
        with pytest.raises(BadFile) as refused:
            load_profile(name)
        assert refused.value.code == code
    with pytest.raises(BadFile) as refused:
        parse_profile("name = ", "mine.toml")
    assert refused.value.code == "profile_not_toml"


@pytest.mark.parametrize(
    ("change", "key", "why"),
    [
        (('sku = "sku"', "sku = -3.5"), "columns.sku", "column"),
        (('doc"', 'doc"\nstore = {}'), "columns.store", "column"),
        (('document = "doc"', "document = {}"), "columns.document", "column"),
        (('document = "doc"', "document = []"), "columns.document", "column"),
        (("[kinds]", "[discounts]\nx = []\n[kinds]"), "discounts.x", "column"),
        (("[columns]", '[file]\nheader = "maybe"\n[columns]'), "file.header", "yes_no"),
        (("[columns]", '[file]\nobject = "a"\n[columns]'), "file.object", "whole"),
        (("[columns]", 'noon = "x"\n[columns]'), "noon", "time"),
        (("[columns]", "file = 3\n[columns]"), "file", "table"),
        (("[columns]", "date_formats = [1]\n[columns]"), "date_formats", "text"),
    ],
)
def test_a_value_of_a_wrong_kind_is_told_by_its_key_and_what_it_should_be(
    change: tuple[str, str], key: str, why: str
) -> None:
    assert change[0] in SALES

    with pytest.raises(BadFile) as refused:
        parse_profile(SALES.replace(*change), "mine.toml")

    assert (refused.value.values["key"], refused.value.values["why"]) == (key, why)
