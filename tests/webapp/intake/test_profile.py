"""Profiles are checked before a file is touched."""

from pathlib import Path

import pytest

from tests.webapp.intake.running import SALES
from webapp.intake.faults import BadFile
from webapp.intake.profile import load_profile, parse_profile, shipped_profiles


def test_every_shipped_profile_loads() -> None:
    assert shipped_profiles() == ("complete_journey", "online_retail", "x5_retailhero")

    loaded = [load_profile(name) for name in shipped_profiles()]

    assert [profile.currency for profile in loaded] == ["USD", "GBP", "RUB"]


def test_a_profile_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SALES)

    assert load_profile(str(path)).source == "shop"


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
