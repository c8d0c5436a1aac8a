"""What people of the shop put right for a member: a contact, a city, an act; with reasons.

Source: trust, 5, 17 and 21; decision 0111.
"""

from collections.abc import Callable

from gamification.activities.registry import CORRECTABLE
from gamification.commands.acts import cancel_act
from gamification.commands.member import note_names, present_member
from gamification.commands.till import Outcome
from gamification.members.actions import change_city, change_contact
from gamification.members.tables import Correction
from gamification.notices.actions import forget_recipient
from gamification.refusals import ActClosed, InvalidSetting
from gamification.store import Store
from gamification.world import World

LONGEST_REASON = 200


def correct_contact(
    world: World,
    member_id: int,
    *,
    kind: str,
    contact: str,
    reason: str,
    actor: str,
    mask: Callable[[str], str],
) -> str | None:
    """Give a member another phone or e-mail; answers the one before, None where there was none.

    It is theirs to prove again, and no act. The same again changes nothing and is not kept.

    Args:
        contact: normalised.
        mask: how a contact is written down: its ends alone.
    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: no reason.
        AlreadyTaken: the contact is somebody else's.
    """
    why = given_reason(reason)
    member = present_member(world, member_id)
    known = getattr(member, kind)
    if known == contact:
        return None
    before = change_contact(world, member, kind=kind, contact=contact)
    if before is not None:
        forget_recipient(world, before)
    note_names(world, member_id, **{kind: contact})
    world.session.add(
        Correction(
            id=world.ids(),
            member_id=member_id,
            at=world.now,
            kind=kind,
            before=mask(before) if before else "",
            after=mask(contact),
            reason=why,
            actor=actor,
        )
    )
    world.session.flush()
    return before


def correct_city(world: World, member_id: int, city: str, *, reason: str, actor: str) -> None:
    """Give a member another city, or none; what reads as before changes nothing, is not kept.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: no reason, more than 80 letters, or signs that name no city.
    """
    why = given_reason(reason)
    member = present_member(world, member_id)
    before = change_city(world, member, city)
    if before is None:
        return
    world.session.add(
        Correction(
            id=world.ids(),
            member_id=member_id,
            at=world.now,
            kind="city",
            before=before,
            after=member.city or "",
            reason=why,
            actor=actor,
        )
    )
    world.session.flush()


def correct_act(
    world: World, member_id: int, activity_id: int, *, reason: str, actor: str
) -> Outcome:
    """Take one of a member's acts back, with its points; a repeat answers as before.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: no reason.
        ActClosed: no such act of this member, one of an invitation, or it does not count.
    """
    why = given_reason(reason)
    row = Store(world.connection).first(
        "SELECT type FROM activity WHERE id = ? AND member_id = ?", activity_id, member_id
    )
    if row is None or row[0] not in CORRECTABLE:
        raise ActClosed(activity_id=activity_id)
    outcome = cancel_act(world, activity_id, reason=why, actor=actor)
    if outcome.status == "recorded":
        world.session.add(
            Correction(
                id=world.ids(),
                member_id=member_id,
                at=world.now,
                kind="act",
                activity_id=activity_id,
                before=row[0],
                reason=why,
                actor=actor,
            )
        )
        world.session.flush()
    return outcome


def given_reason(text: str) -> str:
    """The reason as it is kept. Raises InvalidSetting where there is none."""
    reason = " ".join(text.split())[:LONGEST_REASON]
    if not any(letter.isalnum() for letter in reason):
        raise InvalidSetting(setting="reason", value=text)
    return reason
