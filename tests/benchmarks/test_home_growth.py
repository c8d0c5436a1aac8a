"""P3: Home costs the same however many members and books there are."""

import random
import secrets
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.benchmarks import shop
from tests.benchmarks.cafe import KEY
from tests.benchmarks.meters import Meter, cpu_meter, micros, report
from tests.benchmarks.places import Place, single
from tests.benchmarks.shop import FEW, MANY
from webapp.accounts.actions import ensure_member_account, start_session
from webapp.app import create_app
from webapp.settings import Settings
from webapp.world import Worlds

pytestmark = pytest.mark.bench
ROUNDS, VIEWS, WARM = 10, 40, 2
GOAL = 1.1


def sessions(engine: sa.Engine, members: int) -> list[str]:
    """Sessions of members drawn from all, who have nothing left to celebrate."""
    draw = random.Random(7)
    with Worlds(engine).open() as world:
        world.connection.exec_driver_sql(
            f"UPDATE member SET year_seen_at = joined_at, celebrated_upto = {2**63 - 1}"
        )
        found = []
        for member_id in draw.sample(range(1, members + 1), ROUNDS * VIEWS):
            account = ensure_member_account(world, member_id, locale="ru")
            found.append(start_session(world, account, agent="bench", address=""))
        return found


def app_on(engine: sa.Engine, folder: Path) -> Flask:
    return create_app(Settings(data=folder, secret_key=KEY, log_level="warning"), engine=engine)


def browser(app: Flask, secret: str) -> FlaskClient:
    """Somebody who is signed in and has not looked at Home yet."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
        cookie["csrf_token"] = secrets.token_hex(20)
    return client


def cost(meter: Meter, browsers: list[FlaskClient]) -> float:
    """CPU seconds of one view by each."""
    began = meter()
    for one in browsers:
        assert one.get("/home").status_code == 200
    return meter() - began


def test_home_costs_the_same_among_many(place: Place, tmp_path: Path) -> None:
    few_url, many_url = shop.filled(place, FEW), shop.filled(place, MANY)
    with single(few_url) as few, single(many_url) as many:
        pairs = []
        for engine, members in ((few, FEW), (many, MANY)):
            app = app_on(engine, tmp_path)
            pairs.append((cpu_meter(engine), [browser(app, s) for s in sessions(engine, members)]))
        costs: list[list[float]] = [[], []]
        for start in range(0, ROUNDS * VIEWS, VIEWS):
            for into, (meter, browsers) in zip(costs, pairs, strict=True):
                into.append(cost(meter, browsers[start : start + VIEWS]))

    small, large = (micros(found[WARM:], VIEWS) for found in costs)
    ratio = round(large / small, 2)
    report("P3", database=place.name, few=FEW, many=MANY, few_us=small, many_us=large, ratio=ratio)
    place.drop(many_url)
    assert ratio <= GOAL
