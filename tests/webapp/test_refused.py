"""A no as an answer: for people a page, for programs problem+json, never a traceback."""

import re

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, default_exceptions

from gamification.refusals import NotEnoughPoints
from tests.webapp.shopfront import Shop, text_of
from webapp.access import allow
from webapp.accounts.refusals import TooManyTries
from webapp.refused import no, problem

STATUSES_SHOWN = {400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 422, 429, 500, 503}


def raising(app: Flask, error: Exception, path: str = "/raise") -> None:
    """A page that fails in this way."""

    @allow("anonymous")
    def fail() -> str:
        raise error

    app._got_first_request = False
    app.add_url_rule(path, path, fail)


def test_a_refusal_is_a_page_with_its_sentence(shop: Shop) -> None:
    raising(shop.app, NotEnoughPoints(wanted=500, has=320))

    answer = shop.browser().get("/raise", headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert "500 points are needed, 320 points are available." in text_of(answer).replace(
        "\xa0", " "
    )


def test_a_program_gets_problem_json(shop: Shop) -> None:
    raising(shop.app, NotEnoughPoints(wanted=500, has=320))

    answer = shop.browser().get("/raise", headers={"Accept": "application/json"})

    assert answer.content_type == "application/problem+json"
    assert answer.get_json(force=True)["code"] == "not_enough_points"
    assert answer.get_json(force=True)["status"] == 422


def test_a_full_throttle_says_how_long(shop: Shop) -> None:
    raising(shop.app, TooManyTries(retry=77))

    answer = shop.browser().get("/raise")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "77"
    assert "Повторите через 2 минуты." in text_of(answer)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("status", sorted(STATUSES_SHOWN))
def test_every_status_is_shown_as_it_is_sent_under_a_heading_of_its_own(
    shop: Shop, status: int, language: str
) -> None:
    raising(shop.app, default_exceptions.get(status, HTTPException)())
    others = {heading(page_of(shop.app, other, language)) for other in STATUSES_SHOWN - {status}}

    answer = shop.browser().get("/raise", headers={"Accept-Language": language})

    body = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert shown_status(body) == str(status)
    assert heading(body) not in others
    assert 'href="/"' in body


@pytest.mark.parametrize(("status", "family"), [(418, 400), (507, 500)])
def test_a_rare_status_borrows_the_heading_of_its_family_and_keeps_its_number(
    shop: Shop, status: int, family: int
) -> None:
    rare, plain = page_of(shop.app, status, "en"), page_of(shop.app, family, "en")

    assert shown_status(rare) == str(status)
    assert heading(rare) == heading(plain)


def page_of(app: Flask, status: int, language: str) -> str:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        return no(status, "x", "").get_data(as_text=True)


def heading(body: str) -> str:
    found = re.search(r"<h1>([^<]+)</h1>", body)
    assert found, body
    return found.group(1)


def shown_status(body: str) -> str:
    found = re.search(r'class="bigcode[^>]*>(\d+)<', body)
    assert found, body
    return found.group(1)


def test_a_fault_hides_everything_but_its_number(
    shop: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    raising(shop.app, RuntimeError("the password of +79123456789 is 4711"))

    answer = shop.browser().get("/raise")

    shown, logged = text_of(answer), capfd.readouterr().err
    assert answer.status_code == 500
    assert "4711" not in shown
    assert "RuntimeError" not in shown
    assert "RuntimeError" in logged
    assert "+79123456789" not in logged


def test_a_busy_database_asks_for_patience(shop: Shop) -> None:
    class LockedError(Exception):
        sqlite_errorname = "SQLITE_BUSY"

    raising(shop.app, OperationalError("BEGIN", {}, LockedError("database is locked")))

    answer = shop.browser().get("/raise")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"


def test_an_unreachable_database_still_answers_with_a_page(shop: Shop) -> None:
    raising(shop.app, OperationalError("SELECT", {}, Exception("gone")))

    answer = shop.browser().get("/raise")

    assert answer.status_code == 500
    assert "<html" in answer.get_data(as_text=True)


def test_headers_of_the_protocol_stay(shop: Shop) -> None:
    answer = shop.browser().client.put("/sign-in")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_a_page_that_is_not_there(shop: Shop) -> None:
    answer = shop.browser().get("/nothing/here", headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert "There is no such page" in text_of(answer)


def test_a_problem_carries_what_is_added() -> None:
    answer = problem(422, "invalid", "No.", errors=[{"at": "/a"}])

    body = answer.get_json(force=True)
    assert body.pop("title").startswith("Unprocessable")
    assert body == {
        "type": "about:blank",
        "status": 422,
        "code": "invalid",
        "detail": "No.",
        "errors": [{"at": "/a"}],
    }
