"""Whose turn a periodic job is: claimed like a message, for one worker and one time slot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from gamification.programme import ProgrammeRow
from gamification.world import World
from webapp.jobs.schedule import Job
from webapp.jobs.tables import ScheduledJob

LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """One worker's right to one job until its lease ends; `leased_until` is the proof."""

    job: Job
    leased_until: datetime


class LostTurnError(Exception):
    """Somebody else took the job over; what this transaction did is undone."""


def enter_jobs(world: World, jobs: Sequence[Job]) -> None:
    """Write a row for every job that has none; a new job is due at once."""
    table = ScheduledJob.__table__  # type: ignore[attr-defined]
    postgres = world.session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if postgres else sqlite.insert)(table)
    for job in jobs:
        row = {"name": job.name, "next_run_at": world.now, "runs": 0, "failures": 0}
        world.session.execute(insert.values(row).on_conflict_do_nothing())


def due_names(now: datetime, jobs: Sequence[Job]) -> sa.ColumnElement[bool]:
    """Rows of these jobs that are due and in nobody's hands."""
    free = sa.or_(col(ScheduledJob.leased_until).is_(None), col(ScheduledJob.leased_until) <= now)
    known = col(ScheduledJob.name).in_([job.name for job in jobs])
    return sa.and_(known, col(ScheduledJob.next_run_at) <= now, free)


def is_job_due(world: World, jobs: Sequence[Job]) -> bool:
    """Whether there is a turn to take, without taking any lock."""
    due = select(ScheduledJob.name).where(due_names(world.now, jobs)).limit(1)
    return world.session.exec(due).first() is not None


def take_turn(world: World, jobs: Sequence[Job]) -> Turn | None:
    """The job that has waited longest, for ten minutes; None when there is none."""
    due = (
        select(ScheduledJob.name)
        .where(due_names(world.now, jobs))
        .order_by(col(ScheduledJob.next_run_at), col(ScheduledJob.name))
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite has no such words and holds the lock already
    )
    name = world.session.exec(due).first()
    if name is None:
        return None
    until = world.now + LEASE
    _update(world, col(ScheduledJob.name) == name, leased_until=until)
    return Turn(next(job for job in jobs if job.name == name), until)


def keep_turn(world: World, turn: Turn) -> Turn:
    """The turn for ten minutes more, in the transaction of a step.

    Raises:
        LostTurnError: the lease had ended and somebody else is at it.
    """
    until = world.now + LEASE
    _mine(world, turn, leased_until=until)
    return Turn(turn.job, until)


def end_turn(world: World, turn: Turn) -> None:
    """The job is done until its next time. Raises LostTurnError."""
    next_run = turn.job.next_run(world.now, programme_zone(world))
    _mine(
        world,
        turn,
        next_run_at=next_run,
        leased_until=None,
        finished_at=world.now,
        runs=col(ScheduledJob.runs) + 1,
        failures=0,
        last_error=None,
    )


def put_off(world: World, turn: Turn, error: str | None = None) -> None:
    """Try again later: after a minute at first, after an hour at most.

    Without an error it is only too early, and a minute is enough. Raises LostTurnError.
    """
    failures = world.session.exec(
        select(ScheduledJob.failures).where(ScheduledJob.name == turn.job.name)
    ).one()
    wait = timedelta(minutes=1) if error is None else wait_after(failures)
    _mine(
        world,
        turn,
        next_run_at=world.now + wait,
        leased_until=None,
        failures=failures + (error is not None),
        last_error=error[:300] if error else None,
    )


def wait_after(failures: int) -> timedelta:
    """1, 2, 4 … minutes, at most an hour."""
    return min(timedelta(minutes=2 ** min(failures, 10)), LONGEST_WAIT)


def programme_zone(world: World) -> ZoneInfo:
    """The zone that days are counted in; UTC until the programme is set up."""
    return ZoneInfo(world.session.exec(select(ProgrammeRow.zone)).first() or "UTC")


def _mine(world: World, turn: Turn, **values: object) -> None:
    mine = sa.and_(
        col(ScheduledJob.name) == turn.job.name,
        col(ScheduledJob.leased_until) == turn.leased_until,
    )
    if _update(world, mine, **values) != 1:
        raise LostTurnError(turn.job.name)


def _update(world: World, which: sa.ColumnElement[bool], **values: object) -> int:
    change = sa.update(ScheduledJob).where(which).values(**values)
    return world.session.connection().execute(change).rowcount
