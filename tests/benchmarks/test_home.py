"""P1: Home as each member sees it for the first time, against a hello of the same server."""

import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.benchmarks.meters import micros, report
from tests.benchmarks.servers import served
from webapp.accounts.actions import ensure_member_account, start_session
from webapp.app import create_app
from webapp.cli.place import make_embedded
from webapp.db import make_engine
from webapp.demo import load
from webapp.settings import Settings
from webapp.world import Worlds

pytestmark = pytest.mark.bench
KEY = "k3Q9vZ1xY7wT5uS2rP0oN8mL6jH4gF_dC-bA"
ROUNDS, VIEWS = 6, 45
"""Each view is another member's first one: nothing of theirs was seen before."""
GOAL = 3.5
STATEMENTS = 5


@dataclass
class Cafe:
    """The demo's café, and members who are signed in."""

    settings: Settings
    sessions: list[str]
    cookies: list[str]

    @property
    def environment(self) -> dict[str, str]:
        return {"LAUREL_DATA": str(self.settings.data), "LAUREL_SECRET_KEY": KEY,
                "LAUREL_LOG_LEVEL": "warning"}  # fmt: skip


@pytest.fixture(scope="module")
def cafe(tmp_path_factory: pytest.TempPathFactory) -> Cafe:
    """The demo story, and a session for everybody who has bought something."""
    folder: Path = tmp_path_factory.mktemp("cafe")
    settings = Settings(data=folder, secret_key=KEY)
    make_embedded(settings)
    engine = make_engine(settings.database)
    load(engine, lambda _line: None)
    sessions = sign_everybody_in(engine)
    engine.dispose()
    app = create_app(settings)
    return Cafe(settings, sessions, [cookie_of(app, secret) for secret in sessions])


def sign_everybody_in(engine: sa.Engine) -> list[str]:
    """Secrets of sessions of members with purchases, whose year was seen."""
    with Worlds(engine).open() as world:
        world.connection.exec_driver_sql("UPDATE member SET year_seen_at = joined_at")
        ids = world.connection.exec_driver_sql(
            "SELECT member_id FROM standing ORDER BY member_id"
        ).scalars()
        accounts = [ensure_member_account(world, i, locale="ru") for i in list(ids)]
        return [start_session(world, account, agent="bench", address="") for account in accounts]


def cookie_of(app: Flask, secret: str) -> str:
    """The cookie of a browser that is signed in."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
        cookie["csrf_token"] = secrets.token_hex(20)  # as signing in leaves it
    found = client.get_cookie("laurel")
    assert found is not None, "the session was just written"
    return f"laurel={found.value}"


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
