"""What every action is handed: a transaction, a clock, a source of ids."""

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session

Clock = Callable[[], datetime]
IdSource = Callable[[], int]


def system_clock() -> datetime:
    """The machine's present instant, in UTC."""
    return datetime.now(UTC)


def fixed_clock(instant: datetime) -> Clock:
    """A clock that stands still, for stories, demo data and reading the past."""
    if instant.tzinfo is None:
        raise ValueError("a clock needs a time zone")
    moment = instant.astimezone(UTC)
    return lambda: moment


class RowIds:
    """Row ids that grow with time and need no question to the database.

    41 bits of milliseconds since 2020, 10 bits drawn per process, 12 bits that
    count within a millisecond. Two processes that drew alike may collide; the
    primary key then refuses and the transaction runs again.
    """

    START_MS = 1_577_836_800_000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._draw()

    def _draw(self) -> None:
        self._worker = int.from_bytes(os.urandom(2), "big") & 0x3FF
        self._pid = os.getpid()
        self._last = 0

    def __call__(self) -> int:
        with self._lock:
            if os.getpid() != self._pid:
                self._draw()
            base = ((time.time_ns() // 1_000_000) - self.START_MS) << 12
            self._last = max(base, self._last + 1)
            stamp, count = self._last >> 12, self._last & 0xFFF
            return (stamp << 22) | (self._worker << 12) | count


ROW_IDS = RowIds()


class World:
    """One request or job: one transaction, one clock.

    Only the edge commits. `now` is read once, so that everything in one
    transaction happens at the same instant. A world of the `past` looks at a
    day that is over: what was booked later does not count there. A world on a
    connection makes its session when somebody asks for one: a till never does.
    """

    __slots__ = ("_connection", "_session", "clock", "ids", "now", "past")

    def __init__(
        self,
        session: Session | None = None,
        clock: Clock = system_clock,
        ids: IdSource = ROW_IDS,
        past: bool = False,
        *,
        connection: sa.Connection | None = None,
    ) -> None:
        assert (session is None) != (connection is None), "a world stands on one of the two"
        self._session = session
        self._connection = connection
        self.clock = clock
        self.ids = ids
        self.past = past
        self.now: datetime = clock().astimezone(UTC)

    @property
    def session(self) -> Session:
        """The session, within the world's transaction."""
        if self._session is None:
            self._session = Session(self._connection, expire_on_commit=False)
        return self._session

    @property
    def connection(self) -> sa.Connection:
        """The connection, within the world's transaction."""
        if self._connection is None:
            return self.session.connection()
        if not self._connection.in_transaction():
            self._connection.begin()
        return self._connection

    def commit(self) -> None:
        """For the edge: make everything last."""
        if self._session is not None:
            self._session.commit()
        if self._connection is not None:
            self._connection.commit()

    def close(self) -> None:
        """For the edge: let go of a session that was made here."""
        if self._session is not None and self._connection is not None:
            self._session.close()


class Glance(World):
    """A world without a transaction, for single statements that read: each sees its own moment."""

    __slots__ = ()

    @property
    def connection(self) -> sa.Connection:
        """The connection as it is: nothing is begun, and so nothing has to end."""
        assert self._connection is not None, "a glance stands on a connection"
        return self._connection

    def commit(self) -> None:
        """Nobody's: a glance keeps nothing."""
        raise AssertionError("a glance writes nothing")
