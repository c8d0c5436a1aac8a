"""What members say about how they are reached: this phone is mine now, that one is not."""

from gamification.commands.acts import confirm_contact, note_profile
from gamification.commands.member import note_names, present_member
from gamification.members.actions import change_contact, drop_contact
from gamification.notices.actions import forget_recipient, write_notice
from gamification.notices.queries import CONTACT_CHANNELS
from gamification.refusals import LastContact
from gamification.world import World

OTHER = {"phone": "email", "email": "phone"}


def set_contact(world: World, member_id: int, *, kind: str, contact: str) -> str | None:
    """The member proved this phone or e-mail: it is theirs from now on, and an act once ever.

    Answers the one it replaces, None where there was none or it is the same. What the
    outbox kept of the old one is forgotten.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        AlreadyTaken: the contact is somebody else's.
    """
    member = present_member(world, member_id)
    before = change_contact(world, member, kind=kind, contact=contact)
    if before is not None:
        forget_recipient(world, before)
    note_names(world, member_id, **{kind: contact})
    confirm_contact(world, member_id, kind=kind)
    note_profile(world, member_id)
    return before


def remove_contact(world: World, member_id: int, *, kind: str) -> str | None:
    """Forget the member's phone or e-mail; answers it, None where there was none.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        LastContact: without it nobody could sign in.
    """
    member = present_member(world, member_id)
    if getattr(member, OTHER[kind]) is None:
        raise LastContact()
    before = drop_contact(world, member, kind=kind)
    if before is not None:
        forget_recipient(world, before)
    return before


def tell_of_change(
    world: World, member_id: int, *, kind: str, before: str, now_at: str, locale: str
) -> None:
    """Queue a word to the contact before: a stranger may have changed it.

    Args:
        now_at: where the member signs in from now on, masked.
    """
    write_notice(
        world,
        kind="contact_replaced",
        channel=CONTACT_CHANNELS[kind],
        recipient=before,
        member_id=member_id,
        locale=locale,
        payload={"contact": now_at},
        dedupe_key=f"contact_replaced:{world.ids()}",
    )
