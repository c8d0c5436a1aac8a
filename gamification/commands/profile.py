"""What members tell of themselves: how to call them, when their birthday is, where they live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gamification.commands.acts import note_profile
from gamification.commands.member import ConsentAnswer, present_member
from gamification.commands.preferences import answer_questions
from gamification.members.actions import change_city
from gamification.members.prompts import needs_parent
from gamification.members.rules import clean_name
from gamification.refusals import BirthdayFixed, InvalidSetting, ParentNeeded
from gamification.store import Store
from gamification.world import World

EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the member's own form shows; `fixed`: the birthday was celebrated."""

    name: str
    birthday: date | None
    fixed: bool
    city: str = ""


def profile_of(world: World, member_id: int) -> Profile:
    """What is known of a member. Raises UnknownMember, MemberBlocked."""
    member = present_member(world, member_id)
    fixed = is_celebrated(world, member_id)
    return Profile(member.name, member.birthday, fixed, member.city or "")


def fill_profile(
    world: World,
    member_id: int,
    *,
    name: str,
    birthday: date | None,
    parent: Sequence[ConsentAnswer] = (),
    city: str | None = None,
) -> None:
    """Keep who the member is; a profile that has become complete is an act, once ever.

    A birthday that was celebrated stays as it is: changing it must not pay twice.

    Args:
        parent: what a parent agreed to, for a child.
        city: "" takes it away, None leaves it; it is no part of a complete profile.
    Raises:
        ParentNeeded: a child, and no parent has agreed.
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: no name, a birthday that nobody alive can have, or no city.
        BirthdayFixed: another birthday than the one that was celebrated.
    Source: trust, 5.
    """
    member, called = present_member(world, member_id), clean_name(name)
    if not called:
        raise InvalidSetting(setting="name", value=name)
    if birthday is not None and not EARLIEST <= birthday <= world.now.date():
        raise InvalidSetting(setting="birthday", value=birthday.isoformat())
    if birthday != member.birthday and is_celebrated(world, member_id):
        raise BirthdayFixed()
    if birthday is not None and birthday != member.birthday:
        agreed = any(answer.given for answer in parent)
        if needs_parent(birthday, world.now.date()) and not agreed:
            raise ParentNeeded()
        member.birthday_told_at = world.now
    if parent:
        answer_questions(world, member_id, parent)
    if city is not None:
        change_city(world, member, city)
    member.name, member.search, member.birthday = called, called.casefold(), birthday
    world.session.flush()
    note_profile(world, member_id)


def tell_city(world: World, member_id: int, city: str) -> None:
    """The shop's own system tells where a member lives; "" takes the city away.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: more than 80 letters, or signs that name nothing.
    """
    change_city(world, present_member(world, member_id), city)


def is_celebrated(world: World, member_id: int) -> bool:
    """Whether a birthday of this member was an act already."""
    sql = "SELECT 1 FROM activity WHERE member_id = ? AND type = 'birthday' LIMIT 1"
    return Store(world.connection).first(sql, member_id) is not None
