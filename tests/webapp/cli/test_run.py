"""`laurel run` serves, says where, and stops when it is told to."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.webapp.cli.conftest import Said
from webapp.access import UndeclaredRoute
from webapp.cli.run import Beside
from webapp.settings import read_settings

PATIENCE = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(home: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of its own process, asked until it answers."""
    port = free_port()
    environ = {k: v for k, v in os.environ.items() if not k.startswith("LAUREL_")}
    with (home / "said").open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "webapp.cli", "run", "--empty", "--port", str(port), *options],
            cwd=home,
            env=environ | {"PYTHONPATH": str(ROOT)},
            stdout=said,
            stderr=said,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address + "/healthz", server)
        yield address, server
    finally:
        server.kill()
        server.wait()


def fetch(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
        return int(answer.status)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            fetch(url)
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


def announced(home: Path, pattern: str) -> str:
    """What the server says once its port listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := re.search(pattern, (home / "said").read_text()):
            return found.group()
        time.sleep(0.05)
    raise TimeoutError(pattern)


def test_an_empty_folder_becomes_a_shop_that_waits_for_its_owner(tmp_path: Path) -> None:
    with running(tmp_path) as (address, server):
        assert fetch(address + "/readyz") == 200
        link = announced(tmp_path, r"http://\S+/staff/begin/\S+")
        assert fetch(link) == 200
        server.send_signal(signal.SIGTERM)

        assert server.wait(timeout=30) == 0
    assert (tmp_path / "laurel-data" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert "Traceback" not in (tmp_path / "said").read_text()


def test_a_taken_port_is_one_line(laurel: Callable[..., Said]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        said = laurel("run", "--empty", "--port", str(taken.getsockname()[1]))

    assert said.code == 2
    assert "cannot listen" in said.err


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"LAUREL_DEMO": "0"}, "LAUREL_SECRET_KEY is not set"),
        ({"LAUREL_SECRET_KEY": "changeme"}, "shorter than"),
        ({"LAUREL_CLOCK_FILE": "now"}, "LAUREL_TEST_MODE"),
        (
            {
                "LAUREL_DEMO": "0",
                "LAUREL_SECRET_KEY": "k3Q9vZ1xY7wT5uS2rP0oN8mL6jH4gF_dC-bA",
                "FLASK_DEBUG": "1",
            },
            "Debug mode is on",
        ),
    ],
)
def test_an_unsafe_start_is_refused(
    laurel: Callable[..., Said],
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    words: str,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    said = laurel("run", "--empty", "--port", str(free_port()))

    assert said.code == 2
    assert words in said.err
    assert said.err.count("\n") == 1


def test_empty_says_that_it_emptied_nothing(
    laurel: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    laurel("init", "--name", "Polden")
    monkeypatch.setattr("webapp.cli.run.serve", lambda *_given, **_named: None)

    said = laurel("run", "--empty", "--port", str(free_port()))

    assert said.code == 0
    assert "holds the programme “Polden” already: --empty changed nothing." in said.out
    assert said.out.count("\n") == 1


def test_no_page_is_loaded_before_the_workers_start() -> None:
    ask = "import sys, webapp.cli.run; print({'webapp.app', 'sqlmodel'} & set(sys.modules))"

    answer = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert answer.stdout.strip() == "set()"


def test_what_fails_beside_the_workers_stops_them_and_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_settings: object) -> None:
        raise UndeclaredRoute("GET /nobody says who may come in")

    stopped: list[tuple[int, int]] = []
    monkeypatch.setattr("webapp.app.create_app", refuse)
    monkeypatch.setattr("os.kill", lambda pid, number: stopped.append((pid, number)))
    beside = Beside(read_settings(), "127.0.0.1", free_port())

    beside.load()

    assert stopped == [(os.getpid(), signal.SIGTERM)]
    with pytest.raises(UndeclaredRoute, match="/nobody"):
        beside.stop()
