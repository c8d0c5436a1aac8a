"""What a member says: I join, this is me, my history is mine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gamification.commands.acts import note_act, note_profile
from gamification.members import queries
from gamification.members.actions import (
    ConsentAnswer,
    add_member,
    change_contact,
    note_consents,
)
from gamification.members.cards import check_digit, ensure_card
from gamification.members.rules import (
    MOST_CITY,
    city_key,
    clean_city,
    clean_name,
    normalise_email,
    normalise_phone,
    region_of,
)
from gamification.members.tables import Member
from gamification.referrals.traces import note_traces
from gamification.refusals import HistoryClaimed, MemberBlocked, UnknownMember
from gamification.store import Store
from gamification.world import World

__all__ = [
    "MOST_CITY",
    "ConsentAnswer",
    "Person",
    "change_locale",
    "check_digit",
    "city_key",
    "claim_at_contact",
    "claim_history",
    "clean_city",
    "find_member",
    "join_member",
    "normalise_email",
    "normalise_phone",
    "person_of",
    "reachable_member",
    "region_of",
    "see_year",
]


@dataclass(frozen=True, slots=True)
class Person:
    """Who a member is: what the pages around points need to know."""

    member_id: int
    public_id: str
    name: str
    phone: str | None
    email: str | None
    locale: str
    status: str
    origin: str
    claimed_at: datetime | None
    year_seen_at: datetime | None

    @property
    def year_waits(self) -> bool:
        """Whether «your year already counts» is still to be shown."""
        return self.origin == "import" and self.year_seen_at is None


def join_member(
    world: World,
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    locale: str = "ru",
    origin: str = "signup",
    consents: Sequence[ConsentAnswer] = (),
) -> Member:
    """A new member with a card and their answers about consent; joining is an act.

    Contacts may come as people type them. Whoever comes with an import was there before.

    Raises:
        AlreadyTaken: the phone or the e-mail is somebody's; `what` says which.
    """
    member = add_member(
        world,
        name=clean_name(name),
        phone=None if phone is None else normalise_phone(phone) or phone,
        email=None if email is None else normalise_email(email) or email,
        locale=locale,
        origin=origin,
    )
    assert member.id is not None, "a flushed row has its id"
    note_consents(world, member.id, consents, actor=f"member:{member.id}")
    card = ensure_card(world, member.id)
    note_names(world, member.id, phone=member.phone, email=member.email, card=card)
    if origin != "import":
        note_act(world, member.id, "joined")
    return member


def note_names(world: World, member_id: int, **names: str | None) -> None:
    """Keep traces of what a member is known by, so that nobody is new twice."""
    traces = [(member_id, kind, value) for kind, value in names.items() if value]
    note_traces(Store(world.connection), world.now, traces)


def find_member(
    world: World,
    *,
    phone: str | None = None,
    email: str | None = None,
    card: str | None = None,
    external_id: str | None = None,
) -> Member | None:
    """The member known by exactly one of these, as rows keep it; None for nobody.

    A blocked or replaced card still finds its member.
    """
    if card is not None:
        assert phone is email is external_id is None, "a member is looked up by one name"
        return queries.member_by_card(world, card)
    return queries.member_by(world, phone=phone, email=email, external_id=external_id)


def reachable_member(world: World, *, kind: str, contact: str) -> Person | None:
    """Who answers at this phone or e-mail; nobody for an erased member."""
    member = queries.member_by(world, **{kind: contact})
    return None if member is None or member.status == "erased" else person(member)


def person_of(world: World, member_id: int) -> Person | None:
    """Who this member is."""
    member = queries.member_by_id(world, member_id)
    return None if member is None else person(member)


def claim_history(world: World, member_id: int) -> bool:
    """The member proved to be the one whose history came with an import; they get a card.

    True the first time; a repeat changes nothing.

    Raises:
        UnknownMember: there is nobody with this id.
        MemberBlocked: the membership is paused.
    """
    member = present_member(world, member_id)
    note_names(world, member_id, card=ensure_card(world, member_id))
    if member.claimed_at is not None:
        return False
    member.claimed_at = world.now
    world.session.flush()
    note_profile(world, member_id)
    return True


def see_year(world: World, member_id: int) -> None:
    """Note that «your year already counts» was seen; a repeat changes nothing."""
    member = queries.member_by_id(world, member_id)
    if member is not None and member.year_seen_at is None:
        member.year_seen_at = world.now
        member.celebrated_upto = world.ids()  # the year told all that was earned in it
        world.session.flush()


def celebrate_upto(world: World, member_id: int, notice_id: int) -> bool:
    """Note that everything up to this notice has its scene; False when it had one already."""
    sql = "UPDATE member SET celebrated_upto = ? WHERE id = ? AND celebrated_upto < ?"
    return Store(world.connection).run(sql, notice_id, member_id, notice_id) == 1


def claim_at_contact(world: World, member_id: int, *, kind: str, contact: str) -> str | None:
    """Claim a history for whoever proved this contact; answers the contact it replaces, if any.

    A contact that came with an import may be replaced. One that somebody signs in with may not.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        HistoryClaimed: somebody was first.
        AlreadyTaken: the contact is somebody else's.
    """
    # Held: the owner may be claiming by a code to the old contact at this moment.
    member = _may_act(queries.held_member(world, member_id), member_id)
    if member.claimed_at is not None:
        raise HistoryClaimed(member_id=member_id)
    before = change_contact(world, member, kind=kind, contact=contact)
    note_names(world, member_id, **{kind: contact})
    claim_history(world, member_id)
    return before


def change_locale(world: World, member_id: int, locale: str) -> None:
    """Speak to the member in this language, in messages too."""
    member = queries.member_by_id(world, member_id)
    if member is not None and member.locale != locale:
        member.locale = locale
        world.session.flush()


def person(member: Member) -> Person:
    assert member.id is not None, "a stored row has its id"
    return Person(
        member_id=member.id, public_id=member.public_id, name=member.name, phone=member.phone,
        email=member.email, locale=member.locale, status=member.status, origin=member.origin,
        claimed_at=member.claimed_at, year_seen_at=member.year_seen_at,
    )  # fmt: skip


def present_member(world: World, member_id: int) -> Member:
    """A member who may act. Raises UnknownMember, MemberBlocked."""
    return _may_act(queries.member_by_id(world, member_id), member_id)


def _may_act(member: Member | None, member_id: int) -> Member:
    if member is None or member.status == "erased":
        raise UnknownMember(member_id=member_id)
    if member.status == "blocked":
        raise MemberBlocked(member_id=member_id)
    return member
