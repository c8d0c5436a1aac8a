"""The postman's door: what he takes from the outbox, where he carries it, how he answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from gamification.notices.actions import (
    claim_due,
    forget_closed,
    mark_dropped,
    mark_failed,
    mark_read,
    mark_sent,
    put_back,
    put_off,
    write_notice,
)
from gamification.notices.copies import is_copy, reader_of, room_at, send_copies
from gamification.notices.queries import Parcel, address_of, is_any_due, is_welcome
from gamification.notices.retries import is_stale
from gamification.world import World

__all__ = [
    "Parcel",
    "Ready",
    "forget_old_messages",
    "is_any_due",
    "lay_in_inbox",
    "look_again",
    "mark_failed",
    "mark_read",
    "mark_sent",
    "put_back",
    "take_due",
    "write_notice",
]

LEASE = timedelta(minutes=5)
KEEPING = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may go now; `address` is None for the inbox, `at` is the last look."""

    parcel: Parcel
    address: str | None
    at: datetime


def take_due(world: World, limit: int = 20) -> list[Parcel]:
    """Messages that are due, for one worker and for five minutes."""
    return claim_due(world, limit, LEASE)


def look_again(world: World, parcel: Parcel, *, secrets: Collection[str] = ()) -> Ready | None:
    """Just before sending: may it still go, and where? None when it was dropped.

    A consent or a wish taken back meanwhile, an address that is gone or a code that has
    run out drop the message for good; in the hours in which its reader rests it waits.
    """
    if is_copy(parcel) and _rests_or_refuses(world, parcel):
        return None
    address = address_of(world, parcel)
    if is_stale(parcel.payload, world.now):
        reason = "too late to help"
    elif not is_welcome(world, parcel):
        reason = "no consent"
    elif address is None and parcel.channel != "inbox":
        reason = "no address"
    else:
        return Ready(parcel, address, world.now)
    mark_dropped(world, parcel, reason, secrets=secrets)
    return None


def _rests_or_refuses(world: World, parcel: Parcel) -> bool:
    """Whether a copy was dropped or put off, as its reader chose meanwhile."""
    reader = reader_of(world, parcel)
    if reader is None:
        return mark_dropped(world, parcel, "nobody to tell")
    if reader.wanted.get(parcel.channel) is False:
        return mark_dropped(world, parcel, "not wanted")
    if is_stale(parcel.payload, world.now):
        return False
    until = reader.awake_at(world.now, parcel.purpose)
    if until <= world.now:
        until = room_at(world, parcel, reader)
    return until > world.now and put_off(world, parcel, until)


def lay_in_inbox(world: World, parcel: Parcel) -> bool:
    """The message is in the inbox; its copies, if any are due, are written with it.

    One that needs a consent which was taken back meanwhile is dropped.
    """
    if not is_welcome(world, parcel):
        mark_dropped(world, parcel, "no consent")
        return False
    delivered = mark_sent(world, parcel)
    if delivered:
        send_copies(world, parcel)
    return delivered


def forget_old_messages(world: World) -> int:
    """Delete what was sent, dropped or given up 90 days ago; the inbox is kept."""
    return forget_closed(world, world.now - KEEPING)
