"""`laurel outbox` and `laurel worker`, as somebody types them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import opened
from tests.house.sources import ROOT
from tests.webapp.jobs.conftest import write_code
from webapp import migrations
from webapp.cli import main
from webapp.world import Worlds

Capture = pytest.CaptureFixture[str]
KEY = "kQ3vT8mZx1Rw7bLp5nYc2dHs9fGj4aUe6oXi0qB"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Worlds]:
    """An embedded installation in test mode, with one code in its outbox.

    The tests' PostgreSQL does not fsync, so that no command would start on it.
    """
    monkeypatch.setenv("LAUREL_DATA", str(tmp_path))
    monkeypatch.setenv("LAUREL_TEST_MODE", "1")
    monkeypatch.delenv("LAUREL_DATABASE_URL", raising=False)
    with opened(f"sqlite:///{tmp_path / 'laurel.db'}") as engine:
        migrations.upgrade(engine)
        worlds = Worlds(engine)
        write_code(worlds, 493027)
        yield worlds


def test_in_test_mode_the_outbox_tells_everything(home: Worlds, capsys: Capture) -> None:
    code = main(["outbox", "--json"])

    [row] = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (row["kind"], row["channel"], row["recipient"], row["state"]) == (
        "signin_code",
        "email",
        "anna@example.org",
        "open",
    )
    assert row["payload"] == {"code": "493027", "minutes": 10}


def test_a_real_shop_does_not_tell_codes(
    home: Worlds, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.delenv("LAUREL_TEST_MODE")

    refused = main(["outbox", "--json"])
    listed = main(["outbox"])

    told = capsys.readouterr()
    assert (refused, listed) == (2, 0)
    assert "only with LAUREL_TEST_MODE=1" in told.err
    assert "signin_code" in told.out
    assert "open 1, sent 0, failed 0, dropped 0" in told.out
    assert "493027" not in told.out + told.err
    assert "anna@example.org" not in told.out


def test_the_outbox_can_be_narrowed(home: Worlds, capsys: Capture) -> None:
    write_code(home, 2)
    main(["outbox", "--json", "--limit", "1"])
    latest = json.loads(capsys.readouterr().out)
    main(["outbox", "--json", "--state", "sent"])
    sent = json.loads(capsys.readouterr().out)
    wrong = main(["outbox", "--state", "lost"])

    assert [row["payload"]["code"] for row in latest] == ["000002"]
    assert sent == []
    assert wrong == 2


def test_a_worker_does_what_is_due_and_stops(home: Worlds, capsys: Capture) -> None:
    code = main(["worker", "--once"])

    said = capsys.readouterr()
    main(["outbox", "--json"])
    [row] = json.loads(capsys.readouterr().out)
    assert code == 0
    assert "493027" in said.err, "the demo says codes loudly"
    assert (row["state"], row["payload"]["code"]) == ("sent", "493027")


@pytest.fixture
def running(home: Worlds) -> Iterator[subprocess.Popen[bytes]]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "worker"],
        cwd=ROOT,
        env={**os.environ},
        stderr=subprocess.PIPE,
    )
    yield worker
    if worker.poll() is None:
        worker.kill()
    worker.wait()
    assert worker.stderr is not None
    worker.stderr.close()


def test_a_worker_runs_until_it_is_told_to_stop(
    home: Worlds, running: subprocess.Popen[bytes]
) -> None:
    end = time.monotonic() + 60
    while states(home) != {"sent"} and time.monotonic() < end:
        time.sleep(0.1)
    running.send_signal(signal.SIGTERM)
    code = running.wait(timeout=30)

    assert states(home) == {"sent"}
    assert code == 0


def states(worlds: Worlds) -> set[str]:
    with worlds.open(readonly=True) as world:
        return set(world.session.execute(sa.text("SELECT state FROM notice")).scalars())


def test_a_gateway_that_is_none_stops_the_worker_at_the_start(
    home: Worlds, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("LAUREL_SMS", "nowhere:maker")

    code = main(["worker", "--once"])

    assert code == 2
    assert "no SMS sender at 'nowhere:maker'" in capsys.readouterr().err


def test_a_worker_does_not_start_on_another_schema(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    monkeypatch.setenv("LAUREL_DATABASE_URL", url)
    monkeypatch.setenv("LAUREL_SECRET_KEY", KEY)
    with opened(url) as engine, engine.connect():
        pass

    code = main(["worker", "--once"])

    assert code == 2
    assert "laurel db upgrade" in capsys.readouterr().err
