"""P1 for the page behind a blogger's link: a hundred thousand strangers an hour."""

import sqlite3
from contextlib import closing

import pytest

from tests.benchmarks.cafe import Cafe
from tests.benchmarks.clicks import met
from tests.benchmarks.meters import micros, report
from tests.benchmarks.servers import served

pytestmark = pytest.mark.bench
ROUNDS, CLICKS = 8, 250
GOAL = 3.5


def code_in(cafe: Cafe) -> str:
    """The code of somebody who has invited."""
    with closing(sqlite3.connect(cafe.settings.data / "laurel.db")) as books:
        (code,) = books.execute("SELECT code FROM referral_code WHERE state = 'live'").fetchone()
    return str(code)


def test_a_click_costs_a_few_hellos(cafe: Cafe) -> None:
    with (
        served("webapp.app:serve", cafe.environment) as ours,
        served("tests.benchmarks.hello:serve", {}) as hello,
    ):
        crowd = met(ours, code_in(cafe), browsers=20)
        ours.ask(map(crowd.click, range(100)))
        hello.ask(("/", crowd.click(n)[1]) for n in range(100))
        clicks, hellos = [], []
        for start in range(0, ROUNDS * CLICKS, CLICKS):
            turn = range(start, start + CLICKS)
            clicks.append(ours.ask(map(crowd.click, turn)))
            hellos.append(hello.ask(("/", crowd.click(n)[1]) for n in turn))

    page = micros([sum(clicks)], ROUNDS * CLICKS)
    least = micros([sum(hellos)], ROUNDS * CLICKS)
    ratio = round(page / least, 2)
    report("P1 landing", page_us=page, hello_us=least, ratio=ratio)
    assert ratio <= GOAL
