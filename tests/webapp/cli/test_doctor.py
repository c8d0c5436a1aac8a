"""The doctor says what is wrong, and how to mend it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.webapp.cli.conftest import Said
from webapp.cli.embedded import make_embedded
from webapp.secret import find_secret
from webapp.settings import read_settings

Laurel = Callable[..., Said]


def findings(laurel: Laurel) -> tuple[int, dict[str, tuple[str, str]]]:
    said = laurel("doctor", "--json")
    return said.code, {one["what"]: (one["state"], one["said"]) for one in json.loads(said.out)}


@pytest.fixture
def installed(home: Path) -> Path:
    settings = read_settings()
    make_embedded(settings)
    find_secret(settings)
    return home


def test_an_empty_folder_is_no_illness(laurel: Laurel) -> None:
    code, found = findings(laurel)

    assert code == 0
    assert found["database"][0] == "warn"


def test_a_fresh_installation_is_well(laurel: Laurel, installed: Path) -> None:
    code, found = findings(laurel)

    assert code == 0
    assert {name: state for name, (state, _) in found.items() if state == "bad"} == {}
    assert found["schema"][0] == found["app"][0] == "ok"


def test_a_key_that_others_can_read(laurel: Laurel, installed: Path) -> None:
    (installed / "laurel-data" / "secret-key").chmod(0o644)

    code, found = findings(laurel)

    assert code == 1
    assert "chmod 600" in found["secret"][1]


def test_a_real_shop_without_address_key_and_with_debug(
    laurel: Laurel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUREL_DEMO", "0")
    code, found = findings(laurel)
    monkeypatch.setenv("FLASK_DEBUG", "1")
    _, debugging = findings(laurel)

    assert code == 1
    assert "LAUREL_PUBLIC_URL" in found["mode"][1]
    assert "LAUREL_SECRET_KEY" in found["secret"][1]
    assert "debug" in debugging["mode"][1]


def test_a_database_that_does_not_answer(laurel: Laurel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")

    code, found = findings(laurel)

    assert code == 1
    assert "cannot be reached" in found["database"][1]


def test_the_doctor_writes_nothing(laurel: Laurel, home: Path) -> None:
    laurel("doctor")

    assert list(home.iterdir()) == []
