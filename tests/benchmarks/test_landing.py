"""P1 for the page behind a blogger's link: a hundred thousand strangers an hour."""

import sqlite3
import sys
from contextlib import closing
from types import FrameType
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.benchmarks import hello as smallest
from tests.benchmarks.cafe import Cafe
from tests.benchmarks.clicks import Crowd, met
from tests.benchmarks.meters import micros, report
from tests.benchmarks.servers import Asked, served
from webapp.app import create_app

pytestmark = pytest.mark.bench
ROUNDS, CLICKS = 8, 250
GOAL = 3.5
MOST_CALLS = 3.0
"""Function calls, in those of a hello: they do not depend on what else the machine does."""


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


def test_a_click_makes_a_few_times_the_calls_of_a_hello(cafe: Cafe) -> None:
    crowd = Crowd(code_in(cafe), ("",))
    first_time = [crowd.click(number) for number in (0, 1, 2, 3, 5, 6)]
    page = calls_of(create_app(cafe.settings), first_time)
    least = calls_of(smallest.serve(), [("/", headers) for _, headers in first_time])

    report("P1 landing, calls", page=page, hello=least, ratio=round(page / least, 2))
    assert page <= MOST_CALLS * least


def calls_of(app: Flask, asked: list[Asked]) -> int:
    """Function calls an answer, once everything was answered a few times before."""
    environs = [EnvironBuilder(path, headers=headers).get_environ() for path, headers in asked]
    for environ in environs * 3:
        answer(app, environ)
    calls = 0

    def count(_frame: FrameType, event: str, _of: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        for environ in environs:
            answer(app, environ)
    finally:
        sys.setprofile(None)
    return calls // len(environs)


def answer(app: Flask, environ: dict[str, Any]) -> None:
    """Ask the app itself, without a server."""
    _, status, _ = run_wsgi_app(app, environ.copy(), buffered=True)
    assert status == "200 OK"
