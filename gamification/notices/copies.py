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
from gamification.notices.retries import is_stale
from gamification.notices.tables import Notice, NoticeChoice
from gamification.programme import ProgrammeRow, local_day, zone_of
from gamification.world import World

Channel = Literal["email", "sms"]
CHANNELS: tuple[Channel, ...] = ("email", "sms")


NEWS = "news"
NEWS_REST = (21, 9)
"""News that nobody asked for waits in these hours where a member has chosen none."""
MORNING = time(10)


@dataclass(frozen=True, slots=True)
class CopyRule:
    """Why a kind is sent out: facts about somebody's own receipt always, news a few a day.

    `purpose` holds until the member chooses: what they ask for themselves is a service.
    Of the kinds of one `family` together, only the first of a day go out: of news as many
    as the shop allows, else one; a copy that finds its day full may wait `waits` days.
    Kinds with the same `chosen_as` are chosen together, under that kind.
    """

    purpose: str
    once_a_day: bool
    family: str = NEWS
    waits: int = 0
    chosen_as: str = ""

    @property
    def is_news(self) -> bool:
        """Whether it counts as one of a day's news."""
        return self.once_a_day and self.family == NEWS

    def keys(self, parcel: Parcel, channel: Channel, day: date, most: int) -> list[str]:
        """The keys of which one must be free for the copy to go out on a day."""
        if not self.once_a_day:
            return [f"{'mail' if channel == 'email' else channel}:{parcel.id}"]
        family = self.family if channel == "email" else f"{self.family}-sms"
        first = f"{family}:{parcel.member_id}:{day}"
        if not self.is_news:
            return [first]
        return [first, *(f"{first}:{n}" for n in range(2, most + 1))][:most]


CHALLENGES = "challenge_invitation"
"""The kind under which a member chooses all messages of challenges."""


def _challenge(waits: int = 0) -> CopyRule:
    return CopyRule(purpose="marketing", once_a_day=True, waits=waits, chosen_as=CHALLENGES)


COPIES = {
    "returned": CopyRule(purpose="service", once_a_day=False),
    "tier_reached": CopyRule(purpose="marketing", once_a_day=True),
    "medal": CopyRule(purpose="marketing", once_a_day=True),
    "expiring": CopyRule(purpose="service", once_a_day=True, family="expiry"),
    "challenge_invitation": _challenge(waits=3),
    "challenge_reminder": _challenge(),
    "challenge_almost": _challenge(),
    "challenge_won": _challenge(waits=1),
    "challenge_ended": _challenge(waits=1),
    "birthday": CopyRule(purpose="marketing", once_a_day=True),
}
CHOSEN = tuple(kind for kind, rule in COPIES.items() if rule.chosen_as in ("", kind))
"""Kinds that a member chooses by channel."""


def chosen_kind(kind: str) -> str:
    """The kind under which a kind is chosen."""
    rule = COPIES.get(kind)
    return rule.chosen_as or kind if rule else kind


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

    def awake_at(self, now: datetime, purpose: str = "service") -> datetime:
        """The first instant from `now` on at which copies for a purpose may come."""
        rest = self.rest or (NEWS_REST if purpose == "marketing" else None)
        return now if rest is None else after_rest(now, rest, self.zone)


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
    consent to marketing, and of one day's news, as the member counts days, only the first
    are sent; the rest stays in the inbox.
    """
    rule, reader = COPIES.get(parcel.kind), reader_of(world, parcel)
    if rule is None or reader is None:
        return []
    most = news_a_day(world) if rule.is_news else 1
    written: list[int] = []
    for channel in CHANNELS:
        if (purpose := reader.purpose(channel, rule)) is None:
            continue
        copy = _first_free(world, parcel, channel, purpose, reader, most)
        written += [] if copy is None else [copy]
    return written


def _first_free(
    world: World, parcel: Parcel, channel: Channel, purpose: str, reader: Reader, most: int
) -> int | None:
    """Write a copy on the first day that has room for it; None when none has."""
    rule, due = COPIES[parcel.kind], reader.awake_at(world.now, purpose)
    for _ in range(rule.waits + 1):
        day = local_day(due, reader.zone)
        if is_stale(parcel.payload, due):
            return None
        for key in rule.keys(parcel, channel, day, most):
            copy = write_notice(
                world,
                kind=parcel.kind,
                channel=channel,
                payload=parcel.payload,
                dedupe_key=key,
                member_id=parcel.member_id,
                purpose=purpose,
                locale=parcel.locale,
                due_at=due,
            )
            if copy is not None:
                return copy
        due = reader.awake_at(next_morning(due, reader.zone), purpose)
    return None


def next_morning(instant: datetime, zone: ZoneInfo) -> datetime:
    """Ten o'clock of the local day after an instant's."""
    day = local_day(instant, zone) + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(instant.tzinfo)


def room_at(world: World, parcel: Parcel, reader: Reader) -> datetime:
    """When the member may have a copy of news that is due: now, or the next morning.

    What waited for the end of a rest may meet the news of the day it comes to.
    """
    if not COPIES[parcel.kind].is_news:
        return world.now
    day = datetime.combine(local_day(world.now, reader.zone), time(), reader.zone)
    sent = sa.select(sa.func.count()).where(
        col(Notice.member_id) == parcel.member_id,
        col(Notice.channel) == parcel.channel,
        col(Notice.state) == "sent",
        col(Notice.sent_at) >= day.astimezone(world.now.tzinfo),
        col(Notice.kind).in_([kind for kind, rule in COPIES.items() if rule.is_news]),
    )
    told = world.session.execute(sent).scalar() or 0
    return world.now if told < news_a_day(world) else next_morning(world.now, reader.zone)


def news_a_day(world: World) -> int:
    """How many news a member may get by a channel in a day."""
    found = world.session.exec(select(ProgrammeRow.news_a_day)).first()
    return 1 if found is None else found


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
        NoticeChoice.member_id == parcel.member_id,
        NoticeChoice.kind == chosen_kind(parcel.kind),
    )
    return dict(world.session.exec(chosen).all())


def _shop_zone(world: World) -> ZoneInfo:
    return zone_of(world.session.exec(select(ProgrammeRow.zone)).first() or "UTC")
