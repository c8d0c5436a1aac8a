"""What a member answers, passes over or puts off: the first questions and the next step."""

from collections.abc import Sequence
from datetime import date

from gamification.activities.queries import popular_categories
from gamification.commands.member import ConsentAnswer, present_member
from gamification.commands.preferences import choose_notice
from gamification.commands.profile import fill_profile
from gamification.members.prompts import (
    BIRTHDAY,
    FAVOURITE,
    MESSAGES,
    QUESTIONS,
    STEP,
    note_prompt,
)
from gamification.notices.copies import CHANNELS, COPIES
from gamification.refusals import InvalidSetting
from gamification.store import Store
from gamification.world import World

__all__ = [
    "answer_birthday",
    "answer_favourite",
    "answer_messages",
    "pass_over",
    "put_step_off",
]


def answer_birthday(
    world: World, member_id: int, birthday: date, *, parent: Sequence[ConsentAnswer] = ()
) -> None:
    """Keep the birthday; with it the profile may become complete, which is an act.

    Args:
        parent: what a parent agreed to, for a child.
    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        ParentNeeded: a child, and no parent has agreed.
        InvalidSetting, BirthdayFixed: as for the profile.
    """
    member = present_member(world, member_id)
    fill_profile(world, member_id, name=member.name, birthday=birthday, parent=parent)
    note_prompt(world, member_id, BIRTHDAY, birthday.isoformat())


def answer_favourite(world: World, member_id: int, category: str) -> None:
    """Keep what the member likes most, of what the shop sells.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: the shop sells nothing of that kind lately.
    """
    present_member(world, member_id)
    if category not in popular_categories(Store(world.connection)):
        raise InvalidSetting(setting="category", value=category)
    note_prompt(world, member_id, FAVOURITE, category)


def answer_messages(world: World, member_id: int, channel: str | None) -> None:
    """Send copies of the inbox by a channel; None keeps them all in the inbox.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: there is no such channel.
    """
    member = present_member(world, member_id)
    if channel is not None and channel not in CHANNELS:
        raise InvalidSetting(setting="channel", value=channel)
    own = "email" if member.email else "sms"
    for kind in COPIES:
        choose_notice(world, member_id, kind=kind, channel=channel or own, wanted=bool(channel))
    note_prompt(world, member_id, MESSAGES, channel or "inbox")


def pass_over(world: World, member_id: int, code: str) -> None:
    """The member does not want to answer; they are not asked again.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: there is no such question.
    """
    present_member(world, member_id)
    if code not in QUESTIONS:
        raise InvalidSetting(setting="question", value=code)
    note_prompt(world, member_id, code, None)


def put_step_off(world: World, member_id: int) -> None:
    """The next step on Home rests until the programme's next midnight.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    present_member(world, member_id)
    note_prompt(world, member_id, STEP, None)
