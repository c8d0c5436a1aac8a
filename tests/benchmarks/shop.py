"""A shop to measure on: fifty rules, members with a history, and as many of them as asked for."""

import itertools
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from gamification.activities.receipts import Receipt, ReceiptLine
from gamification.commands.intake import take_page
from gamification.commands.owner import (
    BEGINNING,
    ProgrammePlan,
    publish_rule,
    set_up_programme,
    tier_plans,
)
from gamification.world import World
from tests.benchmarks.clones import clone_members
from tests.benchmarks.places import Place, single

ZONE = "Europe/Moscow"
FEW = 10_000
MANY = 1_000_000 if os.environ.get("LAUREL_FULL") else 100_000
"""Six purchases each: a million members have twelve million transfers and lots."""
TEMPLATE_MEMBERS = 500
FIRST_ID = 1 << 58
"""Ids of the past: as long as today's, and below them."""


def set_up(engine: sa.Engine) -> None:
    """The programme with every shipped medal and fifty earn rules."""
    with Session(engine) as session:
        world = World(session)
        set_up_programme(world, ProgrammePlan(name="Bench", tiers=tier_plans("cafe")))
        for n in range(38):
            hours = [n * 30, n * 30 + 300]
            params = {"percent": 120 + n, "categories": [f"cat-{n % 30}"], "hours": hours}
            publish_rule(
                world, code=f"more-{n}", kind="multiplier", params=params, valid_from=BEGINNING
            )
        for n in range(10):
            bonus = {"threshold": 100_000 * (n + 1), "points": 10, "weekdays": [1 + n % 7]}
            publish_rule(world, code=f"bonus-{n}", kind="bonus", params=bonus, valid_from=BEGINNING)
        gifts = {"categories": ["gift-cards"]}
        publish_rule(world, code="gifts", kind="exclusion", params=gifts, valid_from=BEGINNING)
        session.commit()


def receipts(
    draw: random.Random, name: str, moments: Iterator[datetime], lines: int | tuple[int, int]
) -> Iterator[Receipt]:
    """Receipts at these moments, each with so many lines or some number between two."""
    for n, moment in enumerate(moments):
        count = lines if isinstance(lines, int) else draw.randint(*lines)
        goods = tuple(
            ReceiptLine(
                f"sku-{draw.randrange(400)}",
                f"cat-{draw.randrange(30)}",
                1000,
                draw.randrange(5_000, 60_000, 100),
            )
            for _ in range(count)
        )
        yield Receipt(
            type="purchase",
            source="till",
            external_id=f"{name}-{n}",
            occurred_at=moment,
            zone=ZONE,
            total=sum(line.amount for line in goods),
            lines=goods,
            store=f"store-{draw.randrange(3)}",
            channel="shop",
        )


def fill(engine: sa.Engine, members: int, history: int = 6) -> None:
    """Members with so many purchases each in the past, told by the engine, then multiplied."""
    assert members % TEMPLATE_MEMBERS == 0, "members come by the five hundred"
    draw = random.Random(20)
    now = datetime.now(UTC)
    people = []
    for n in range(TEMPLATE_MEMBERS):
        minutes = sorted(draw.sample(range(3 * 1440, 300 * 1440), history), reverse=True)
        moments = (now - timedelta(minutes=m) for m in minutes)
        people.append((f"m{n:05d}", list(receipts(draw, f"past-{n}", moments, (1, 4)))))
    with Session(engine) as session:
        take_page(session, itertools.count(FIRST_ID).__next__, people)
        session.commit()
    clone_members(engine, members // TEMPLATE_MEMBERS)


def filled(place: Place, members: int) -> str:
    """The address of a new database with so many members who have some history."""
    url = place.fresh()
    with single(url) as engine:
        SQLModel.metadata.create_all(engine)
        set_up(engine)
        fill(engine, members)
    return url


def card_of(member: int) -> str:
    """The card number of a member by order of joining, from 0 on."""
    return f"card-{member + 1}"
