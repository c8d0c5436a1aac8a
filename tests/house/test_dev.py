"""dev.py sets up what a task needs, once, with nothing but the standard library."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests.house.sources import ROOT, parsed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own: locks, pyproject.toml, no .venv yet."""
    venv = tmp_path / ".venv"
    python = venv / "bin" / "python"
    locks = {kind: tmp_path / f"{kind}.lock" for kind in ("runtime", "dev")}
    for path in (*locks.values(), tmp_path / "pyproject.toml"):
        path.write_text(f"{path.name} as written")
    for name, value in {"ROOT": tmp_path, "VENV": venv, "PYTHON": python, "LOCKS": locks}.items():
        monkeypatch.setattr(dev, name, value)
    return tmp_path


@pytest.fixture
def installs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was installed, in order; the making itself is pretended."""
    done: list[str] = []

    def make_venv() -> None:
        dev.PYTHON.parent.mkdir(parents=True)
        dev.PYTHON.write_text("")

    monkeypatch.setattr(dev, "make_venv", make_venv)
    monkeypatch.setattr(dev, "has_pip", dev.PYTHON.exists)
    monkeypatch.setattr(dev, "install", done.append)
    return done


def test_dev_needs_only_the_standard_library() -> None:
    tree = parsed(ROOT / "dev.py")

    imports = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    froms = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}

    assert {str(name).split(".")[0] for name in imports | froms} <= sys.stdlib_module_names


def test_a_second_start_installs_nothing(installs: list[str]) -> None:
    dev.set_up("runtime")
    dev.set_up("runtime")

    assert installs == ["runtime"]


def test_running_after_testing_installs_nothing(installs: list[str]) -> None:
    dev.set_up("dev")
    dev.set_up("runtime")

    assert installs == ["dev"]


def test_testing_after_running_installs_the_tools(installs: list[str]) -> None:
    dev.set_up("runtime")
    dev.set_up("dev")

    assert installs == ["runtime", "dev"]


@pytest.mark.parametrize("changed", ["runtime.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_installs_again(
    folder: Path, installs: list[str], changed: str
) -> None:
    dev.set_up("runtime")
    (folder / changed).write_text("changed")
    dev.set_up("runtime")

    assert installs == ["runtime", "runtime"]


def test_a_set_up_that_was_cut_short_begins_again(
    installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short(kind: str) -> None:
        raise subprocess.CalledProcessError(1, ["pip"])

    with monkeypatch.context() as patch:
        patch.setattr(dev, "install", cut_short)
        with pytest.raises(subprocess.CalledProcessError):
            dev.set_up("runtime")
    dev.set_up("runtime")

    assert installs == ["runtime"]


def test_an_environment_without_pip_does_not_count(folder: Path) -> None:
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.write_text("#!/bin/sh\nexit 1\n")
    dev.PYTHON.chmod(0o755)

    assert not dev.has_pip()


def test_where_uv_fails_pip_installs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[list[str]] = []

    def call(*words: object) -> None:
        steps.append([str(word) for word in words[1:]])
        if "uv" in steps[-1]:
            raise subprocess.CalledProcessError(1, steps[-1])

    monkeypatch.setattr(dev, "call", call)
    dev.install("runtime")

    assert [step[:3] for step in steps[-2:]] == [["-m", "pip", "install"]] * 2
    assert "--require-hashes" in steps[-2]


def test_run_passes_its_options_on() -> None:
    kind, commands = dev.TASKS["run"]

    assert kind == "runtime"
    assert commands(["--as-of", "2011-12-09"]) == [
        ["-m", "webapp.cli", "run", "--as-of", "2011-12-09"]
    ]


def test_test_leaves_the_heavy_trials_out_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_FULL", "")  # put back after the test

    assert "-m" not in dev.test_commands(["-x"])[0][2:]
    assert dev.test_commands(["--full", "-x"])[0][-3:] == ["-m", "not bench", "-x"]


@pytest.mark.parametrize(("words", "code"), [([], 2), (["--help"], 0), (["dance"], 2)])
def test_an_unknown_word_gets_the_list_of_commands(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(words) == code
    assert "python3 dev.py run" in capsys.readouterr().out


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))

    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer"):
        dev.main(["run"])


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".venv.lock").mkdir()  # whoever may write everywhere cannot open a folder either
    for name in ("dev.py", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())

    command = [sys.executable, "dev.py", "run"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert said.returncode == 2
    assert said.stderr == f"Setting up failed: {tmp_path}/.venv.lock: Is a directory\n"
