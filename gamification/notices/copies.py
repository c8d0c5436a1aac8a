"""Which messages of the inbox go out by e-mail or SMS as well, how often, and when they rest."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.members.tables import Member
from gamification.notices.actions import write_notice
from gamification.notices.queries import Parcel
from gamification.notices.tables import NoticeChoice
from gamification.programme import ProgrammeRow, local_day, zone_of
from gamification.world import World

Channel = Literal["email", "sms"]
CHANNELS: tuple[Channel, ...] = ("email", "sms")


@dataclass(frozen=True, slots=True)
class CopyRule:
    """Why a kind is sent out: facts about somebody's own receipt always, news once a day.

    `purpose` holds until the member chooses: what they ask for themselves is a service.
    Of the kinds of one `family` together, only the first of a day goes out.
    """

    purpose: str
    once_a_day: bool
    family: str = "news"

    def key(self, parcel: Parcel, channel: Channel, day: date) -> str:
        """The key under which the copy is written once."""
        if self.once_a_day:
            family = self.family if channel == "email" else f"{self.family}-sms"
            return f"{family}:{parcel.member_id}:{day}"
        return f"{'mail' if channel == 'email' else channel}:{parcel.id}"


COPIES = {
    "returned": CopyRule(purpose="service", once_a_day=False),
    "tier_reached": CopyRule(purpose="marketing", once_a_day=True),
    "medal": CopyRule(purpose="marketing", once_a_day=True),
    "expiring": CopyRule(purpose="service", once_a_day=True, family="expiry"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody is reached; `wanted` are their own choices for one kind, by channel.

    `rest` are the hours of their own day in which copies wait.
    """

    reachable: dict[Channel, bool]
    wanted: dict[str, bool]
    rest: tuple[int, int] | None
    zone: ZoneInfo

    def purpose(self, channel: Channel, rule: CopyRule) -> str | None:
        """For what a copy goes out by this channel; None: not at all."""
        chosen = self.wanted.get(channel)
        if chosen is False or not self.reachable[channel]:
            return None
        if chosen:
            return "service"
        return rule.purpose if channel == "email" else None

    def awake_at(self, now: datetime) -> datetime:
        """The first instant from `now` on at which copies may come."""
        return now if self.rest is None else after_rest(now, self.rest, self.zone)


def after_rest(now: datetime, rest: tuple[int, int], zone: ZoneInfo) -> datetime:
    """The end of the rest that an instant lies in; the instant itself outside of it.

    The rest runs from the first hour (inclusive) to the second (exclusive), over midnight
    where the first is later.
    """
    begins, ends = rest
    local = now.astimezone(zone)
    over_midnight = begins > ends
    within = (
        local.hour >= begins or local.hour < ends if over_midnight else begins <= local.hour < ends
    )
    if not within:
        return now
    day = local.date() + timedelta(days=over_midnight and local.hour >= begins)
    return datetime.combine(day, time(ends), zone).astimezone(now.tzinfo)


def send_copies(world: World, parcel: Parcel) -> list[int]:
    """Write the copies that repeat a message of the inbox; answers their ids.

    Only to members who have come in themselves. News that nobody asked for needs the
    consent to marketing, and of one local day's news the first is sent.
    """
    rule, reader = COPIES.get(parcel.kind), reader_of(world, parcel)
    if rule is None or reader is None:
        return []
    written: list[int] = []
    for channel in CHANNELS:
        if (purpose := reader.purpose(channel, rule)) is None:
            continue
        copy = write_notice(
            world,
            kind=parcel.kind,
            channel=channel,
            payload=parcel.payload,
            dedupe_key=rule.key(parcel, channel, local_day(world.now, _shop_zone(world))),
            member_id=parcel.member_id,
            purpose=purpose,
            locale=parcel.locale,
            due_at=reader.awake_at(world.now),
        )
        written += [] if copy is None else [copy]
    return written


def is_copy(parcel: Parcel) -> bool:
    """Whether a parcel repeats a message of the inbox, so that it may be refused or wait."""
    return parcel.kind in COPIES and parcel.channel in CHANNELS and parcel.member_id is not None


def reader_of(world: World, parcel: Parcel) -> Reader | None:
    """How the member of a parcel wants to be told; None for who has not come in, or is gone."""
    columns = (
        col(Member.email),
        col(Member.phone_confirmed_at),
        col(Member.quiet_from),
        col(Member.quiet_to),
        col(Member.zone),
    )
    here = sa.select(*columns).where(
        col(Member.id) == parcel.member_id,
        col(Member.status) == "active",
        col(Member.claimed_at).is_not(None),
    )
    row = world.session.execute(here).first()
    if row is None:
        return None
    email, phone_confirmed_at, quiet_from, quiet_to, zone = row
    return Reader(
        reachable={"email": email is not None, "sms": phone_confirmed_at is not None},
        wanted=_choices(world, parcel),
        rest=None if quiet_from is None else (quiet_from, quiet_to),
        zone=zone_of(zone) if zone else _shop_zone(world),
    )


def _choices(world: World, parcel: Parcel) -> dict[str, bool]:
    chosen = select(NoticeChoice.channel, NoticeChoice.wanted).where(
        NoticeChoice.member_id == parcel.member_id, NoticeChoice.kind == parcel.kind
    )
    return dict(world.session.exec(chosen).all())


def _shop_zone(world: World) -> ZoneInfo:
    return zone_of(world.session.exec(select(ProgrammeRow.zone)).first() or "UTC")
