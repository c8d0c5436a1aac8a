"""What a member carries to a till without a network: the card, and the balance of an instant."""

from dataclasses import dataclass
from datetime import datetime

from gamification.programme import zone_of
from gamification.readmodels.member import read_member, read_wallet
from gamification.readmodels.views import PassCard
from gamification.store import Store
from gamification.world import World


@dataclass(frozen=True, slots=True)
class Pocket:
    """Card and spendable points; `at` is the instant they were read, in the member's own zone."""

    card: PassCard | None
    balance: int
    worth_minor: int
    currency: str
    at: datetime


def pocket_of(world: World, member_id: int) -> Pocket:
    """The member's card and balance, in two statements. Raises UnknownMember."""
    store = Store(world.connection)
    member, faces = read_member(store, world, member_id)
    programme = faces.definitions.programme
    balance = read_wallet(store, world, faces, member_id).balance
    zone = zone_of(member.zone) if member.zone else programme.zone
    return Pocket(
        card=member.card,
        balance=balance,
        worth_minor=balance * programme.point_worth,
        currency=programme.currency,
        at=world.now.astimezone(zone),
    )
