"""Real worker processes: killed, stopped and several at once; no message is ever lost."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from gamification.commands.postman import LEASE
from gamification.notices.tables import Notice
from tests.house.sources import ROOT
from tests.webapp.jobs.conftest import NOON, MovedClock, write_code
from webapp.world import Worlds

PATIENCE = 40.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    set_clock(tmp_path, NOON)
    return tmp_path


def set_clock(folder: Path, instant: datetime) -> None:
    draft = folder / "clock.new"
    draft.write_text(instant.isoformat())
    draft.rename(folder / "clock")


@contextmanager
def working(url: str, folder: Path, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.webapp.jobs.worker_program", url, str(folder)]
    worker = subprocess.Popen([*command, str(seconds)], cwd=ROOT, env={**os.environ})
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.wait()


def noted(folder: Path, name: str) -> list[str]:
    """Keys of letters in the order they were begun or gone."""
    path = folder / name
    return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def outbox(worlds: Worlds) -> list[Notice]:
    with worlds.open(readonly=True) as world:
        return list(world.session.exec(select(Notice).order_by(Notice.id)).all())  # type: ignore[arg-type]


def all_sent(worlds: Worlds) -> bool:
    return {notice.state for notice in outbox(worlds)} == {"sent"}


def test_a_message_in_the_hands_of_a_killed_worker_returns_and_arrives(
    database_url: str, engine: sa.Engine, folder: Path
) -> None:
    worlds = Worlds(engine, MovedClock())
    keys = [f"notice-{write_code(worlds, number)}" for number in range(4)]
    with working(database_url, folder, 30) as first:
        wait_until(lambda: noted(folder, "begun") != [])
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert noted(folder, "gone") == []

    with working(database_url, folder, 0):
        time.sleep(1.5)
        during_lease = noted(folder, "gone")
        set_clock(folder, NOON + LEASE)
        wait_until(lambda: all_sent(worlds))

    assert during_lease == []
    assert Counter(noted(folder, "gone")) == Counter(keys)
    assert noted(folder, "begun").count(keys[0]) == 2


def test_a_worker_killed_after_sending_sends_twice_rather_than_never(
    database_url: str, engine: sa.Engine, folder: Path
) -> None:
    """Between the server's yes and our note nothing can be known: the same key goes again."""
    worlds = Worlds(engine, MovedClock())
    key = f"notice-{write_code(worlds)}"
    with working(database_url, folder, 0.2) as first:
        wait_until(lambda: noted(folder, "begun") != [])
        blocker = engine.connect()
        blocker.execute(sa.text("UPDATE notice SET purpose = purpose"))  # the note must wait
        wait_until(lambda: noted(folder, "gone") != [])
        first.kill()
        first.wait()
        blocker.rollback()
        blocker.close()

    set_clock(folder, NOON + LEASE)
    with working(database_url, folder, 0):
        wait_until(lambda: all_sent(worlds))

    assert noted(folder, "gone") == [key, key]


def test_a_worker_told_to_stop_finishes_its_letter_and_gives_the_rest_back(
    database_url: str, engine: sa.Engine, folder: Path
) -> None:
    worlds = Worlds(engine, MovedClock())
    keys = [f"notice-{write_code(worlds, number)}" for number in range(3)]

    with working(database_url, folder, 1) as worker:
        wait_until(lambda: noted(folder, "begun") != [])
        worker.send_signal(signal.SIGTERM)
        code = worker.wait(timeout=PATIENCE)

    found = [(row.state, row.attempts, row.leased_until) for row in outbox(worlds)]
    assert code == 0
    assert noted(folder, "gone") == keys[:1]
    assert found == [("sent", 1, None), ("open", 0, None), ("open", 0, None)]


def test_four_workers_at_once_send_each_message_once(
    database_url: str, engine: sa.Engine, folder: Path
) -> None:
    worlds = Worlds(engine, MovedClock(NOON - timedelta(minutes=1)))
    keys = [f"notice-{write_code(worlds, number)}" for number in range(90)]

    with (
        working(database_url, folder, 0.01),
        working(database_url, folder, 0.01),
        working(database_url, folder, 0.01),
        working(database_url, folder, 0.01),
    ):
        wait_until(lambda: all_sent(worlds))

    workers = {line.split()[1] for line in (folder / "gone").read_text().splitlines()}
    assert Counter(noted(folder, "gone")) == Counter(keys)
    assert len(workers) > 1
