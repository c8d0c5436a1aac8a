"""A member as the people of the shop may see them: no full contact, no purchase."""

from dataclasses import dataclass
from typing import Any

from gamification.columns import from_micros, to_micros
from gamification.members.rules import normalise_email, normalise_phone, region_of
from gamification.programme import local_day
from gamification.readmodels.faces import current_faces
from gamification.readmodels.member import read_member, read_tier, read_wallet
from gamification.readmodels.views import StaffMember
from gamification.store import Store
from gamification.world import World

MOST_FOUND = 5
WAYS = {
    "card": "JOIN card c ON c.member_id = m.id WHERE c.number = ?",
    "external_id": "WHERE m.external_id = ?",
    "phone": "WHERE m.phone = ?",
    "email": "WHERE m.email = ?",
    "public_id": "WHERE m.public_id = ?",
}


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A member's inner id beside what may be shown."""

    member_id: int
    face: StaffMember


def find_for_staff(world: World, typed: str) -> tuple[StaffMember, ...]:
    """Members known by exactly this card, external id, phone or e-mail.

    Raises:
        ProgrammeMissing: nobody has set the programme up yet.
    """
    programme = current_faces(world.session).definitions.programme
    text = typed.strip()
    names = {
        "card": "".join(text.split()),
        "external_id": text,
        "phone": normalise_phone(text, region_of(programme.currency)),
        "email": normalise_email(text),
    }
    found: dict[int, StaffMember] = {}
    for way, value in names.items():
        if value:
            for one in _members(world, way, value):
                found.setdefault(one.member_id, one.face)
    return tuple(found.values())[:MOST_FOUND]


def staff_member(world: World, public_id: str) -> FoundMember | None:
    """One member by public id. Raises ProgrammeMissing."""
    return next(iter(_members(world, "public_id", public_id)), None)


def _members(world: World, way: str, value: str) -> list[FoundMember]:
    store = Store(world.session.connection())
    rows = store.rows(
        "SELECT m.id, m.public_id, m.name, m.phone, m.email, m.claimed_at, m.erase_at"
        f" FROM member m {WAYS[way]} AND m.status <> 'erased'",
        value,
    )
    return [FoundMember(row[0], _face(world, store, row)) for row in rows]


def _face(world: World, store: Store, row: Any) -> StaffMember:
    member_id, public_id, name, phone, email, claimed_at, erase_at = row
    member, faces = read_member(store, world, member_id)
    zone = faces.definitions.programme.zone
    today = local_day(world.now, zone)
    tier = read_tier(store, faces, member_id, member.booked, today)
    purchases, last = _purchases(store, world, member_id)
    return StaffMember(
        public_id=public_id,
        name=name or None,
        phone_tail=phone[-4:] if phone else None,
        email_hint=f"{email[0]}•••@{email.partition('@')[2]}" if email else None,
        card_tail=member.card.number[-4:] if member.card else None,
        tier=tier.name,
        tier_number=tier.number,
        balance=read_wallet(store, world, faces, member_id).balance,
        claimed=claimed_at is not None,
        purchases=purchases,
        last_purchase_on=None if last is None else local_day(from_micros(last), zone),
        leaves_on=None if erase_at is None else local_day(from_micros(erase_at), zone),
    )


def _purchases(store: Store, world: World, member_id: int) -> tuple[int, int | None]:
    row = store.first(
        "SELECT COUNT(*), MAX(occurred_at) FROM activity WHERE member_id = ?"
        " AND type = 'purchase' AND amount > 0"
        " AND state IN ('counted', 'partly_returned', 'returned') AND occurred_at <= ?",
        member_id,
        to_micros(world.now),
    )
    assert row is not None, "a count always answers"
    return int(row[0]), row[1]
