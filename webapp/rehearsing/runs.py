"""Rehearsals as rows: begun, noted, stopped, over, forgotten. Each is a transaction of a moment."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.world import World
from webapp.rehearsing.tables import RehearsalRun

KEPT = timedelta(days=1)
SILENT = timedelta(minutes=2)
"""A run that nobody has touched for so long has lost its process."""
MOST_RUNNING = 2


@dataclass(frozen=True, slots=True)
class Run:
    """A rehearsal as a page shows it; `found` is its stored form once it is done."""

    id: int
    kind: str
    mark: str
    draft: dict[str, Any]
    state: str
    percent: int
    found: dict[str, Any] | None

    @property
    def is_running(self) -> bool:
        """Whether somebody is still at it."""
        return self.state == "running"


def mark_of(draft: Any) -> str:
    """The fingerprint of what is rehearsed: equal drafts, equal marks."""
    text = json.dumps(draft, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def begin_run(
    world: World, kind: str, mark: str, draft: dict[str, Any], of: int | None = None
) -> int | None:
    """Note a rehearsal that begins, in place of the one of the same challenge.

    Answers its number; None while as many run as may.
    """
    session = world.session
    if world.connection.dialect.name == "postgresql":  # two at once would not see each other
        session.execute(sa.text("LOCK TABLE rehearsal_run IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(sa.delete(RehearsalRun).where(col(RehearsalRun.created_at) < world.now - KEPT))
    if of is not None:
        same = (col(RehearsalRun.kind) == kind, col(RehearsalRun.of) == of)
        session.execute(sa.delete(RehearsalRun).where(*same))
    running = session.scalar(
        select(sa.func.count()).select_from(RehearsalRun).where(
            col(RehearsalRun.state) == "running",
            col(RehearsalRun.touched_at) >= world.now - SILENT,
        )
    )  # fmt: skip
    if (running or 0) >= MOST_RUNNING:
        return None
    run = RehearsalRun(
        id=world.ids(),  # never one that somebody who is still at work could mean
        kind=kind,
        of=of,
        mark=mark,
        draft=draft,
        created_at=world.now,
        touched_at=world.now,
    )
    session.add(run)
    session.flush()
    return run.id


def find_run(world: World, run_id: int) -> Run | None:
    """A rehearsal by its number."""
    return _shown(world, world.session.get(RehearsalRun, run_id))


def run_of(world: World, kind: str, of: int) -> Run | None:
    """The latest rehearsal of a challenge."""
    found = world.session.exec(
        select(RehearsalRun)
        .where(col(RehearsalRun.kind) == kind, col(RehearsalRun.of) == of)
        .order_by(col(RehearsalRun.id).desc())
        .limit(1)
    ).first()
    return _shown(world, found)


def _shown(world: World, row: RehearsalRun | None) -> Run | None:
    if row is None:
        return None
    is_lost = row.state == "running" and row.touched_at < world.now - SILENT
    state = "broken" if is_lost else row.state
    return Run(row.id or 0, row.kind, row.mark, row.draft, state, row.percent, row.found)


def note_run(world: World, run_id: int, percent: int) -> bool:
    """Say how far it is; False where it was stopped, or another has taken its place."""
    return _change(world, run_id, percent=percent)


def end_run(world: World, run_id: int, state: str, found: dict[str, Any] | None = None) -> bool:
    """Write down how it ended, and what was found; False where it was stopped before."""
    return _change(world, run_id, state=state, found=found)


def stop_run(world: World, run_id: int) -> bool:
    """Stop a rehearsal; whoever is at it sees so at the next note and leaves the rest undone."""
    return _change(world, run_id, state="stopped")


def _change(world: World, run_id: int, **values: Any) -> bool:
    change = (
        sa.update(RehearsalRun)
        .where(col(RehearsalRun.id) == run_id, col(RehearsalRun.state) == "running")
        .values(touched_at=world.now, **values)
    )
    return bool(world.connection.execute(change).rowcount)


def forget_runs(world: World) -> None:
    """Drop what was found: examples are members, and one of them has asked to be forgotten."""
    world.connection.execute(sa.delete(RehearsalRun))
