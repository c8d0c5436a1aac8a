"""Which messages of the inbox go out by mail as well, and how often."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.members.tables import Member
from gamification.notices.actions import write_notice
from gamification.notices.queries import Parcel
from gamification.programme import ProgrammeRow, local_day
from gamification.world import World


@dataclass(frozen=True, slots=True)
class CopyRule:
    """Why a kind is mailed: facts about somebody's own receipt always, news once a day."""

    purpose: str
    once_a_day: bool

    def key(self, parcel: Parcel, day: date) -> str:
        """The key under which the copy is written once."""
        return f"news:{parcel.member_id}:{day}" if self.once_a_day else f"mail:{parcel.id}"


COPIES = {
    "returned": CopyRule(purpose="service", once_a_day=False),
    "tier_reached": CopyRule(purpose="marketing", once_a_day=True),
    "medal": CopyRule(purpose="marketing", once_a_day=True),
}


def copy_to_mail(world: World, parcel: Parcel) -> int | None:
    """Write the mail that repeats a message of the inbox; None when none is due.

    Only to members who have come in themselves and have an address. News needs the
    consent to marketing, and of one local day's news the first is sent.
    """
    rule = COPIES.get(parcel.kind)
    if rule is None or not _is_reachable(world, parcel):
        return None
    return write_notice(
        world,
        kind=parcel.kind,
        channel="email",
        payload=parcel.payload,
        dedupe_key=rule.key(parcel, local_day(world.now, _zone(world))),
        member_id=parcel.member_id,
        purpose=rule.purpose,
        locale=parcel.locale,
    )


def _is_reachable(world: World, parcel: Parcel) -> bool:
    came_in = sa.and_(col(Member.claimed_at).is_not(None), col(Member.email).is_not(None))
    found = select(Member.id).where(Member.id == parcel.member_id, came_in)
    return world.session.exec(found.where(Member.status == "active")).first() is not None


def _zone(world: World) -> ZoneInfo:
    return ZoneInfo(world.session.exec(select(ProgrammeRow.zone)).first() or "UTC")
