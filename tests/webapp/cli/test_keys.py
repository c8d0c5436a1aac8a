"""`laurel keys` on the terminal: a key that it prints opens the API."""

import json
import re
from pathlib import Path

import pytest

from tests.webapp.api.till import Till, add_member, open_programme
from tests.webapp.shopfront import Now, Shop
from webapp.app import create_app
from webapp.cli import main
from webapp.cli.embedded import make_embedded
from webapp.settings import Settings, read_settings


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation of its own in an empty folder."""
    for name, value in {"DATA": str(tmp_path), "DATABASE_URL": "", "LOG_LEVEL": "error"}.items():
        monkeypatch.setenv(f"LAUREL_{name}", value)
    settings = read_settings()
    make_embedded(settings)
    return settings


def till_with(settings: Settings, key: str) -> Till:
    shop = Shop(create_app(settings), Now(settings.data / "now"))
    return Till(shop, shop.app.test_client(), key)


def listed(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    capsys.readouterr()
    assert main(["keys", "list", "--json"]) == 0
    return [(line["name"], line["state"]) for line in json.loads(capsys.readouterr().out)]


ADD = ["keys", "add", "--name", "till-1", "--scope", "members:read"]


def test_the_printed_key_opens_the_api(place: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ADD) == 0
    printed = capsys.readouterr()

    till = till_with(place, printed.out.strip())
    with till.shop.worlds.open() as world:
        open_programme(world)
        add_member(world, card="1")

    assert till.get("/members", {"card": "1"}).status_code == 200
    assert printed.out.count("\n") == 1
    assert "till-1" in printed.err


def test_a_key_is_rotated_listed_and_revoked(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    main(ADD)
    main(["keys", "rotate", "till-1", "--hours", "0"])

    assert listed(capsys) == [("till-1", "revoked"), ("till-1", "works")]
    assert main(["keys", "revoke", "till-1"]) == 0
    assert listed(capsys) == [("till-1", "revoked"), ("till-1", "revoked")]


def test_a_rotated_key_that_works_on_is_named_with_its_end(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    main(ADD)
    capsys.readouterr()

    main(["keys", "rotate", "till-1"])
    printed = capsys.readouterr()
    main(["keys", "list"])
    lines = capsys.readouterr().out.splitlines()
    found = re.search(r"old key (\w+) works on until (\S+)\.", printed.err)

    assert found is not None, printed.err
    assert printed.out.count("\n") == 1
    assert [line.endswith(f"until {found[2]}") for line in lines if found[1] in line] == [True]
    assert sum("until" in line for line in lines) == 1
    assert main(["keys", "revoke", found[1]]) == 0
    assert listed(capsys) == [("till-1", "revoked"), ("till-1", "works")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (ADD, "key_exists"),
        (["keys", "add", "--name", "a b", "--scope", "members:read"], "bad_key_plan"),
        (["keys", "add", "--name", "b", "--scope", "everything"], "everything"),
        (["keys", "add", "--name", "b"], "--scope"),
        (["keys", "add", "--name", "b", "--scope", "members:read", "--days", "0"], "--days"),
        (["keys", "rotate", "till-9"], "no_such_key"),
        (["keys", "rotate", "till-1", "--hours", "-1"], "--hours"),
        (["keys", "revoke", "till-9"], "no_such_key"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    place: Settings, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    main(ADD)
    capsys.readouterr()

    code = main(words)

    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert said in printed.err
    assert printed.err.count("\n") == 1
