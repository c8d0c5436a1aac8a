"""E5: a purchase costs the same however many members and books there are."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.benchmarks import shop
from tests.benchmarks.meters import cpu_meter, micros, report
from tests.benchmarks.places import Place, single
from tests.benchmarks.recording import Event, take_events
from tests.benchmarks.shop import FEW, MANY
from webapp.world import Worlds

pytestmark = pytest.mark.bench
ROUNDS, EVENTS, WARM = 12, 150, 2
GOAL = 1.5


def events_among(members: int) -> list[Event]:
    """Purchases of the last minutes by members drawn from all."""
    draw, now, count = random.Random(5), datetime.now(UTC), ROUNDS * EVENTS
    moments = (now - timedelta(seconds=count - n) for n in range(count))
    return [
        Event(receipt, shop.card_of(draw.randrange(members)))
        for receipt in shop.receipts(draw, "grown", moments, 2)
    ]


def ledger_rows(engine: sa.Engine) -> int:
    """Transfers and lots together."""
    with engine.connect() as connection:
        return sum(
            int(connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar() or 0)
            for table in ("transfer", "lot")
        )


def test_an_event_costs_the_same_among_many(place: Place) -> None:
    few_url, many_url = shop.filled(place, FEW), shop.filled(place, MANY)
    few_events, many_events = events_among(FEW), events_among(MANY)
    few_costs, many_costs = [], []
    with single(few_url) as few, single(many_url) as many:
        few_meter, many_meter = cpu_meter(few), cpu_meter(many)
        for start in range(0, ROUNDS * EVENTS, EVENTS):
            began = few_meter()
            take_events(Worlds(few), few_events[start : start + EVENTS])
            few_costs.append(few_meter() - began)
            began = many_meter()
            take_events(Worlds(many), many_events[start : start + EVENTS])
            many_costs.append(many_meter() - began)
        rows = ledger_rows(many)

    small, large = micros(few_costs[WARM:], EVENTS), micros(many_costs[WARM:], EVENTS)
    ratio = round(large / small, 2)
    report("E5", database=place.name, few=FEW, many=MANY, ledger_rows=rows, few_us=small,
           many_us=large, ratio=ratio)  # fmt: skip
    place.drop(many_url)
    assert ratio <= GOAL
