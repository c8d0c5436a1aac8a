"""Imports that the owner asked for: begun, claimed by one worker, kept up to date, done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.definitions import current_definitions
from gamification.readmodels.views import ImportNote
from gamification.world import World
from webapp.intake.tables import ImportRun

LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
KINDS = ("members", "purchases")
WANTED = {"to_look": "looking", "to_import": "importing"}
RUNNING = {working: wanted for wanted, working in WANTED.items()}


class LostRunError(Exception):
    """Somebody else took the import over; what is in hand is left to them."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's right to an import until its lease ends; `leased_until` is the proof."""

    run_id: int
    state: str
    leased_until: datetime


def begin_run(
    world: World, account_id: int, folder: str, files: Mapping[str, str], choice: Mapping[str, Any]
) -> ImportRun:
    """Note files that were sent; they are looked at before anything else."""
    run = ImportRun(
        account_id=account_id, state="to_look", folder=folder, files=dict(files),
        choice=dict(choice), created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    world.session.add(run)
    world.session.flush()
    return run


def find_run(world: World, run_id: int) -> ImportRun | None:
    """An import by its number."""
    return world.session.get(ImportRun, run_id)


def held_run(world: World, run_id: int) -> ImportRun | None:
    """As `find_run`, held until the transaction ends."""
    return world.session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)


def ask_again(run: ImportRun, state: str, now: datetime) -> None:
    """Put an import into the queue: to be looked at, or to be carried out."""
    assert state in WANTED, "somebody has to do it"
    run.state, run.error, run.stage, run.done, run.whole = state, None, "", 0, 0
    run.changed_at, run.leased_until, run.finished_at = now, None, None
    if state == "to_look":
        run.found = None


def stop_run(world: World, run_id: int) -> bool:
    """Take an import out of its worker's hands; False when it is not at work.

    The worker finds at its next note that the claim is gone and leaves the rest undone.
    """
    run = held_run(world, run_id)
    if run is None or run.state not in ("to_import", "importing"):
        return False
    run.state, run.error = "failed", {"code": "stopped", "values": {}}
    run.leased_until, run.changed_at, run.finished_at = None, world.now, world.now
    world.session.flush()
    return True


def is_run_due(world: World) -> bool:
    """Whether there is something to claim, without taking any lock."""
    return world.session.exec(_due(world)).first() is not None


def claim_run(world: World, *, root: Path, only: int | None = None) -> Claim | None:
    """The import that has waited longest and whose files lie on this machine."""
    for run in world.session.exec(_due(world).with_for_update(skip_locked=True)):
        if not (root / run.folder).is_dir() or only not in (None, run.id):
            continue
        run.state = WANTED.get(run.state, run.state)
        run.leased_until, run.changed_at = world.now + LEASE, world.now
        world.session.add(run)
        world.session.flush()
        assert run.id is not None, "a stored row has its id"
        return Claim(run.id, run.state, run.leased_until)
    return None


def _due(world: World) -> Any:
    """Imports that wait, and those whose worker has not been heard of."""
    states = (*WANTED, *RUNNING)
    lapsed = sa.or_(col(ImportRun.leased_until).is_(None), col(ImportRun.leased_until) <= world.now)
    return (
        select(ImportRun)
        .where(col(ImportRun.state).in_(states), lapsed)
        .order_by(col(ImportRun.id))
    )


def note_progress(world: World, claim: Claim, *, stage: str, done: int, whole: int) -> Claim:
    """Write down how far it is, and keep the claim. Raises LostRunError."""
    until = world.now + LEASE
    _mine(world, claim, stage=stage, done=done, whole=whole, leased_until=until)
    return Claim(claim.run_id, claim.state, until)


def finish_run(world: World, claim: Claim, state: str, **values: Any) -> None:
    """The work is done, or could not be. Raises LostRunError."""
    finished = world.now if state in ("done", "failed") else None
    _mine(world, claim, state=state, leased_until=None, finished_at=finished, **values)


def _mine(world: World, claim: Claim, **values: Any) -> None:
    change = (
        sa.update(ImportRun)
        .where(
            col(ImportRun.id) == claim.run_id,
            col(ImportRun.state) == claim.state,
            col(ImportRun.leased_until) == claim.leased_until,
        )
        .values(changed_at=world.now, **values)
    )
    if world.session.connection().execute(change).rowcount != 1:
        raise LostRunError(claim.run_id)


def note_import(world: World, files: Mapping[str, str], outcome: Mapping[str, Any]) -> None:
    """Write down an import that somebody ran from the command line."""
    world.session.add(
        ImportRun(
            state="done", folder="", files=dict(files), outcome=dict(outcome),
            created_at=world.now, changed_at=world.now, finished_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()


def last_import(world: World) -> ImportNote | None:
    """The last import in numbers. Raises ProgrammeMissing."""
    run = world.session.exec(
        select(ImportRun)
        .where(ImportRun.state == "done")
        .order_by(col(ImportRun.finished_at).desc(), col(ImportRun.id).desc())
        .limit(1)
    ).first()
    if run is None or run.outcome is None or run.finished_at is None:
        return None
    last = run.outcome.get("last_day")
    zone = current_definitions(world.session).programme.zone
    return ImportNote(
        at=run.finished_at.astimezone(zone),
        source=", ".join(run.files.values()),
        receipts=int(run.outcome.get("receipts", 0)),
        rejected=int(run.outcome.get("rejected", 0)),
        last_document_on=date.fromisoformat(last) if last else None,
    )


def done_runs(world: World) -> int:
    """How many imports came to their end."""
    count = sa.select(sa.func.count()).where(col(ImportRun.state) == "done")
    return int(world.session.execute(count).scalar_one())


def open_run(world: World) -> ImportRun | None:
    """The import that is being carried out or waits for it, the latest first."""
    return world.session.exec(
        select(ImportRun)
        .where(col(ImportRun.state).in_(("to_import", "importing")))
        .order_by(col(ImportRun.id).desc())
        .limit(1)
    ).first()


def forget_old_runs(world: World) -> list[str]:
    """Delete imports of long ago; answers the folders that nobody needs any more."""
    gone = (
        sa.delete(ImportRun)
        .where(
            col(ImportRun.changed_at) < world.now - KEPT,
            col(ImportRun.state).in_(("looked", "done", "failed")),
        )
        .returning(col(ImportRun.folder))
    )
    return [str(name) for name in world.session.connection().execute(gone).scalars() if name]
