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


def test_somebody_who_left_is_let_in_no_more(
    laurel: Laurel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role, email in (("owner", "ira@example.org"), ("cashier", "kat@example.org")):
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
        laurel("accounts", "add", "--role", role, "--email", email, "--password-stdin")
    app = create_app(read_settings())
    inside, outside = Browser(app.test_client()), Browser(app.test_client())
    sign_in = {"email": "kat@example.org", "password": PASSWORD}
    inside.send("/staff/sign-in", **sign_in)
    before = inside.get("/staff/find").status_code

    said = laurel("accounts", "close", "Kat@Example.org")

    assert (said.code, said.out) == (0, "Closed kat@example.org; signed out of 1 browser.\n")
    assert (before, inside.get("/staff/find").status_code) == (200, 303)
    assert outside.send("/staff/sign-in", **sign_in).status_code == 422
    assert "kat@example.org  (closed)" in laurel("accounts", "list").out
    assert laurel("accounts", "open", "kat@example.org").code == 0
    assert outside.send("/staff/sign-in", **sign_in).status_code == 303
    app.extensions["laurel"].engine.dispose()


def test_the_last_owner_is_not_shut_out(laurel: Laurel) -> None:
    laurel("accounts", "add", "--role", "owner", "--email", "ira@example.org")

    last = laurel("accounts", "close", "ira@example.org")
    nobody = laurel("accounts", "close", "nobody@example.org")

    assert (last.code, "last_owner" in last.err, last.err.count("\n")) == (2, True, 1)
    assert (nobody.code, "unknown_account" in nobody.err) == (2, True)
