"""What pages note in passing: kept in memory, written together.

A page that only reads keeps no till waiting for the database, and waits for none itself. What a
process that is killed had not written yet, some seconds of notes, is lost.
"""

import atexit
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from webapp.log import LOG

FLUSH_SECONDS = 4.0
MOST_KEYS = 4_096
MOST_FAILURES = 5

K = TypeVar("K")
V = TypeVar("V")


class Batch(Generic[K, V]):
    """Notes by key until they are written; for many threads.

    Args:
        name: what the log calls them.
        write: writes them all in one transaction.
        join: of two notes under one key, the one that stays.
    """

    def __init__(
        self, name: str, write: Callable[[dict[K, V]], object], join: Callable[[V, V], V]
    ) -> None:
        self._name, self._write, self._join = name, write, join
        self._lock = threading.Lock()
        self._noted: dict[K, V] = {}
        self._timer: threading.Timer | None = None
        self._failures = 0

    def add(self, key: K, note: V) -> None:
        """Note something under a key."""
        if len(self._noted) >= MOST_KEYS and key not in self._noted:
            self.flush()
        with self._lock:
            self._put(key, note)
            self._wait()

    def flush(self) -> None:
        """Write what is noted; what cannot be written is kept for later."""
        with self._lock:
            taken, self._noted = self._noted, {}
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            atexit.unregister(self.flush)
        if not taken:
            return
        try:
            self._write(taken)
        except Exception as error:  # noqa: BLE001 - notes must never break a page or an exit
            self._keep(taken, error)
        else:
            self._failures = 0

    def _put(self, key: K, note: V) -> None:
        self._noted[key] = self._join(self._noted[key], note) if key in self._noted else note

    def _wait(self) -> None:
        """Have the batch written in a few seconds, or when the process ends."""
        if self._timer is None:
            self._timer = threading.Timer(FLUSH_SECONDS, self.flush)
            self._timer.daemon = True
            self._timer.start()
            atexit.register(self.flush)

    def _keep(self, taken: dict[K, V], error: Exception) -> None:
        """Put a batch back for the next try; after a few in a row it is given up."""
        with self._lock:
            self._failures += 1
            lost = self._failures >= MOST_FAILURES or len(self._noted) >= MOST_KEYS
            if not lost:
                for key, note in taken.items():
                    self._put(key, note)
                self._wait()
        LOG.warning(
            "notes_not_written",
            notes=self._name, error=type(error).__name__, keys=len(taken), lost=lost,
        )  # fmt: skip
