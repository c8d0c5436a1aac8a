"""`laurel …` in a folder of its own, called as the terminal does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from webapp.cli import main


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
