"""What members choose for themselves: their zone, what they agree to, how they are told."""

from collections.abc import Sequence
from zoneinfo import available_timezones

from gamification.commands.member import ConsentAnswer, present_member
from gamification.members.actions import note_consents
from gamification.members.rules import next_zone_change
from gamification.notices.actions import keep_choice
from gamification.notices.copies import CHANNELS, COPIES, chosen_kind
from gamification.refusals import InvalidSetting, ZoneTooSoon
from gamification.world import World

__all__ = [
    "ConsentAnswer",
    "answer_questions",
    "change_zone",
    "choose_notice",
    "set_quiet_hours",
]

HOURS = range(24)


def change_zone(world: World, member_id: int, zone: str | None) -> None:
    """Count the member's own days in this zone; None is the shop's. The same again is no change.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: there is no such zone.
        ZoneTooSoon: it was changed less than 30 days ago.
    """
    member = present_member(world, member_id)
    if zone is not None and (len(zone) > 64 or zone not in available_timezones()):
        raise InvalidSetting(setting="zone", value=zone)
    if zone == member.zone:
        return
    until = next_zone_change(member.zone_changed_at)
    if until is not None and world.now < until:
        raise ZoneTooSoon(until=until)
    member.zone, member.zone_changed_at = zone, world.now
    world.session.flush()


def answer_questions(world: World, member_id: int, answers: Sequence[ConsentAnswer]) -> None:
    """Keep what the member agrees to or takes back, with the words that were shown.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    present_member(world, member_id)
    note_consents(world, member_id, answers, actor=f"member:{member_id}")


def choose_notice(world: World, member_id: int, *, kind: str, channel: str, wanted: bool) -> None:
    """Tell the member of such things by this channel, or not. The inbox always has them.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: there is no such message or channel.
    """
    present_member(world, member_id)
    if kind not in COPIES or channel not in CHANNELS:
        raise InvalidSetting(setting="notice", value=f"{kind} {channel}")
    keep_choice(world, member_id, kind=chosen_kind(kind), channel=channel, wanted=wanted)


def set_quiet_hours(world: World, member_id: int, hours: tuple[int, int] | None) -> None:
    """Let copies by e-mail and SMS rest between two hours of the member's own day.

    Args:
        hours: from (inclusive) and until (exclusive), over midnight where the first is
            later; None: they may come at any time.
    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: no hours of a day, or the same hour twice.
    """
    member = present_member(world, member_id)
    if hours is not None and (hours[0] == hours[1] or not set(hours) <= set(HOURS)):
        raise InvalidSetting(setting="quiet_hours", value=f"{hours[0]}-{hours[1]}")
    member.quiet_from, member.quiet_to = hours or (None, None)
    world.session.flush()
