"""What a member has chosen for themselves, and what would be lost if they left."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gamification.columns import from_micros
from gamification.members.rules import next_zone_change
from gamification.notices.copies import CHANNELS, CHOSEN, COPIES
from gamification.programme import local_day, zone_of
from gamification.readmodels.member import read_member, read_tier, read_wallet
from gamification.readmodels.views import Named
from gamification.referrals.traces import leaves_marks
from gamification.refusals import UnknownMember
from gamification.store import Store
from gamification.world import World

__all__ = [
    "CHANNELS",
    "KINDS",
    "Choices",
    "Losses",
    "OwnContact",
    "choices_of",
    "erase_day",
    "losses_of",
]

KINDS = CHOSEN
"""Messages that a member may have by other channels than the inbox."""


@dataclass(frozen=True, slots=True)
class OwnContact:
    """A phone or an e-mail, and whether it was ever proved."""

    kind: str
    value: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the settings of a member show.

    `zone` is the member's own, None where the shop's counts; `zone_open_at` is set while
    it cannot be changed. `given` holds purposes agreed to, `wanted` the pairs of kind and
    channel that messages take besides the inbox.
    """

    name: str
    birthday: date | None
    contacts: tuple[OwnContact, ...]
    zone: str | None
    shop_zone: str
    zone_open_at: datetime | None
    quiet: tuple[int, int] | None
    erase_on: date | None
    given: frozenset[str]
    wanted: frozenset[tuple[str, str]]

    def contact(self, kind: str) -> OwnContact | None:
        """The phone or the e-mail, if there is one."""
        return next((contact for contact in self.contacts if contact.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Losses:
    """What goes with a membership, in numbers; of who invited or was invited marks stay a while."""

    balance: int
    pending: int
    worth_minor: int
    currency: str
    medals: int
    tier: Named
    tier_number: int
    leaves_marks: bool


MEMBER = """
SELECT name, birthday, phone, email, phone_confirmed_at, email_confirmed_at, zone,
       zone_changed_at, quiet_from, quiet_to, erase_at,
       COALESCE((SELECT zone FROM programme), 'UTC')
FROM member WHERE id = ? AND status <> 'erased'
"""
GIVEN = """
SELECT purpose FROM consent c WHERE member_id = ? AND given AND id = (
    SELECT x.id FROM consent x WHERE x.member_id = c.member_id AND x.purpose = c.purpose
    ORDER BY x.at DESC, x.id DESC LIMIT 1)
"""


def choices_of(world: World, member_id: int) -> Choices:
    """The member's settings, in three statements. Raises UnknownMember."""
    store = Store(world.connection)
    row = store.first(MEMBER, member_id)
    if row is None:
        raise UnknownMember(member_id=member_id)
    zone_open_at = next_zone_change(None if row[7] is None else from_micros(row[7]))
    given = frozenset(str(purpose) for (purpose,) in store.rows(GIVEN, member_id))
    return Choices(
        name=row[0],
        birthday=date.fromisoformat(row[1]) if isinstance(row[1], str) else row[1],
        contacts=_contacts(row),
        zone=row[6],
        shop_zone=row[11],
        zone_open_at=zone_open_at if zone_open_at and zone_open_at > world.now else None,
        quiet=None if row[8] is None else (row[8], row[9]),
        erase_on=None if row[10] is None else local_day(from_micros(row[10]), zone_of(row[11])),
        given=given,
        wanted=_wanted(store, member_id, marketing="marketing" in given),
    )


def _contacts(row: Any) -> tuple[OwnContact, ...]:
    known = (("phone", row[2], row[4]), ("email", row[3], row[5]))
    return tuple(OwnContact(kind, value, at is not None) for kind, value, at in known if value)


def _wanted(store: Store, member_id: int, *, marketing: bool) -> frozenset[tuple[str, str]]:
    """What was chosen, and where nothing was, what the shop does by itself."""
    sql = "SELECT kind, channel, wanted FROM notice_choice WHERE member_id = ?"
    chosen = {(kind, channel): bool(yes) for kind, channel, yes in store.rows(sql, member_id)}
    usual = {(kind, "email") for kind in KINDS if COPIES[kind].purpose == "service" or marketing}
    pairs = {(kind, channel) for kind in KINDS for channel in CHANNELS}
    return frozenset(pair for pair in pairs if chosen.get(pair, pair in usual))


def losses_of(world: World, member_id: int) -> Losses:
    """What a member would lose by leaving. Raises UnknownMember, ProgrammeMissing."""
    store = Store(world.connection)
    member, faces = read_member(store, world, member_id)
    programme = faces.definitions.programme
    tier = read_tier(store, faces, member_id, member.booked, local_day(world.now, programme.zone))
    wallet = read_wallet(store, world, faces, member_id)
    medals = store.first(
        "SELECT COUNT(DISTINCT achievement_id) FROM award WHERE member_id = ? AND status = ?",
        member_id,
        "active",
    )
    return Losses(
        balance=wallet.balance,
        pending=wallet.pending_points,
        worth_minor=wallet.balance * programme.point_worth,
        currency=programme.currency,
        medals=int(medals[0]) if medals else 0,
        tier=tier.name,
        tier_number=tier.number,
        leaves_marks=leaves_marks(store, member_id),
    )


def erase_day(world: World, member_id: int) -> date | None:
    """The local day on which a member who is leaving will be erased; None for everybody else."""
    store = Store(world.connection)
    row = store.first(
        "SELECT erase_at FROM member WHERE id = ? AND erase_at IS NOT NULL", member_id
    )
    if row is None:
        return None
    zone = store.first("SELECT zone FROM programme")
    return local_day(from_micros(row[0]), zone_of(zone[0] if zone else "UTC"))
