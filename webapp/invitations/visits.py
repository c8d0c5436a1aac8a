"""How often pages of invitations were opened: counted in memory, written together.

A click writes nothing, so a day of a hundred thousand of them keeps no till waiting. What
a process that is killed had not written yet, some seconds of clicks, is lost.
"""

import atexit
import threading
from collections import Counter
from datetime import date

from flask import Flask

from gamification.commands.referrals import note_visits
from webapp.log import LOG
from webapp.world import Worlds

FLUSH_SECONDS = 4.0
MOST_KEYS = 4_096
MOST_FAILURES = 5

Key = tuple[int, date, str]


class Visits:
    """Opens by code, local day and channel, until the next batch; for many threads."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._lock = threading.Lock()
        self._counts: Counter[Key] = Counter()
        self._timer: threading.Timer | None = None
        self._failures = 0

    def add(self, code_id: int, day: date, channel: str) -> None:
        """One person more has opened the page of a code."""
        key = (code_id, day, channel)
        if len(self._counts) >= MOST_KEYS and key not in self._counts:
            self.flush()
        with self._lock:
            self._counts[key] += 1
            self._wait()

    def flush(self) -> None:
        """Write what is counted, in one transaction; what cannot be written is kept for later."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            atexit.unregister(self.flush)
        if taken:
            self._write(taken)

    def _wait(self) -> None:
        """Have the batch written in a few seconds, or when the process ends."""
        if self._timer is None:
            self._timer = threading.Timer(FLUSH_SECONDS, self.flush)
            self._timer.daemon = True
            self._timer.start()
            atexit.register(self.flush)

    def _write(self, taken: Counter[Key]) -> None:
        rows = [(*key, more) for key, more in taken.items()]
        try:
            self._worlds.run(lambda world: note_visits(world, rows))
        except Exception as error:  # noqa: BLE001 - counts must never break a page or an exit
            self._keep(taken, error)
        else:
            self._failures = 0

    def _keep(self, taken: Counter[Key], error: Exception) -> None:
        """Put a batch back for the next try; after a few in a row it is given up."""
        with self._lock:
            self._failures += 1
            lost = self._failures >= MOST_FAILURES or len(self._counts) >= MOST_KEYS
            if not lost:
                self._counts.update(taken)
                self._wait()
        LOG.warning("visits_not_written", error=type(error).__name__, keys=len(taken), lost=lost)


def register_visits(app: Flask, worlds: Worlds) -> None:
    """Give the app its count of visits."""
    app.extensions["laurel.visits"] = Visits(worlds)


def visits_of(app: Flask) -> Visits:
    """The app's count of visits."""
    found: Visits = app.extensions["laurel.visits"]
    return found
