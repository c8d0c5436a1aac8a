"""What the clock brings, and when: the list of periodic work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gamification.commands import (
    audiences,
    birthdays,
    challenge_clock,
    challenge_messages,
    challenge_reminders,
    clockwork,
    expiries,
    postman,
    suspicions,
)
from gamification.world import World
from webapp.accounts import actions as accounts
from webapp.accounts import throttles
from webapp.jobs.erasure import erase_member
from webapp.jobs.invitations import settle_referrals

Step = Callable[[World], int]


@dataclass(frozen=True, slots=True)
class Job:
    """One verb of the clock. A step is one transaction and answers how much it did.

    With `until_done`, steps follow each other until one finds nothing to do. Either
    `every` so long, or daily `at` a time of day in the programme's zone.
    """

    name: str
    step: Step
    every: timedelta | None = None
    at: time | None = None
    until_done: bool = True

    def next_run(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first instant after `now` at which the job is due again."""
        if self.every is not None:
            return now + self.every
        assert self.at is not None, "a job has a rhythm"
        today = now.astimezone(zone).date()
        days = (datetime.combine(today + timedelta(days=n), self.at, zone) for n in (0, 1))
        return next(day.astimezone(UTC) for day in days if day.astimezone(UTC) > now)


# Names are kept in the database: a job that is renamed is a new job.
JOBS: tuple[Job, ...] = (
    Job("review_tiers", clockwork.review_tiers, at=time(0, 0)),
    Job("count_rhythm", audiences.count_rhythm, at=time(0, 5), until_done=False),
    Job("expire_points", clockwork.expire_points, every=timedelta(hours=1)),
    Job("seal_day", clockwork.seal_day, at=time(0, 30), until_done=False),
    Job("count_rarity", clockwork.count_rarity, at=time(2, 30), until_done=False),
    Job("settle_parked", clockwork.settle_parked, at=time(3, 0)),
    Job("seed_measures", clockwork.seed_measures, every=timedelta(minutes=1)),
    Job("celebrate_birthdays", birthdays.celebrate_birthdays, every=timedelta(minutes=15)),
    Job("settle_referrals", settle_referrals, every=timedelta(seconds=5)),
    Job("advance_challenges", challenge_clock.advance_challenges, every=timedelta(seconds=5)),
    Job("pay_challenges", challenge_clock.pay_challenges, every=timedelta(seconds=5)),
    Job("close_challenges", challenge_clock.close_challenges, every=timedelta(minutes=1)),
    Job("remind_of_challenges", challenge_reminders.remind_of_challenges, at=time(9, 5)),
    Job("invite_members", challenge_messages.invite_members, every=timedelta(seconds=5)),
    Job("remind_members", challenge_messages.remind_members, every=timedelta(minutes=5)),
    Job("expire_flags", suspicions.expire_flags, at=time(0, 45)),
    Job("purge_traces", suspicions.purge_traces, at=time(4, 15)),
    Job("announce_expiry", expiries.announce_expiry, at=time(9, 0)),
    Job("erase_members", erase_member, at=time(3, 30)),
    Job("forget_messages", postman.forget_old_messages, at=time(4, 0)),
    Job("forget_sessions", accounts.forget_old, every=timedelta(hours=1)),
    Job("forget_throttles", throttles.forget_throttles, every=timedelta(hours=1)),
)
