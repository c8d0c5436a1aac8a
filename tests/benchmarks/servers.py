"""Two apps behind the same server: what a page costs is read from the worker's own clock."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.meters import TICK

ROOT = Path(__file__).resolve().parents[2]
GRANIAN = (
    "--interface", "wsgi", "--factory", "--workers", "1", "--blocking-threads", "1",
    "--log-level", "warning", "--host", "127.0.0.1",
)  # fmt: skip

Asked = tuple[str, dict[str, str]]
"""A path and the headers that go with it."""


@dataclass
class Served:
    """An app that answers on a port."""

    pid: int
    port: int

    def cpu(self) -> float:
        """CPU seconds of the server and its worker."""
        return sum(cpu_of(pid) for pid in family(self.pid))

    def get(self, path: str, cookies: list[str]) -> float:
        """Ask once with each cookie; answers CPU seconds for all."""
        return self.ask((path, {"Cookie": each, "Accept-Language": "ru"}) for each in cookies)

    def ask(self, asked: Iterable[Asked]) -> float:
        """Ask for each; answers CPU seconds for all."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        began = self.cpu()
        for path, headers in asked:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, (answer.status, body[:300])
        cost = self.cpu() - began
        connection.close()
        return cost


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def served(factory: str, environment: dict[str, str]) -> Iterator[Served]:
    """An app served by the production server, with one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), factory]
    env = {**os.environ, **environment}
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        wait_for(port, server)
        yield Served(server.pid, port)
    finally:
        server.terminate()
        server.wait(20)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Until somebody listens."""
    for _ in range(300):
        assert server.poll() is None, "the server ended"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=0.2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not begin to listen")
