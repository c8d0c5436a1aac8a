"""Carries a rehearsal out in a thread beside the page that asked for it (decision 0128)."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from gamification.world import World
from webapp.log import LOG
from webapp.rehearsing.found import stored
from webapp.rehearsing.runs import begin_run, end_run, note_run
from webapp.world import Worlds, entrance_worlds, programme_worlds, run_entrance

Steps = Callable[[World], Iterator[tuple[int, Any]]]
"""Begins a rehearsal in a world that only reads: yields (per cent, None), at last the finding."""
PATIENCE = 1.2
"""So many seconds an answer waits for a rehearsal that may be over at once."""
NOTE_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Work:
    """A rehearsal in hand: its row, how to do it, and how many seconds it may take."""

    run_id: int
    steps: Steps
    longest: float


def start_run(
    kind: str, steps: Steps, mark: str, draft: dict[str, Any], *, longest: float,
    of: int | None = None,
) -> int | None:  # fmt: skip
    """Let a rehearsal run, and wait a moment for it; None while too many others do.

    Answers:
        its number, by which every process knows it.
    """
    run_id = run_entrance(partial(begin_run, kind=kind, mark=mark, draft=draft, of=of))
    if run_id is None:
        return None
    told = (programme_worlds(), entrance_worlds(), Work(run_id, steps, longest))
    thread = threading.Thread(target=carry_out, args=told, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return run_id


def carry_out(worlds: Worlds, notes: Worlds, work: Work) -> None:
    """Rehearse to the end, until it was stopped, or until it has taken too long."""
    try:
        state, found = rehearsed(worlds, notes, work)
    except Exception as error:  # noqa: BLE001 - a thread has nobody above it to tell
        LOG.error("rehearsal_broken", run=work.run_id, exc_info=error)
        state, found = "broken", None
    try:
        notes.run(partial(end_run, run_id=work.run_id, state=state, found=found))
    except Exception as error:  # noqa: BLE001 - the row falls silent, and the page says so
        LOG.error("rehearsal_not_kept", run=work.run_id, exc_info=error)


def rehearsed(worlds: Worlds, notes: Worlds, work: Work) -> tuple[str, dict[str, Any] | None]:
    """How it ended, and the stored form of what was found."""
    began = noted = time.monotonic()
    with worlds.open(readonly=True) as world:
        for percent, found in work.steps(world):
            if found is not None:
                return "done", stored(found)
            now = time.monotonic()
            if now - began > work.longest:
                return "slow", None
            if now - noted < NOTE_SECONDS:
                continue
            noted = now
            if not notes.run(partial(note_run, run_id=work.run_id, percent=percent)):
                return "stopped", None
    return "broken", None
