"""The owner adds people from the terminal."""

import io
import json
from collections.abc import Callable

import pytest

from tests.webapp.cli.conftest import Said
from tests.webapp.shopfront import PASSWORD, Browser
from webapp.app import create_app
from webapp.settings import read_settings

Laurel = Callable[..., Said]


def test_an_owner_with_a_password_can_sign_in(
    laurel: Laurel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))

    said = laurel(
        "accounts", "add", "--role", "owner", "--email", "Ira@Example.org", "--password-stdin"
    )

    assert (said.code, said.out) == (0, "Added ira@example.org as owner.\n")
    app = create_app(read_settings())
    answer = Browser(app.test_client()).send(
        "/staff/sign-in", email="ira@example.org", password=PASSWORD
    )
    assert answer.status_code == 303
    app.extensions["laurel"].engine.dispose()


def test_a_weak_password_adds_nobody(laurel: Laurel, monkeypatch: pytest.MonkeyPatch) -> None:
    laurel("db", "upgrade")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))

    said = laurel(
        "accounts", "add", "--role", "owner", "--email", "i@example.org", "--password-stdin"
    )

    assert said.code == 2
    assert "weak_password" in said.err
    assert json.loads(laurel("accounts", "list", "--json").out) == []


def test_the_same_e_mail_twice_is_refused(laurel: Laurel) -> None:
    words = ("accounts", "add", "--role", "cashier", "--email", "k@example.org", "--name", "Катя")

    first, second = laurel(*words), laurel(*words)

    assert (first.code, second.code) == (0, 2)
    assert "account_exists" in second.err
    assert laurel("accounts", "list").out == "cashier    k@example.org  Катя\n"
