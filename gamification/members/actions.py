"""Writes of members: somebody joins, proves who they are, changes a contact."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from gamification.members.newcomers import uuid7
from gamification.members.queries import taken_name
from gamification.members.rules import MOST_CITY, city_key, clean_city
from gamification.members.tables import Consent, Member
from gamification.refusals import AlreadyTaken, InvalidSetting
from gamification.world import World


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """What somebody answered to one question, and which text they were shown."""

    purpose: str
    given: bool
    text_version: str
    channel: str = "web"


def add_member(
    world: World,
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    locale: str = "ru",
    origin: str = "signup",
) -> Member:
    """A new row; contacts come normalised.

    Raises:
        AlreadyTaken: the phone or the e-mail is somebody's.
    """
    claimed = world.now if origin == "signup" else None
    member = Member(
        public_id=uuid7(), name=name, phone=phone, email=email, locale=locale, origin=origin,
        joined_at=world.now, search=name.casefold(), claimed_at=claimed,
    )  # fmt: skip
    insert_or_refuse(world, member, {"phone": phone, "email": email})
    return member


def insert_or_refuse(world: World, member: Member, names: dict[str, str | None]) -> None:
    """Write the row; a name that somebody holds is told apart from every other fault.

    The unique keys decide, not a look beforehand: two may ask at once.
    """
    try:
        with world.session.begin_nested():
            world.session.add(member)
            world.session.flush()
    except IntegrityError as error:
        if (name := taken_name(world, names)) is None:
            raise
        raise AlreadyTaken(what=name) from error


def note_consents(
    world: World, member_id: int, answers: Sequence[ConsentAnswer], *, actor: str
) -> None:
    """Keep every answer, yes and no, with the text that was shown."""
    for answer in answers:
        world.session.add(
            Consent(
                member_id=member_id,
                purpose=answer.purpose,
                given=answer.given,
                at=world.now,
                text_version=answer.text_version,
                channel=answer.channel,
                actor=actor,
            )
        )
    world.session.flush()


def change_contact(world: World, member: Member, *, kind: str, contact: str) -> str | None:
    """Set a member's phone or e-mail; answers the one before, None when it was the same.

    Raises:
        AlreadyTaken: the contact is somebody else's.
    """
    assert kind in ("phone", "email"), "a contact is a phone or an e-mail"
    before: str | None = getattr(member, kind)
    if before == contact:
        return None
    try:
        with world.session.begin_nested():
            setattr(member, kind, contact)
            setattr(member, f"{kind}_confirmed_at", None)
            world.session.flush()
    except IntegrityError as error:
        raise AlreadyTaken(what=kind) from error
    return before


def drop_contact(world: World, member: Member, *, kind: str) -> str | None:
    """Forget a member's phone or e-mail; answers it."""
    assert kind in ("phone", "email"), "a contact is a phone or an e-mail"
    before: str | None = getattr(member, kind)
    setattr(member, kind, None)
    setattr(member, f"{kind}_confirmed_at", None)
    world.session.flush()
    return before


def change_city(world: World, member: Member, text: str) -> str | None:
    """Keep a member's city as somebody typed it, nothing typed takes it away.

    Answers the one before, "" where there was none, None when it reads as before.

    Raises:
        InvalidSetting: more than MOST_CITY letters, or signs that name nothing.
    """
    city = clean_city(text)
    if len(city) > MOST_CITY or (text.strip() and not city):
        raise InvalidSetting(setting="city", value=text)
    before = member.city or ""
    if city == before:
        return None
    member.city, member.city_key = (city, city_key(city)) if city else (None, None)
    world.session.flush()
    return before
