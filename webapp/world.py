"""One unit of work: a session, a clock, one transaction that the edge commits or undoes."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from gamification.refusals import Refusal
from gamification.world import Clock, Glance, World, system_clock
from webapp.db import let_write, read_only
from webapp.serving import this_app

T = TypeVar("T")
MOST_TRIES = 5
UNIQUE_VIOLATION = "23505"
PASSING_STATES = {"40001", "40P01", "55P03"}  # serialisation, deadlock, lock not available


class ReadOnlyNow(Refusal):
    """The pages show a day in the past; nothing can be changed there."""

    code = "read_only_now"


@dataclass(frozen=True, slots=True)
class Worlds:
    """Opens worlds on one database with one clock.

    With `still` set, the clock stands at the end of that day and nothing may be written.
    """

    engine: sa.Engine
    clock: Clock = system_clock
    still: date | None = None

    @contextmanager
    def open(self, *, readonly: bool = False) -> Iterator[World]:
        """A world for one transaction: committed at the end, undone by any exception.

        Raises:
            ReadOnlyNow: a writing world of a day in the past.
        """
        if self.still is not None and not readonly:
            raise ReadOnlyNow(on=self.still)
        with self.engine.connect() as plain:
            connection = read_only(plain) if readonly else plain
            world = World(clock=self.clock, past=self.still is not None, connection=connection)
            try:
                yield world
                if not readonly:
                    world.commit()
            finally:
                world.close()

    @contextmanager
    def glance(self) -> Iterator[World]:
        """A world for few small statements that read, of which none must fit another.

        It writes nothing: SQLite refuses to, and PostgreSQL undoes it.
        """
        with self.engine.connect() as connection:
            connection.execution_options(readonly=True)  # for what a session may begin
            if connection.dialect.name == "sqlite":
                let_write(connection, False)
            world = Glance(clock=self.clock, past=self.still is not None, connection=connection)
            try:
                yield world
            finally:
                world.close()

    def run(self, unit: Callable[[World], T]) -> T:
        """Do a whole unit of work in a writing world, again when it only met others.

        A key that somebody else took at the same moment: once more. A serialisation
        failure or a deadlock: up to five times, a little later each time.
        """
        for attempt in range(1, MOST_TRIES + 1):
            try:
                with self.open() as world:
                    return unit(world)
            except DBAPIError as error:
                if not may_try_again(error, attempt):
                    raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - only spreads them out
        raise AssertionError("the last attempt returns or raises")


def may_try_again(error: DBAPIError, attempt: int) -> bool:
    """Whether the same unit of work may well succeed when it is done once more."""
    if is_collision(error) or is_busy(error):
        return attempt < 2
    return sql_state(error) in PASSING_STATES and attempt < MOST_TRIES


def is_collision(error: DBAPIError) -> bool:
    """Whether a unique key was taken by somebody else."""
    if not isinstance(error, IntegrityError):
        return False
    return sql_state(error) == UNIQUE_VIOLATION or "UNIQUE constraint failed" in str(error.orig)


def is_busy(error: DBAPIError) -> bool:
    """Whether SQLite's one write lock stayed taken for longer than we wait."""
    return getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def sql_state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def programme_worlds() -> Worlds:
    """The worlds of the programme: its clock may stand still."""
    worlds: Worlds = this_app().extensions["laurel"].programme
    return worlds


def entrance_worlds() -> Worlds:
    """The worlds of sign-ins and sessions: always now, always open."""
    worlds: Worlds = this_app().extensions["laurel"].entrance
    return worlds


@contextmanager
def open_world(*, readonly: bool = False) -> Iterator[World]:
    """A world of the programme for the request that is being answered."""
    with programme_worlds().open(readonly=readonly) as world:
        yield world


def run_world(unit: Callable[[World], T]) -> T:
    """Do a unit of work in the programme's world, with the retries of `Worlds.run`."""
    return programme_worlds().run(unit)


@contextmanager
def open_entrance(*, readonly: bool = False) -> Iterator[World]:
    """A world for accounts and sessions, which works also when the programme stands still."""
    with entrance_worlds().open(readonly=readonly) as world:
        yield world


def glance_entrance() -> AbstractContextManager[World]:
    """As `Worlds.glance`, on the entrance's clock."""
    return entrance_worlds().glance()


def run_entrance(unit: Callable[[World], T]) -> T:
    """Do a unit of work on accounts and sessions, with the retries of `Worlds.run`."""
    return entrance_worlds().run(unit)
