"""How often pages of invitations were opened: a day of a hundred thousand clicks writes little."""

from datetime import date
from operator import add

from flask import Flask

from gamification.commands.referrals import note_visits
from webapp.batches import Batch
from webapp.world import Worlds

Key = tuple[int, date, str]


class Visits:
    """Opens by code, local day and channel, until the next batch."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._batch: Batch[Key, int] = Batch("visits", self._write, add)

    def add(self, code_id: int, day: date, channel: str) -> None:
        """One person more has opened the page of a code."""
        self._batch.add((code_id, day, channel), 1)

    def flush(self) -> None:
        """Write what is counted, in one transaction."""
        self._batch.flush()

    def _write(self, counts: dict[Key, int]) -> None:
        rows = [(*key, more) for key, more in counts.items()]
        self._worlds.run(lambda world: note_visits(world, rows))


def register_visits(app: Flask, worlds: Worlds) -> None:
    """Give the app its count of visits."""
    app.extensions["laurel.visits"] = Visits(worlds)


def visits_of(app: Flask) -> Visits:
    """The app's count of visits."""
    found: Visits = app.extensions["laurel.visits"]
    return found
