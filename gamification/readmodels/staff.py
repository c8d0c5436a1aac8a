"""A member as the people of the shop may see them: no full contact, no purchase."""

from dataclasses import dataclass
from typing import Any

from gamification.columns import from_micros
from gamification.definitions import Definitions, current_definitions
from gamification.loading import MEMBER_COLUMNS, TableSource, state_of
from gamification.members.rules import normalise_email, normalise_phone, region_of
from gamification.programme import local_day
from gamification.readmodels.standing import standing_now, tier_names
from gamification.readmodels.views import Named, StaffMember
from gamification.readmodels.wallet import lots_now, wallet_of_lots
from gamification.store import Store
from gamification.world import World

MOST_FOUND = 5
FACE_COLUMNS = "m.public_id, m.name, m.phone, m.email, m.claimed_at"
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
    definitions = current_definitions(world.session)
    text = typed.strip()
    names = {
        "card": "".join(text.split()),
        "external_id": text,
        "phone": normalise_phone(text, region_of(definitions.programme.currency)),
        "email": normalise_email(text),
    }
    found: dict[int, StaffMember] = {}
    for way, value in names.items():
        if value:
            for one in _members(world, definitions, way, value):
                found.setdefault(one.member_id, one.face)
    return tuple(found.values())[:MOST_FOUND]


def staff_member(world: World, public_id: str) -> FoundMember | None:
    """One member by public id. Raises ProgrammeMissing."""
    definitions = current_definitions(world.session)
    return next(iter(_members(world, definitions, "public_id", public_id)), None)


def _members(world: World, definitions: Definitions, way: str, value: str) -> list[FoundMember]:
    store = Store(world.session.connection())
    rows = store.rows(
        f"SELECT {MEMBER_COLUMNS}, {FACE_COLUMNS} FROM member m"
        f" LEFT JOIN standing s ON s.member_id = m.id {WAYS[way]}",
        value,
    )
    return [
        FoundMember(row[0], _face(world, store, definitions, row))
        for row in rows
        if row[1] != "erased"
    ]


def _face(world: World, store: Store, definitions: Definitions, row: Any) -> StaffMember:
    programme = definitions.programme
    state = state_of(row, definitions, TableSource(store, definitions, row[0]))
    standing = standing_now(definitions, state, local_day(world.now, programme.zone))
    tier = definitions.tier_at(standing.position)
    public_id, name, phone, email, claimed_at = row[-5:]
    purchases, last = _purchases(store, row[0])
    return StaffMember(
        public_id=public_id,
        name=name or None,
        phone_tail=phone[-4:] if phone else None,
        email_hint=f"{email[0]}•••@{email.partition('@')[2]}" if email else None,
        card_tail=_card_tail(store, row[0]),
        tier=tier_names(store).get(tier.code, Named(tier.code)),
        tier_number=tier.position,
        balance=wallet_of_lots(lots_now(store, row[0]), world.now, programme).balance,
        claimed=claimed_at is not None,
        purchases=purchases,
        last_purchase_on=None if last is None else local_day(from_micros(last), programme.zone),
    )


def _card_tail(store: Store, member_id: int) -> str | None:
    row = store.first(
        "SELECT number FROM card WHERE member_id = ? AND state = 'active' ORDER BY id DESC LIMIT 1",
        member_id,
    )
    return None if row is None else row[0][-4:]


def _purchases(store: Store, member_id: int) -> tuple[int, int | None]:
    row = store.first(
        "SELECT COUNT(*), MAX(occurred_at) FROM activity"
        " WHERE member_id = ? AND type = 'purchase' AND state IN"
        " ('counted', 'partly_returned', 'returned')",
        member_id,
    )
    assert row is not None, "a count always answers"
    return int(row[0]), row[1]
