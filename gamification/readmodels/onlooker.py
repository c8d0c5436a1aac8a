"""Who stands at the foot of every page: the name, and the tier with its number."""

from typing import NamedTuple

from gamification.readmodels.faces import faces_of
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.world import World

SQL = (
    "SELECT m.name, s.tier_id, (SELECT version FROM programme) FROM member m"
    " LEFT JOIN standing s ON s.member_id = m.id WHERE m.id = ?"
)


class Onlooker(NamedTuple):
    """A member on a page of theirs. `tier` is None before there is a programme."""

    name: str
    tier: Named | None = None
    number: int = 0


def onlooker(world: World, member_id: int) -> Onlooker:
    """The member in one statement; nobody has no name. The tier is the one that is booked."""
    row = Store(world.connection).first(SQL, member_id)
    if row is None or row[2] is None:
        return Onlooker(row[0] if row else "")
    tiers = faces_of(world, row[2]).tiers
    tier = next((tier for tier in tiers if tier.id == row[1]), tiers[0])
    return Onlooker(row[0], tier.named, tier.position)
