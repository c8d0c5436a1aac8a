"""P1: Home as each member sees it for the first time, against a hello of the same server."""

import sqlite3
from contextlib import closing

import pytest

from tests.benchmarks.cafe import Cafe
from tests.benchmarks.meters import micros, report
from tests.benchmarks.servers import served
from webapp.app import create_app

pytestmark = pytest.mark.bench
ROUNDS, VIEWS = 6, 45
"""Each view is another member's first one: nothing of theirs was seen before."""
GOAL = 3.5
STATEMENTS = 5


def test_home_costs_a_few_hellos(cafe: Cafe) -> None:
    with (
        served("webapp.app:serve", cafe.environment) as ours,
        served("tests.benchmarks.hello:serve", {}) as hello,
    ):
        ours.get("/home", cafe.cookies[-20:])
        hello.get("/", cafe.cookies)
        pages, hellos = [], []
        for start in range(0, ROUNDS * VIEWS, VIEWS):
            turn = cafe.cookies[start : start + VIEWS]
            pages.append(ours.get("/home", turn))
            hellos.append(hello.get("/", turn * 4))

    page = micros([sum(pages)], ROUNDS * VIEWS)
    least = micros([sum(hellos)], ROUNDS * VIEWS * 4)
    ratio = round(page / least, 2)
    report("P1", page_us=page, hello_us=least, ratio=ratio, statements=STATEMENTS)
    assert ratio <= GOAL


def test_home_asks_a_known_number_of_questions(cafe: Cafe) -> None:
    app = create_app(cafe.settings)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = cafe.sessions[0]
    client.get("/home")
    said: list[str] = []

    connect = app.extensions["laurel"].engine.raw_connection
    with closing(connect()) as raw:
        driver: sqlite3.Connection = raw.driver_connection
        driver.set_trace_callback(said.append)
    assert client.get("/home").status_code == 200

    asked = [words for words in said if not words.startswith(("BEGIN", "ROLLBACK", "PRAGMA"))]
    assert len(asked) == STATEMENTS, "\n".join(asked)
