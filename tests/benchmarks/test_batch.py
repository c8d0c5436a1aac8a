"""E4: an import of ten thousand receipts, against its bare rows and against ORM objects."""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from gamification.activities.receipts import Receipt
from gamification.commands.intake import take_page
from gamification.definitions import load_definitions
from tests.benchmarks import shop
from tests.benchmarks.batch_floor import PostgresBatch, write_sqlite
from tests.benchmarks.meters import cpu_meter, report, server_meter
from tests.benchmarks.orm_shop import OrmShop
from tests.benchmarks.places import Place, single
from tests.benchmarks.recording import Written, written

pytestmark = pytest.mark.bench
MEMBERS = 10_000
PEOPLE, EACH = 2_000, 5
SLOW_PEOPLE = 200
"""How many of them the ORM records: it is measured by the receipt."""
PAGE_LINES = 5_000
GOAL = 12.0
Page = list[tuple[str, list[Receipt]]]


def newcomers() -> Page:
    """People who were never seen, each with some receipts of the last year."""
    draw, now = random.Random(4), datetime.now(UTC)
    people = []
    for n in range(PEOPLE):
        minutes = sorted(draw.sample(range(2 * 1440, 360 * 1440), EACH), reverse=True)
        moments = (now - timedelta(minutes=m) for m in minutes)
        people.append((f"new-{n}", list(shop.receipts(draw, f"file-{n}", moments, (1, 6)))))
    return people


def pages_of(people: Page) -> Iterator[Page]:
    """Pages as an import makes them: members whole, until there are lines enough."""
    page: Page = []
    lines = 0
    for external_id, receipts in people:
        page.append((external_id, receipts))
        lines += sum(len(receipt.lines) for receipt in receipts)
        if lines >= PAGE_LINES:
            yield page
            page, lines = [], 0
    if page:
        yield page


def take_pages(engine: sa.Engine, people: Page) -> None:
    """What an import does with what it has read."""
    ids = itertools.count(shop.FIRST_ID * 2).__next__
    for page in pages_of(people):
        with Session(engine) as session:
            take_page(session, ids, page)
            session.commit()


def object_session(engine: sa.Engine) -> Session:
    """As kind to objects as can be: nothing is read twice, nothing flushed unasked."""
    return Session(engine, expire_on_commit=False, autoflush=False)


@pytest.fixture(scope="module")
def filled(place: Place) -> str:
    """The address of a database with ten thousand members who have some history."""
    url = place.fresh()
    with single(url) as engine:
        SQLModel.metadata.create_all(engine)
        shop.set_up(engine)
        shop.fill(engine, MEMBERS)
    return url


def counted(engine: sa.Engine) -> dict[str, int]:
    """How many rows there are of what a purchase leaves."""
    tables = ("activity", "activity_line", "lot", "counter", "counter_key", "day_sum", "award",
              "standing_log")  # fmt: skip
    with engine.connect() as connection:
        return {
            table: int(connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar() or 0)
            for table in tables
        }


def recorded(engine: sa.Engine, people: Page) -> list[Written]:
    """The rows of every page, as the engine writes them, in the order of their keys."""
    found: list[Written] = []
    ids = itertools.count(shop.FIRST_ID * 2).__next__
    for page in pages_of(people):
        rows: Written = {}
        with Session(engine) as session, written(rows):
            take_page(session, ids, page)
            session.commit()
        found.append({table: in_order(table, values) for table, values in rows.items()})
    return found


def in_order(table: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows in the order of their keys; members keep theirs, which gives them their ids."""
    return rows if table == "member" else sorted(rows, key=lambda row: row[:4])


def floor_cost(url: str, rows: list[Written]) -> float:
    """CPU seconds for the bare rows."""
    if url.startswith("sqlite"):
        meter = cpu_meter()
        began = meter()
        write_sqlite(url, rows)
        return meter() - began
    with PostgresBatch(url) as batch:
        meter = server_meter(batch.pid)
        began = meter()
        batch.write(rows)
        return meter() - began


def test_an_import_is_far_from_objects_and_near_to_its_rows(place: Place, filled: str) -> None:
    people = newcomers()
    some = people[:SLOW_PEOPLE]
    with place.copies(filled, 5) as (first, second, third, fourth, fifth):
        with single(first) as recorder:
            rows = recorded(recorder, people)
        with single(second) as ours:
            meter = cpu_meter(ours)
            began = meter()
            take_pages(ours, people)
            cost = meter() - began
        least = floor_cost(third, rows)
        with single(fourth) as objects, object_session(objects) as session:
            ids = itertools.count(shop.FIRST_ID * 2).__next__
            orm = OrmShop(session, load_definitions(session), ids)
            session.commit()
            meter = cpu_meter(objects)
            began = meter()
            orm.record_all(some)
            slow = meter() - began
            left = counted(objects)
        with single(fifth) as again:
            take_pages(again, some)
            assert counted(again) == left, "objects leave as many rows as the engine"

    count, few = PEOPLE * EACH, SLOW_PEOPLE * EACH
    engine_us, floor_us, orm_us = cost / count * 1e6, least / count * 1e6, slow / few * 1e6
    report(
        "E4", database=place.name, receipts=count, engine_us=round(engine_us, 1),
        floor_us=round(floor_us, 1), orm_us=round(orm_us, 1),
        of_floor=round(floor_us / engine_us, 2), faster_than_orm=round(orm_us / engine_us, 1),
    )  # fmt: skip
    assert orm_us / engine_us >= GOAL
