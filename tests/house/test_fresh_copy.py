"""The first of the two commands, from a folder that holds nothing but the repository."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.house.wheel_check import fetch_patiently, free_port

FIRST_PAGE_SECONDS = 90
SECOND_START_SECONDS = 5


def copy_of_the_repository(folder: Path) -> Path:
    """What git would clone: tracked files, and new ones that are not ignored."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, answer.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@contextmanager
def started(folder: Path) -> Iterator[float]:
    """`dev.py run` there; gives the seconds until its first page."""
    port, begun = free_port(), time.monotonic()
    command = [sys.executable, "dev.py", "run", "--port", str(port)]
    server = subprocess.Popen(command, cwd=folder, env={**os.environ, "HOME": str(folder)})
    try:
        fetch_patiently(f"http://127.0.0.1:{port}/", server)
        yield time.monotonic() - begun
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


@pytest.mark.heavy
def test_the_first_page_comes_soon_and_the_second_start_at_once(tmp_path: Path) -> None:
    folder = copy_of_the_repository(tmp_path)

    with started(folder) as first:
        pass
    with started(folder) as second:
        pass

    print(f"\nfirst page after {first:.1f} s, second start {second:.1f} s")
    assert first < FIRST_PAGE_SECONDS
    assert second < SECOND_START_SECONDS
