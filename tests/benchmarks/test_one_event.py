"""E1 and E2: one purchase through the whole engine, against the same rows written by hand."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from tests.benchmarks import shop
from tests.benchmarks.floors import Floor, floor_at
from tests.benchmarks.meters import Meter, cpu_meter, micros, report
from tests.benchmarks.places import Place, single
from tests.benchmarks.recording import Event, record_events, take_events
from webapp.world import Worlds

pytestmark = pytest.mark.bench
MEMBERS = 10_000
ROUNDS, EVENTS, WARM = 10, 200, 2
GOAL = 4.0
"""The first landing's; speed.md aims at 1.5."""
NAMES = {"sqlite": "E1", "postgresql": "E2"}


def events_of(lines: int, count: int, members: int = MEMBERS) -> list[Event]:
    """Purchases of the last minutes by members drawn at random."""
    draw, now = random.Random(lines), datetime.now(UTC)
    moments: Iterator[datetime] = (now - timedelta(seconds=count - n) for n in range(count))
    return [
        Event(receipt, shop.card_of(draw.randrange(members)))
        for receipt in shop.receipts(draw, f"live-{lines}", moments, lines)
    ]


def compare(
    ours: sa.Engine, our_meter: Meter, floor: Floor, floor_meter: Meter, events: list[Event]
) -> dict[str, float]:
    """CPU microseconds an event of both, in turns, so that a busy machine troubles both alike."""
    worlds = Worlds(ours)
    engine_costs, floor_costs = [], []
    for start in range(0, len(events), EVENTS):
        turn = events[start : start + EVENTS]
        began = our_meter()
        take_events(worlds, turn)
        engine_costs.append(our_meter() - began)
        began = floor_meter()
        for event in turn:
            floor.take(event)
        floor_costs.append(floor_meter() - began)
    engine = micros(engine_costs[WARM:], EVENTS)
    least = micros(floor_costs[WARM:], EVENTS)
    return {"engine_us": engine, "floor_us": least, "ratio": round(engine / least, 2)}


def rows_written(events: list[Event]) -> dict[str, float]:
    """How many rows of each table an event writes, on average."""
    tables = {table for event in events for table in event.rows}
    return {
        table: round(sum(len(e.rows.get(table, ())) for e in events) / len(events), 2)
        for table in sorted(tables)
    }


@pytest.fixture(scope="module")
def filled(place: Place) -> str:
    """The address of a database with ten thousand members who have some history."""
    url = place.fresh()
    with single(url) as engine:
        SQLModel.metadata.create_all(engine)
        shop.set_up(engine)
        shop.fill(engine, MEMBERS)
    return url


@pytest.mark.parametrize("lines", [1, 18])
def test_an_event_costs_little_more_than_its_rows(place: Place, filled: str, lines: int) -> None:
    events = events_of(lines, ROUNDS * EVENTS)
    with place.copies(filled, 3) as (first, second, third):
        with single(first) as recorder:
            record_events(recorder, events)
        with single(second) as ours, floor_at(third) as (floor, floor_meter):
            found = compare(ours, cpu_meter(ours), floor, floor_meter, events)

    written = rows_written(events)
    report(
        NAMES[place.name], database=place.name, lines=lines, members=MEMBERS, **found, rows=written
    )
    assert found["ratio"] <= GOAL
