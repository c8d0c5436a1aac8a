"""`laurel …` in a folder of its own, called as the terminal does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.webapp.intake.running import HEADER, SALES
from webapp.cli import main

ROWS = """P1,anna,2025-03-01 10:00,CUP,2,1000.00
P2,boris,2025-03-02 11:00,CUP,1,100
RP2,boris,2025-03-05 11:00,CUP,-1,100
P3,,2025-03-06 12:00,CUP,1,5
P4,anna,2025-03-07 12:00,CUP,x,5
"""
MEMBERS = "id,name,phone,balance\nanna,Anna,+79160000001,10.4\nzoe,Zoe,12,\n"


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAUREL_LOG_LEVEL", "error")
    return tmp_path


@pytest.fixture
def laurel(home: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run one command in this process; answers code and both streams."""

    def call(*words: str) -> Said:
        capfd.readouterr()
        code = main(list(words))
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return call


@pytest.fixture
def files(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a profile, a file of purchases and one of members; English is spoken."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    (home / "shop.toml").write_text(SALES)
    (home / "may.csv").write_text(HEADER + ROWS)
    (home / "people.csv").write_text(MEMBERS)
    return home
