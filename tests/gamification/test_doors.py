"""Whoever comes in by a door finds every table of the programme."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT

ASK = """
import sys
import {door}
from sqlmodel import SQLModel
known = set(SQLModel.metadata.tables)
import gamification.tables
print(*(set(SQLModel.metadata.tables) - known))
"""


@pytest.mark.parametrize("door", ["gamification.commands.till", "gamification.readmodels.views"])
def test_a_door_brings_every_table(door: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", ASK.format(door=door)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.stdout.strip(), answer.stderr) == ("", "")
