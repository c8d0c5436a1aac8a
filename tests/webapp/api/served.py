"""The app as production serves it: granian with two workers, that can be killed.

`python -m granian … tests.webapp.api.served:serve` reads the database's address from
LAUREL_TEST_DATABASE and the folder of its secret and clock from LAUREL_TEST_FOLDER.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from flask import Flask, json

from tests.house.sources import ROOT
from tests.house.wheel_check import free_port
from tests.webapp.shopfront import KEY

PATIENCE = 90.0


def serve() -> Flask:
    """The app on a database that a test made; called inside the server's process."""
    from webapp.app import create_app
    from webapp.db import make_engine
    from webapp.settings import Settings

    folder = Path(os.environ["LAUREL_TEST_FOLDER"])
    settings = Settings(
        data=folder,
        secret_key=KEY,
        test_mode=True,
        clock_file=folder / "now",
        log_level="error",
    )
    return create_app(settings, engine=make_engine(os.environ["LAUREL_TEST_DATABASE"]))


@dataclass
class Served:
    """A server on a port; it may be killed and started again on the same port."""

    url: str
    folder: Path
    port: int
    workers: int = 2
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        environ = {
            **os.environ,
            "LAUREL_TEST_DATABASE": self.url,
            "LAUREL_TEST_FOLDER": str(self.folder),
        }
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws",
            "--host", "127.0.0.1", "--port", str(self.port), "--workers", str(self.workers),
            "--blocking-threads", "4", "--log-level", "error",
            "tests.webapp.api.served:serve",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True)
        end = time.monotonic() + PATIENCE
        while not self.answers():
            assert time.monotonic() < end, "the server never answered"
            assert self.process.poll() is None, "the server ended"
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            return ask(self.port, "GET", "/healthz")[0] == 200
        except (OSError, HTTPException):
            return False

    def kill(self) -> None:
        """SIGKILL for the server and its workers: no goodbye, no flush."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(url: str, folder: Path) -> Iterator[Served]:
    """A server that is gone at the end, whatever happened."""
    server = Served(url, folder, free_port())
    try:
        server.start()
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.kill()


def ask(
    port: int, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own: status, headers, body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        text = None if body is None else json.dumps(body)
        if text is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, text, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()
