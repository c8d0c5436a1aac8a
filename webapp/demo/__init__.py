"""The demo story: a year of café «Полдень», told through the engine with a moved clock."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

import webapp.tables  # noqa: F401 - what is told may point to any of them
from gamification.programme import ProgrammeRow
from gamification.world import fixed_clock, system_clock
from webapp.demo.guests import invent_guests
from webapp.demo.telling import Teller
from webapp.demo.visits import MOSCOW, tell_visits
from webapp.demo.ways_in import (
    WayIn,
    open_accounts,
    print_slip,
    set_passwords,
    sign_ins,
    ways_in,
)
from webapp.world import Worlds

__all__ = ["DemoStory", "WayIn", "load", "sign_ins"]

SEED = 1200


@dataclass(frozen=True, slots=True)
class DemoStory:
    """What was told, and who can be tried. `told` is False when there was a programme already."""

    told: bool
    members: int = 0
    receipts: int = 0
    ways_in: tuple[WayIn, ...] = ()


def load(
    engine: sa.Engine,
    report: Callable[[str], object] = print,
    *,
    now: datetime | None = None,
    secret: str | None = None,
    members: int = 300,
) -> DemoStory:
    """Tell the story to an empty database; a database with a programme stays as it is.

    Args:
        now: where the story ends; the same instant gives the same story.
        secret: the installation's key, for the slip of the customer who claims a history.
    """
    began, end = time.monotonic(), now or system_clock()
    with Worlds(engine, fixed_clock(end)).open(readonly=True) as world:
        if world.session.get(ProgrammeRow, 1) is not None:
            return DemoStory(told=False, ways_in=tuple(ways_in(world)))
    report("Telling the demo story: a year of café «Полдень» …")
    draw = random.Random(SEED)  # noqa: S311 - the same story every time
    guests = invent_guests(draw, end.astimezone(MOSCOW).date(), members)
    teller = Teller(engine, draw, end, guests, tell_visits(draw, guests, end))
    teller.tell(open_accounts)
    with teller.world(end) as world:
        set_passwords(world)
        if secret is not None:
            print_slip(world, secret)
    found = _read(engine, end, teller)
    seconds = time.monotonic() - began
    report(f"{found.members} members, {found.receipts} receipts, {seconds:.1f} s")
    return found


def _read(engine: sa.Engine, end: datetime, teller: Teller) -> DemoStory:
    with teller.world(end) as world:
        return DemoStory(True, len(teller.guests), teller.receipts, tuple(ways_in(world)))
