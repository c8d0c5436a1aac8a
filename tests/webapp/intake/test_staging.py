"""Where rows wait while a file is read: nowhere that outlives the run."""

import os
import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOT

READS = """
import os
from webapp.intake.rows import Row
from webapp.intake.staging import CHUNK, Staging

with Staging() as staging:
    for n in range(3 * CHUNK):
        row = Row(f"P{n}", "anna", "sale", n, "S" * 8_000, None, 1000, "1", "1", *[None] * 8)
        staging.add(0, n, n, row)
    print("read", flush=True)
    input()
"""


def test_a_killed_run_leaves_no_row_behind(tmp_path: Path) -> None:
    """More is read than stands in memory; a name that is gone at once goes with its process."""
    run = subprocess.Popen(
        [sys.executable, "-c", READS],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == b"read\n"

    run.kill()
    run.communicate()

    assert list(tmp_path.rglob("*")) == []
