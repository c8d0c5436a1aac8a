"""The environment becomes frozen settings, or a sentence about what is wrong."""

from dataclasses import FrozenInstanceError, fields
from datetime import date
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from webapp.settings import READERS, BadSetting, Settings, read_settings


def test_without_environment_it_is_a_demo_with_an_embedded_database() -> None:
    settings = read_settings({})

    assert settings.demo
    assert settings.embedded
    assert settings.database == "sqlite:///laurel-data/laurel.db"
    assert not settings.https


def test_everything_can_be_said() -> None:
    settings = read_settings(
        {
            "LAUREL_DATA": "/srv/laurel",
            "LAUREL_DEMO": "0",
            "LAUREL_PUBLIC_URL": "https://club.example.org/",
            "LAUREL_HOSTS": "a.example, b.example",
            "LAUREL_PROXIES": "1",
            "LAUREL_AS_OF": "2011-12-09",
            "HOME": "/root",
        }
    )

    assert settings == Settings(
        data=Path("/srv/laurel"),
        demo=False,
        public_url="https://club.example.org",
        hosts=("a.example", "b.example"),
        proxies=1,
        as_of=date(2011, 12, 9),
    )
    assert settings.trusted_hosts == [
        "127.0.0.1",
        "localhost",
        "club.example.org",
        "a.example",
        "b.example",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DEMO", "maybe"),
        ("PROXIES", "-1"),
        ("PROXIES", "99"),
        ("AS_OF", "yesterday"),
        ("PUBLIC_URL", "club.example.org"),
        ("PUBLIC_URL", "ftp://x"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_names_its_variable(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=f"LAUREL_{name}"):
        read_settings({f"LAUREL_{name}": text})


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("postgres://u:p@h/laurel", "postgresql+psycopg://u:p@h/laurel"),
        ("postgresql://h:5433/laurel", "postgresql+psycopg://h:5433/laurel"),
        ("sqlite:////srv/laurel.db", "sqlite:////srv/laurel.db"),
    ],
)
def test_a_database_is_named_as_people_name_it(text: str, address: str) -> None:
    assert read_settings({"LAUREL_DATABASE_URL": text}).database == address


@pytest.mark.parametrize(
    "text", ["nonsense", "mysql://u:pass-word@h/x", "sqlite://", "postgresql://u:pass-word@h"]
)
def test_other_databases_are_refused_without_repeating_the_password(text: str) -> None:
    with pytest.raises(BadSetting, match="LAUREL_DATABASE_URL") as refusal:
        read_settings({"LAUREL_DATABASE_URL": text})

    assert "pass-word" not in str(refusal.value)


def test_a_clock_file_needs_test_mode() -> None:
    with pytest.raises(BadSetting, match="LAUREL_TEST_MODE"):
        read_settings({"LAUREL_CLOCK_FILE": "now"})


def test_settings_are_frozen_and_keep_secrets_out_of_sight() -> None:
    settings = Settings(secret_key="hidden-word", smtp_url="smtp://u:hidden-word@h")

    assert "hidden-word" not in repr(settings)
    with pytest.raises(FrozenInstanceError):
        settings.demo = False  # type: ignore[misc]


def test_a_real_shop_has_secure_cookies_even_before_its_address_is_set() -> None:
    assert Settings(demo=False).https
    assert not Settings(demo=False, test_mode=True).https


def test_every_setting_can_be_read_and_says_what_it_is() -> None:
    source = (ROOT / "webapp" / "settings.py").read_text("utf-8")

    assert {name for name, _ in READERS.values()} == {field.name for field in fields(Settings)}
    assert [name for name in READERS if f'"""LAUREL_{name}: ' not in source] == []
