"""The loop without a visitor: messages leave, the clock's work is done, and rest."""

import atexit
import signal
import threading
from dataclasses import dataclass
from types import FrameType

from flask import Flask

from webapp.channels import channels_for, shows_codes
from webapp.jobs.clockwork import Clockwork
from webapp.jobs.delivery import Postman
from webapp.log import LOG
from webapp.settings import Settings
from webapp.surroundings import here
from webapp.wayout import WayOut

IDLE_SECONDS = 1.0
TROUBLED_SECONDS = 5.0
FAREWELL_SECONDS = 10.0
LOCAL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Worker:
    """Delivers messages and does periodic jobs until it is told to stop.

    Any number may run at once, in threads, processes and on machines: leases in the
    database decide who does what.
    """

    app: Flask
    postman: Postman
    clockwork: Clockwork

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; what is in hand is finished first."""
        with self.app.app_context():
            self._ready(stop)
            while not stop.is_set():
                stop.wait(self._round(stop))

    def run_once(self, stop: threading.Event) -> int:
        """Do all that is due now; answers how many rounds found something."""
        with self.app.app_context():
            self.clockwork.enter()
            rounds = 0
            while self.postman.round(stop) + self.clockwork.round(stop):
                rounds += 1
            return rounds

    def _ready(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.clockwork.enter()
            except Exception:  # noqa: BLE001 - a database may come up later
                LOG.exception("worker_waits_for_database")
                stop.wait(TROUBLED_SECONDS)
            else:
                return

    def _round(self, stop: threading.Event) -> float:
        """One look at messages and jobs; answers how long to rest."""
        try:
            found = self.postman.round(stop) + self.clockwork.round(stop)
        except Exception:  # noqa: BLE001 - a database that restarts must not end the worker
            LOG.exception("worker_round_failed")
            return TROUBLED_SECONDS
        return 0 if found else IDLE_SECONDS


def worker_for(app: Flask, *, local: str = LOCAL) -> Worker:
    """The worker of this app: messages by the wall's clock, jobs by the programme's.

    Args:
        local: where letters of a demo lead, without a slash at the end.
    Raises:
        ValueError: a setting of a channel leads nowhere.
    """
    around = here(app)
    settings = around.settings
    postman = Postman(
        around.entrance,
        channels_for(settings),
        keep_secrets=settings.test_mode,
        wayout=WayOut(address_of(settings, local), around.secret),
    )
    return Worker(app, postman, Clockwork(around.programme))


def address_of(settings: Settings, local: str) -> str:
    """Where letters lead: a demo may be at home; a shop that has not said where waits with news."""
    return settings.public_url or (local if shows_codes(settings) else "")


def run_until_signal(worker: Worker) -> None:
    """Work in this process until SIGTERM or SIGINT, then finish what is in hand."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, ask)
    LOG.info("worker_started")
    worker.run(stop)
    LOG.info("worker_stopped")


@dataclass(frozen=True, slots=True)
class WorkerThread:
    """A worker inside a server, for the embedded default."""

    thread: threading.Thread
    stop_asked: threading.Event

    def stop(self) -> None:
        """Let it finish what is in hand, for ten seconds at most."""
        self.stop_asked.set()
        self.thread.join(FAREWELL_SECONDS)


def start_thread(app: Flask, *, local: str = LOCAL) -> WorkerThread:
    """Start a worker beside the server's own threads; it ends with the process.

    Several server processes may each have one: leases decide who does what.

    Args:
        local: where this server is for a visitor on this machine.
    """
    worker = worker_for(app, local=local)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,), name="laurel-worker", daemon=True)
    running = WorkerThread(thread, stop)
    atexit.register(running.stop)
    thread.start()
    return running
