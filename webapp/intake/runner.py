"""Carries out the imports that were asked for on a page, one after the other, beside the server."""

import atexit
import shutil
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import force_locale

from gamification.commands.founding import open_programme
from gamification.readmodels.console import Totals, totals_of
from gamification.refusals import Refusal
from gamification.world import World
from webapp.intake.faults import BadFile
from webapp.intake.hiding import rows_to_show
from webapp.intake.looking import Place, look, purchases_profile, terms_of
from webapp.intake.mapping import MissingColumns
from webapp.intake.members import run_members_import
from webapp.intake.people_mapping import people_profile
from webapp.intake.purchases import run_import
from webapp.intake.rejects import write_rejects
from webapp.intake.rows import rows_as_written
from webapp.intake.runs import (
    Claim,
    LostRunError,
    claim_run,
    find_run,
    finish_run,
    forget_old_runs,
    held_run,
    is_run_due,
    note_progress,
)
from webapp.intake.staging import Staging
from webapp.intake.tables import ImportRun
from webapp.log import LOG
from webapp.surroundings import here
from webapp.world import Worlds

FOLDER = "imports"
IDLE_SECONDS, TROUBLED_SECONDS = 1.0, 5.0
FAREWELL_SECONDS = 10.0
NOTE_SECONDS = 0.7
FORGET_SECONDS = 3_600.0


class StoppedError(Exception):
    """The server goes down; the import is put back and goes on with the next start."""


@dataclass(slots=True)
class Diary:
    """Writes down how far an import is, now and then, and keeps the claim alive."""

    worlds: Worlds
    claim: Claim
    stop: threading.Event
    kind: str = ""
    noted: float = field(default_factory=lambda: time.monotonic() - NOTE_SECONDS)

    def reading(self, file: str, done: int, size: int) -> None:
        """So many bytes of a file are read."""
        self._note(f"read_{self.kind}", done, size)

    def recording(self, done: int, receipts: int) -> None:
        """So many receipts, or rows of members, of all are recorded."""
        self._note("record_members" if self.kind == "members" else "record", done, receipts)

    def _note(self, stage: str, done: int, whole: int) -> None:
        if self.stop.is_set():
            raise StoppedError
        if time.monotonic() - self.noted < NOTE_SECONDS:
            return
        note = partial(note_progress, claim=self.claim, stage=stage, done=done, whole=whole)
        self.claim = self.worlds.run(note)
        self.noted = time.monotonic()


@dataclass(frozen=True, slots=True)
class Runner:
    """Looks at files and imports them until it is told to stop.

    Any number may run at once: a lease in the database decides who does what, and
    only whoever has the files can take them.
    """

    app: Flask

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        forgotten = time.monotonic()
        while not stop.is_set():
            try:
                found = self.once(stop)
                if time.monotonic() - forgotten > FORGET_SECONDS:
                    forgotten = time.monotonic()
                    self.forget()
            except Exception:  # noqa: BLE001 - a database that restarts must not end the runner
                LOG.exception("import_round_failed")
                stop.wait(TROUBLED_SECONDS)
                continue
            stop.wait(0 if found else IDLE_SECONDS)

    def once(self, stop: threading.Event | None = None) -> bool:
        """Do what has waited longest; False when nothing waits."""
        worlds = here(self.app).entrance
        with worlds.open(readonly=True) as world:
            if not is_run_due(world):
                return False
        return self._take(worlds.run(partial(claim_run, root=self.root)), stop)

    def at_once(self, run_id: int) -> bool:
        """Do this one now, in the request that asks for it, unless somebody is at it."""
        unit = partial(claim_run, root=self.root, only=run_id)
        return self._take(here(self.app).entrance.run(unit), None)

    def _take(self, claim: Claim | None, stop: threading.Event | None) -> bool:
        if claim is None:
            return False
        with self.app.app_context():
            self.carry_out(Diary(here(self.app).entrance, claim, stop or threading.Event()))
        return True

    @property
    def root(self) -> Path:
        """Where the files of all imports lie."""
        return import_folder(self.app)

    def carry_out(self, diary: Diary) -> None:
        """Look, or import, and write down what came of it."""
        run = self._read(diary.claim)
        try:
            if diary.claim.state == "looking":
                found = look(place_of(run, self.root), here(self.app).programme, diary)
                self._finish(diary, "looked", found=found)
            else:
                outcome = self._import(run, diary)
                self._finish(diary, "done", outcome=outcome)
                drop_files(place_of(run, self.root))
        except (BadFile, Refusal, MissingColumns) as fault:
            self._finish(diary, *after_fault(diary, fault))
        except StoppedError:
            diary.worlds.run(partial(put_back, claim=diary.claim))
        except LostRunError:
            LOG.warning("import_lost", run=diary.claim.run_id)
        except Exception:  # noqa: BLE001 - the page has to say that it broke
            LOG.exception("import_broke", run=diary.claim.run_id)
            self._finish(diary, "failed", error={"code": "fault", "values": {}})

    def _read(self, claim: Claim) -> ImportRun:
        with here(self.app).entrance.open(readonly=True) as world:
            run = find_run(world, claim.run_id)
        assert run is not None, "it was claimed a moment ago"
        return run

    def _finish(self, diary: Diary, state: str, error: Any = None, **values: Any) -> None:
        """Write the end down; whoever looks at the page sees it next."""
        diary.worlds.run(lambda world: finish_run(world, diary.claim, state, error=error, **values))
        LOG.info("import_step_done", run=diary.claim.run_id, state=state)

    def _import(self, run: ImportRun, diary: Diary) -> dict[str, Any]:
        """Members first, then purchases; the programme is open afterwards."""
        place, worlds = place_of(run, self.root), here(self.app).programme
        before = totals(worlds)
        outcome: dict[str, Any] = {"rejected": 0, "rejects": []}
        with force_locale(locale_of(worlds)):
            if "members" in place.files:
                import_people(place, worlds, diary, outcome)
            if "purchases" in place.files:
                import_purchases(place, worlds, diary, outcome)
        worlds.run(open_programme)
        after = totals(worlds)
        brought = {name: value - getattr(before, name) for name, value in asdict(after).items()}
        return outcome | {"brought": brought}

    def forget(self) -> None:
        """Let go of imports of long ago and of their files."""
        worlds = here(self.app).entrance
        for folder in worlds.run(forget_old_runs):
            shutil.rmtree(self.root / folder, ignore_errors=True)


def import_people(place: Place, worlds: Worlds, diary: Diary, outcome: dict[str, Any]) -> None:
    """Import the file of members and keep its rejects."""
    path = place.path("members")
    assert path is not None, "it was sent"
    diary.kind = "members"
    profile = people_profile(path, place.columns("members"), place.sheet("members"))
    done = run_members_import(worlds, path, profile, watcher=diary)
    report = done.report
    outcome["people"] = {
        "rows": done.rows, "joined": report.joined, "filled": report.filled,
        "known": report.known, "points": report.opening_points,
    }  # fmt: skip
    if done.rejects:
        target = place.folder / "rejects-members.csv"
        write_rejects(target, [path], done.rejects, lambda p: rows_as_written(p, profile.file))
        note_rejects(outcome, "members", len(done.rejects))


def import_purchases(place: Place, worlds: Worlds, diary: Diary, outcome: dict[str, Any]) -> None:
    """Import the file of purchases and keep its rejects."""
    path = place.path("purchases")
    assert path is not None, "it was sent"
    diary.kind = "purchases"
    profile = purchases_profile(place, worlds)
    with Staging() as staging:
        done = run_import(worlds, [path], profile, staging, watcher=diary)
        target = place.folder / "rejects-purchases.csv"
        rejected = write_rejects(
            target, [path], staging.rejects(), lambda p: rows_to_show(p, profile)
        )
    if rejected:
        note_rejects(outcome, "purchases", rejected)
    else:
        target.unlink()
    last = done.tally.last_day
    outcome |= {
        "receipts": done.page.recorded,
        "known": done.page.replayed,
        "parked": done.page.parked,
        "last_day": last and last.isoformat(),
    }


def note_rejects(outcome: dict[str, Any], kind: str, count: int) -> None:
    outcome["rejected"] += count
    outcome["rejects"] = [*outcome["rejects"], kind]


def import_folder(app: Flask) -> Path:
    """Where the files of all imports lie: beside the embedded database."""
    return here(app).settings.data / FOLDER


def place_of(run: ImportRun, root: Path) -> Place:
    """The files of an import on this machine."""
    return Place(root / run.folder, run.files, run.choice)


def drop_files(place: Place) -> None:
    """The files are in the books now; what they say about people is not kept twice."""
    for kind in place.files:
        shutil.rmtree(place.folder / kind, ignore_errors=True)


def after_fault(
    diary: Diary, fault: BadFile | Refusal | MissingColumns
) -> tuple[str, dict[str, Any]]:
    """The state after what somebody can mend, and the code and values of its sentence."""
    if isinstance(fault, MissingColumns):
        error = {"code": "missing_columns", "values": {"roles": list(fault.roles)}}
    else:
        values = {name: str(value) for name, value in fault.values.items()}
        if "file" in values and isinstance(fault, BadFile):
            values["file"] = Path(values["file"]).name
        error = {"code": fault.code, "values": values}
    return "looked" if diary.claim.state == "looking" else "failed", error


def put_back(world: World, claim: Claim) -> None:
    """Somebody else goes on with it, or the next start does."""
    run = held_run(world, claim.run_id)
    if run is not None and run.leased_until == claim.leased_until:
        run.leased_until = world.now - timedelta(seconds=1)
        world.session.flush()


def totals(worlds: Worlds) -> Totals:
    with worlds.open(readonly=True) as world:
        return totals_of(world)


def locale_of(worlds: Worlds) -> str:
    """The language of lists that an import leaves behind."""
    return terms_of(worlds).locale


@dataclass(frozen=True, slots=True)
class RunnerThread:
    """A runner inside a server."""

    thread: threading.Thread
    stop_asked: threading.Event

    def stop(self) -> None:
        """Let it come to the end of its page, for ten seconds at most."""
        self.stop_asked.set()
        self.thread.join(FAREWELL_SECONDS)


def start_runner(app: Flask) -> RunnerThread | None:
    """Start a runner beside the server; none where a past day is shown."""
    if here(app).settings.as_of is not None:
        return None
    stop = threading.Event()
    runner = Runner(app)
    thread = threading.Thread(target=runner.run, args=(stop,), name="laurel-imports", daemon=True)
    running = RunnerThread(thread, stop)
    atexit.register(running.stop)
    thread.start()
    return running
