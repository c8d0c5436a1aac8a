"""A run that was cut short, repeated, ends in the same rows as one that was not."""

import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import opened
from tests.house.sources import ROOT
from tests.webapp.intake.child import TODAY
from tests.webapp.intake.running import Intake, all_rows, differences
from tests.webapp.intake.test_report_from_files import small_online_retail
from webapp.db import read_only
from webapp.world import Worlds

PAGE_LINES = "100"
FEW = re.compile(r"12346|16446|12431|1235\d|1780\d|178[1-4]\d")


def start(url: str, path: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "tests.webapp.intake.child", url, str(path), "online_retail"]
    return subprocess.Popen([*words, PAGE_LINES], cwd=ROOT)


def recorded(engine: sa.Engine) -> int:
    with read_only(engine.connect()) as connection:
        found = connection.exec_driver_sql("SELECT COUNT(*) FROM activity").scalar()
    return int(found or 0)


def kill_in_the_middle(engine: sa.Engine, url: str, path: Path, chance: random.Random) -> bool:
    """Whether a run was killed after it had recorded something more, and before its end."""
    before, run = recorded(engine), start(url, path)
    while run.poll() is None and recorded(engine) == before:
        time.sleep(0.02)
    time.sleep(chance.uniform(0, 0.3))
    run.kill()
    return run.wait() != 0


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.heavy)])
def test_a_killed_import_is_finished_by_repeating_it(
    engine: sa.Engine, database_url: str, other_url: str, tmp_path: Path, kills: int
) -> None:
    path, chance = small_online_retail(tmp_path, FEW), random.Random(kills)

    killed = sum(kill_in_the_middle(engine, database_url, path, chance) for _ in range(kills))
    half = recorded(engine)
    assert start(database_url, path).wait() == 0

    assert killed > 0, "at least one run was cut short"
    with opened(other_url) as whole:
        Intake(Worlds(whole, TODAY)).purchases(path, "online_retail")
        wanted = all_rows(whole)
    assert half > 0
    assert differences(all_rows(engine), wanted) == {}
