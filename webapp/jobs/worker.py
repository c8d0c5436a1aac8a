"""The loop without a visitor: messages leave, the clock's work is done, and rest."""

import atexit
import logging
import signal
import threading
from dataclasses import dataclass
from types import FrameType

from flask import Flask

from webapp.jobs.clockwork import Clockwork
from webapp.jobs.delivery import Postman

LOG = logging.getLogger("laurel.worker")
IDLE_SECONDS = 1.0
TROUBLED_SECONDS = 5.0
FAREWELL_SECONDS = 10.0


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

    def _ready(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.clockwork.enter()
            except Exception:
                LOG.exception("the database is not ready for the worker")
                stop.wait(TROUBLED_SECONDS)
            else:
                return

    def _round(self, stop: threading.Event) -> float:
        """One look at messages and jobs; answers how long to rest."""
        try:
            found = self.postman.round(stop) + self.clockwork.round(stop)
        except Exception:  # a database that restarts must not end the worker
            LOG.exception("a round failed")
            return TROUBLED_SECONDS
        return 0 if found else IDLE_SECONDS


def run_until_signal(worker: Worker) -> None:
    """Work in this process until SIGTERM or SIGINT, then finish what is in hand."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, ask)
    LOG.info("the worker is at work")
    worker.run(stop)
    LOG.info("the worker has stopped")


@dataclass(frozen=True, slots=True)
class WorkerThread:
    """A worker inside a server, for the embedded default."""

    thread: threading.Thread
    stop_asked: threading.Event

    def stop(self) -> None:
        """Let it finish what is in hand, for ten seconds at most."""
        self.stop_asked.set()
        self.thread.join(FAREWELL_SECONDS)


def run_in_thread(worker: Worker) -> WorkerThread:
    """Start a worker beside the server's own threads; it ends with the process."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,), name="laurel-worker", daemon=True)
    running = WorkerThread(thread, stop)
    atexit.register(running.stop)
    thread.start()
    return running
