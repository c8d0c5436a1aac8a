"""The turns of periodic jobs, taken a step to a transaction."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from gamification.refusals import ProgrammeMissing
from gamification.world import World
from webapp.jobs.schedule import JOBS, Job
from webapp.jobs.turns import (
    LostTurnError,
    Turn,
    end_turn,
    enter_jobs,
    is_job_due,
    keep_turn,
    put_off,
    take_turn,
)
from webapp.log import LOG
from webapp.world import Worlds

BREATH_SECONDS = 0.02
MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Does what is due, one job a round."""

    worlds: Worlds
    jobs: Sequence[Job] = JOBS

    @property
    def stands_still(self) -> bool:
        """Whether the programme shows a day in the past, where nothing may happen."""
        return self.worlds.still is not None

    def enter(self) -> None:
        """Write the rows of jobs that are new."""
        if not self.stands_still:
            self.worlds.run(partial(enter_jobs, jobs=self.jobs))

    def round(self, stop: threading.Event) -> int:
        """Do one job that is due; answers how many were done, 0 or 1."""
        if self.stands_still or not self._is_any_due():
            return 0
        turn = self.worlds.run(partial(take_turn, jobs=self.jobs))
        if turn is None:
            return 0
        try:
            self._work(turn, stop)
        except LostTurnError:
            LOG.warning("job_taken_over", job=turn.job.name)
        return 1

    def _is_any_due(self) -> bool:
        with self.worlds.open(readonly=True) as world:
            return is_job_due(world, self.jobs)

    def _work(self, turn: Turn, stop: threading.Event) -> None:
        """Step by step until nothing is left; what a stop leaves over is done later."""
        for _ in range(MOST_STEPS):
            try:
                more = self.worlds.run(partial(take_step, turn=turn))
            except ProgrammeMissing:
                break
            except LostTurnError:
                raise
            except Exception as failure:  # noqa: BLE001 - a job may fail in any way
                LOG.exception("job_failed", job=turn.job.name)
                error = f"{type(failure).__name__}: {failure}"
                self.worlds.run(partial(put_off, turn=turn, error=error))
                return
            if more is None:
                return
            turn = more
            if stop.wait(BREATH_SECONDS):  # tills that wait for SQLite's lock go first
                break
        self.worlds.run(partial(put_off, turn=turn))


def take_step(world: World, turn: Turn) -> Turn | None:
    """One step, and in the same transaction the turn for the next one; None at the end.

    Raises:
        LostTurnError: somebody else is at it; the step is undone.
    """
    done = turn.job.step(world)
    if done and turn.job.until_done:
        return keep_turn(world, turn)
    end_turn(world, turn)
    return None
