"""Brakes against guessing: how often something may happen, per person, address and in all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col

from gamification.columns import EPOCH, to_micros
from gamification.store import Store
from gamification.world import World
from webapp.accounts.tables import Throttle


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so often within one window; windows begin at multiples of their length."""

    name: str
    most: int
    per: timedelta

    def window(self, now: datetime) -> datetime:
        return now - (now - EPOCH) % self.per


HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
CODE_PAIR = Limit("code.pair", 5, QUARTER)
CODE_PAIR_DAY = Limit("code.pair.day", 20, timedelta(days=1))
CODE_CONTACT = Limit("code.contact", 15, timedelta(minutes=30))
CODE_ADDRESS = Limit("code.address", 100, HOUR)
CODE_ALL = Limit("code.all", 2_000, HOUR)
TRY_ADDRESS = Limit("try.address", 300, HOUR)
PASSWORD_ACCOUNT = Limit("password.account", 10, QUARTER)
PASSWORD_ADDRESS = Limit("password.address", 60, QUARTER)
PASSWORD_ALL = Limit("password.all", 2_000, QUARTER)
ACTIVATION_ADDRESS = Limit("activation.address", 20, HOUR)
ACTIVATION_ALL = Limit("activation.all", 500, HOUR)
RECOVER_ACCOUNT = Limit("recover.account", 3, HOUR)
RECOVER_ADDRESS = Limit("recover.address", 20, HOUR)
LINK_ADDRESS = Limit("link.address", 60, HOUR)
FIND_ACCOUNT = Limit("find.account", 300, HOUR)
CORRECT_ACCOUNT = Limit("correct.account", 30, timedelta(days=1))
COPY_ACCOUNT = Limit("copy.account", 20, HOUR)
INVITE_ADDRESS = Limit("invite.address", 60, QUARTER)
SHELF_ADDRESS = Limit("shelf.address", 60, QUARTER)

Hit = tuple[Limit, str]


def seconds_to_wait(world: World, hits: list[Hit]) -> int:
    """Count one more of each; 0 when all are within bounds, else seconds until it opens.

    The first full one ends the count: whoever is refused by the narrowest limit must not
    fill the wider ones, which others share. So narrow limits come first. To be committed
    whatever comes after.
    """
    for limit, who in hits:
        if _count_one(world, limit, who) > limit.most:
            return ceil((limit.window(world.now) + limit.per - world.now).total_seconds())
    return 0


def seconds_while_full(world: World, limit: Limit, who: str) -> int:
    """Seconds until a limit that is over opens again, without counting; 0 while it is open."""
    begins = limit.window(world.now)
    row = Store(world.connection).first(
        "SELECT hits FROM throttle WHERE what = ? AND begins_at = ?",
        f"{limit.name}:{who}",
        to_micros(begins),
    )
    if row is None or row[0] <= limit.most:
        return 0
    return ceil((begins + limit.per - world.now).total_seconds())


def _count_one(world: World, limit: Limit, who: str) -> int:
    table = SQLModel.metadata.tables["throttle"]
    insert = (
        postgresql.insert
        if world.session.get_bind().dialect.name == "postgresql"
        else sqlite.insert
    )
    one = insert(table).values(
        what=f"{limit.name}:{who}", begins_at=limit.window(world.now), hits=1
    )
    more = one.on_conflict_do_update(
        index_elements=["what", "begins_at"], set_={"hits": table.c.hits + 1}
    )
    return int(world.session.execute(more.returning(table.c.hits)).scalar_one())


def forget_throttles(world: World) -> int:
    """Delete counts of windows that are long over; answers how many."""
    old = sa.delete(Throttle).where(col(Throttle.begins_at) < world.now - timedelta(days=2))
    return int(world.session.connection().execute(old).rowcount)
