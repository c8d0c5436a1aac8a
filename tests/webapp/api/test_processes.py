"""Real processes: two tills send the same receipts, and the server is killed under load."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gamification.audit.run import run_audit
from tests.house.sources import ROOT
from tests.webapp.api.served import Served, served
from tests.webapp.api.till import Till

SEED = 7


@dataclass
class Journal:
    """What one till was told."""

    path: Path

    def lines(self) -> list[list[str]]:
        if not self.path.exists():
            return []
        whole = self.path.read_text().rpartition("\n")[0]
        return [line.split() for line in whole.splitlines()]


@dataclass
class Senders:
    """Two processes that send the same receipts to one server."""

    server: Served
    key: str
    folder: Path
    count: int

    def __post_init__(self) -> None:
        self.stop_file = self.folder / "stop"
        self.journals = [Journal(self.folder / f"journal-{n}") for n in range(2)]
        self.processes = [self._start(journal) for journal in self.journals]

    def _start(self, journal: Journal) -> subprocess.Popen[bytes]:
        words = (self.server.port, self.key, self.count, journal.path, self.stop_file)
        command = [sys.executable, "-m", "tests.webapp.api.poster", *map(str, words)]
        return subprocess.Popen(command, cwd=ROOT)

    def are_running(self) -> bool:
        return all(process.poll() is None for process in self.processes)

    def acknowledged(self) -> int:
        return sum(len(journal.lines()) for journal in self.journals)

    def __enter__(self) -> "Senders":
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def wait(self) -> list[list[str]]:
        """Every line of both journals; both ended well."""
        codes = [process.wait(timeout=300) for process in self.processes]
        assert codes == [0, 0]
        return [line for journal in self.journals for line in journal.lines()]


def check_books(till: Till, receipts: int) -> None:
    """Each receipt is there once, and the audit has nothing to say."""
    assert till.rows("SELECT COUNT(*), COUNT(DISTINCT external_id) FROM activity") == [
        (receipts, receipts)
    ]
    with till.shop.worlds.open(readonly=True) as world:
        assert [x for x in run_audit(world, full=True).findings if x.count] == []


@pytest.fixture
def server(till: Till, database_url: str, tmp_path: Path) -> Iterator[Served]:
    with served(database_url, tmp_path) as server:
        yield server


def test_two_processes_send_the_same_two_hundred_receipts(
    till: Till, server: Served, tmp_path: Path
) -> None:
    with Senders(server, till.key, tmp_path, count=200) as senders:
        told = senders.wait()

    assert Counter((status, replayed) for _, status, replayed, _ in told) == {
        ("201", "-"): 200,
        ("200", "true"): 200,
    }
    assert len({(receipt_id, points) for receipt_id, _, _, points in told}) == 200
    check_books(till, 200)


@pytest.mark.parametrize("kills", [1, pytest.param(20, marks=pytest.mark.heavy)])
def test_a_server_killed_under_load_loses_and_doubles_nothing(
    till: Till, server: Served, tmp_path: Path, kills: int
) -> None:
    dice = random.Random(SEED)

    with Senders(server, till.key, tmp_path, count=1_000_000) as senders:
        for _ in range(kills):
            wait_for_more(senders)
            time.sleep(dice.uniform(0, 0.5))
            assert senders.are_running()
            server.kill()
            server.start()
        wait_for_more(senders)
        senders.stop_file.touch()
        told = senders.wait()

    assert {(status, replayed) for _, status, replayed, _ in told} <= {
        ("201", "-"),
        ("200", "true"),
    }
    firsts = Counter(receipt_id for receipt_id, status, *_ in told if status == "201")
    assert set(firsts.values()) == {1}
    print(f"{len(told)} acknowledged, {len(firsts)} of them as new, {kills} kills")
    check_books(till, len({receipt_id for receipt_id, *_ in told}))


def wait_for_more(senders: Senders) -> None:
    """Until both journals together have grown by some lines."""
    wanted, end = senders.acknowledged() + 10, time.monotonic() + 60
    while senders.acknowledged() < wanted:
        assert time.monotonic() < end, "nothing is acknowledged any more"
        assert senders.are_running()
        time.sleep(0.02)
