"""Tell the story through the engine, with a clock that moves."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import groupby

import sqlalchemy as sa

from gamification.columns import to_micros
from gamification.commands.acts import check_in, confirm_contact
from gamification.commands.birthdays import celebrate_birthdays
from gamification.commands.clockwork import expire_points, review_tiers
from gamification.commands.intake import take_page
from gamification.commands.member import (
    ConsentAnswer,
    change_locale,
    claim_history,
    find_member,
    join_member,
    see_year,
)
from gamification.commands.members_intake import ConsentEntry, MemberEntry, take_members
from gamification.commands.till import MemberRef, Receipt, record_receipt
from gamification.readmodels.till import member_at_till
from gamification.world import RowIds, World, fixed_clock
from webapp.demo.challenges import FIRST_BEGINS, launch_all, run_all
from webapp.demo.friends import invite, open_invitations, pair_up, settle_all
from webapp.demo.guests import Guest
from webapp.demo.terms import open_programme
from webapp.demo.visits import DAYS, MOSCOW, Visit, bring_back
from webapp.world import Worlds

CHAPTER, WEEK = timedelta(days=28), timedelta(days=7)
LIVE = timedelta(days=3)
"""The last days are told receipt by receipt, so that people get notices."""
LOOKED_IN = {
    "average": tuple(range(4, 0, -1)),
    "champion": tuple(ago for ago in range(36, 0, -1) if ago not in (15, 29)),
}
"""How many days ago those who sign in by themselves looked in."""
SPENDERS = 11
"""How many guests pay with points in a chapter."""
LEAST_SPENT = 60
AGREED = {"programme": "programme-1-ru-demo", "marketing": "marketing-1-ru-demo"}
"""What guests agreed to when they joined, with the words that they were shown."""


class StoryIds:
    """Row ids as they would have been given then: they grow with the story's time."""

    def __init__(self) -> None:
        self._last = 0

    def move(self, to: datetime) -> None:
        """The next ids belong to this instant."""
        stamp = int(to.timestamp() * 1000) - RowIds.START_MS
        self._last = max(self._last, stamp << 22)

    def __call__(self) -> int:
        self._last += 1
        return self._last


@dataclass
class Teller:
    """Tells the visits in chapters; `now` is where the story ends."""

    engine: sa.Engine
    draw: random.Random
    now: datetime
    guests: list[Guest]
    visits: list[Visit]
    ids: StoryIds = field(default_factory=StoryIds)
    receipts: int = 0
    invited: dict[str, tuple[Guest, datetime]] = field(default_factory=dict)

    @contextmanager
    def world(self, at: datetime) -> Iterator[World]:
        """A committed transaction at a moment of the story."""
        self.ids.move(at)
        with Worlds(self.engine, fixed_clock(at)).open() as world:
            world.ids = self.ids
            yield world

    @property
    def opening(self) -> datetime:
        """The morning on which the programme began."""
        day = self.now.astimezone(MOSCOW).date() - timedelta(days=DAYS)
        return datetime.combine(day, time(7), MOSCOW)

    def tell(self, ready: Callable[[World], None]) -> None:
        """The whole story. `ready` is called once the programme is there."""
        with self.world(self.opening) as world:
            open_programme(world)
            open_invitations(world)
            ready(world)
            self._enrol(world)
        told = self._with_returns()
        self.invited = pair_up(self.guests, self.visits)
        start, live_from = self.opening, self.now - LIVE
        while start < live_from:
            end = min(start + CHAPTER, live_from)
            if start <= self.now - FIRST_BEGINS < end:
                with self.world(end - CHAPTER) as world:
                    launch_all(world, self.now)
            self._tell_chapter([v for v in told if start <= v.at < end], end)
            start = end
        self._tell_live([visit for visit in told if visit.at >= live_from])
        self._celebrate(self.now)
        for guest in self.guests:
            if not guest.habit.visits[1]:
                self._sign_up(guest)
            elif guest.habit.claimed:
                self._claim(guest)
        self._keep_books(self.now)

    def _enrol(self, world: World) -> None:
        """The guests' file, as the café kept it: everybody but who joins on the last day."""
        entries = [self._entry(guest) for guest in self.guests if guest.habit.visits[1]]
        report = take_members(world, list(enumerate(entries, 1)))
        assert report.problems == [], "every guest of the story fits"
        for guest in self.guests:
            member = find_member(world, external_id=guest.external_id)
            if member is not None and member.id is not None and guest.locale != member.locale:
                change_locale(world, member.id, guest.locale)

    def _entry(self, guest: Guest) -> MemberEntry:
        first = next((v.at for v in self.visits if v.guest is guest), self.now)
        joined = to_micros(first - timedelta(minutes=9))
        return MemberEntry(
            external_id=guest.external_id,
            name=guest.name,
            phone=guest.phone,
            email=guest.email,
            birthday=guest.birthday,
            city=guest.city,
            joined_at=joined,
            cards=(guest.card,),
            consents=tuple(
                ConsentEntry(purpose, True, text, joined)
                for purpose, text in AGREED.items()
                if purpose == "programme" or guest.wants_news
            ),
        )

    def _sign_up(self, guest: Guest) -> None:
        """Somebody joins by themselves a moment before the story ends."""
        with self.world(self.now - timedelta(minutes=20)) as world:
            join_member(
                world,
                name=guest.name,
                phone=guest.phone,
                email=guest.email,
                consents=[ConsentAnswer("programme", True, AGREED["programme"])],
            )
            member = find_member(world, phone=guest.phone)
            assert member is not None, "joined a moment ago"
            confirm_contact(world, member.id or 0, kind="phone")

    def _claim(self, guest: Guest) -> None:
        """Somebody has signed in long ago, confirmed both contacts and seen their year."""
        first = next(v.at for v in self.visits if v.guest is guest)
        with self.world(first + timedelta(days=1)) as world:
            member = find_member(world, external_id=guest.external_id)
            assert member is not None, "enrolled with the others"
            claim_history(world, member.id or 0)
            see_year(world, member.id or 0)
            for kind in ("phone", "email"):
                confirm_contact(world, member.id or 0, kind=kind)
        self._look_in(guest, member.id or 0)

    def _look_in(self, guest: Guest, member_id: int) -> None:
        """The days on which somebody opened the cabinet lately; today they have not yet."""
        for ago in LOOKED_IN[guest.habit.name]:
            with self.world(self.now - timedelta(days=ago, minutes=ago * 7)) as world:
                check_in(world, member_id)

    def _with_returns(self) -> list[Visit]:
        """The visits, with what some of the guests brought back."""
        returns = [
            back
            for visit in self.visits
            if self.draw.randrange(1000) < 16
            and (back := bring_back(self.draw, visit, self.now)) is not None
        ]
        return sorted([*self.visits, *returns], key=lambda v: (v.at, v.receipt.external_id))

    def _tell_chapter(self, visits: list[Visit], end: datetime) -> None:
        """Four weeks in one page; then the last visits of some, who pay with points."""
        self._invite(end - CHAPTER, end)
        spenders = self._spenders(visits)
        by_guest: dict[str, list[Receipt]] = {}
        for visit in visits:
            if visit not in spenders:
                by_guest.setdefault(visit.guest.external_id, []).append(visit.receipt)
        with self.world(end - CHAPTER) as world:
            report = take_page(world.session, self.ids, list(by_guest.items()))
        assert report.refused == report.conflicts == [], "every receipt of the story fits"
        self.receipts += report.recorded
        for visit in spenders:
            self._tell_one(visit, pays=True)
        self._celebrate(end)
        self._keep_books(end)

    def _invite(self, start: datetime, end: datetime) -> None:
        """Friends who join in a chapter, a moment before their first visit."""
        coming = sorted((at, who) for who, (_, at) in self.invited.items() if start <= at < end)
        for number, (at, who) in enumerate(coming):
            friend = next(guest for guest in self.guests if guest.external_id == who)
            with self.world(at - timedelta(minutes=5)) as world:
                invite(world, self.invited[who][0], friend, number)

    def _celebrate(self, end: datetime) -> None:
        """The birthdays of a chapter, as the clock would have noted them week by week."""
        for weeks in range(CHAPTER // WEEK, -1, -1):
            with self.world(end - weeks * WEEK) as world:
                celebrate_birthdays(world, len(self.guests))

    def _spenders(self, visits: list[Visit]) -> list[Visit]:
        """Some guests' last visits, where they are purchases."""
        ordered = sorted(visits, key=lambda v: v.guest.number)
        last = [list(own)[-1] for _, own in groupby(ordered, key=lambda v: v.guest.number)]
        bought = [v for v in last if v.receipt.type == "purchase"]
        chosen = self.draw.sample(bought, min(SPENDERS, len(bought)))
        return sorted(chosen, key=lambda v: v.at)

    def _tell_live(self, visits: list[Visit]) -> None:
        """Receipt by receipt; every seventh guest pays with points, and a cashier errs once."""
        self._invite(self.now - LIVE, self.now)
        erred = False
        for number, visit in enumerate(visits):
            self._tell_one(visit, pays=number % 7 == 3)
            receipt = visit.receipt
            plain = receipt.type == "purchase" and number % 7 != 3 and len(receipt.lines) > 1
            if plain and not erred and self._stays(visit, visits):
                self._tell_one(corrected(visit), pays=False)
                erred = True

    def _stays(self, visit: Visit, visits: list[Visit]) -> bool:
        """Whether nothing else happens to this receipt."""
        return all(v.receipt.names_id != visit.receipt.external_id for v in visits)

    def _tell_one(self, visit: Visit, *, pays: bool) -> None:
        at = min(visit.at + timedelta(seconds=20), self.now)
        with self.world(at) as world:
            receipt, who = visit.receipt, visit.guest.external_id
            if pays and receipt.type == "purchase":
                receipt = replace(receipt, points_paid=self._may_pay(world, visit))
            record_receipt(world, receipt, MemberRef(external_id=who))
        self.receipts += 1

    def _may_pay(self, world: World, visit: Visit) -> int:
        """What somebody pays with points: all that is allowed, or nothing for a handful."""
        member = member_at_till(world, "external_id", visit.guest.external_id)
        most = min(member.balance, visit.receipt.total // 2 // member.worth_minor)
        return most if most >= LEAST_SPENT else 0

    def _keep_books(self, at: datetime) -> None:
        """What the clock would have done by then."""
        with self.world(at) as world:
            while review_tiers(world) or expire_points(world):
                pass
            settle_all(world)
            run_all(world)


def corrected(visit: Visit) -> Visit:
    """The same receipt without its last line, which the cashier had rung up by mistake."""
    old = visit.receipt
    at = visit.at + timedelta(minutes=2)
    receipt = replace(
        old,
        external_id=f"{old.external_id}-K",
        occurred_at=at,
        lines=old.lines[:-1],
        total=old.total - old.lines[-1].amount,
        names_id=old.external_id,
    )
    return Visit(at, visit.guest, receipt)
