#!/usr/bin/env python3
"""Laurel's commands for people who have Python 3.11 or newer with pip, and nothing else.

python3 dev.py run    [options]        start the app (see: python3 dev.py run --help)
python3 dev.py test   [pytest options] every test, browser and PostgreSQL included
                      --full           the heavy trials too, minutes long
                      --bench          only the benchmarks, printed as JSON
python3 dev.py lint                    ruff, strict mypy, import-linter
python3 dev.py check                   migrations on both engines, translations, the built wheel

The first call makes .venv from the hashed locks; later calls start at once.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
UV = "uv==0.13.9"

Command = list[str]


def call(*words: object) -> None:
    """Run one step of the set-up; a failing one ends it."""
    subprocess.run([str(word) for word in words], check=True, cwd=ROOT)


def main(words: list[str]) -> int:
    if sys.version_info < (3, 11):
        sys.exit(f"Laurel needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    task, rest = (words[0], words[1:]) if words else ("", [])
    if task not in TASKS:
        print(__doc__)
        return 0 if task in {"-h", "--help", "help"} else 2
    kind, commands = TASKS[task]
    set_up(kind)
    return carry_out(commands(rest))


# What each word stands for.


def run_commands(rest: list[str]) -> list[Command]:
    return [["-m", "webapp.cli", "run", *rest]]


def test_commands(rest: list[str]) -> list[Command]:
    full, bench = "--full" in rest, "--bench" in rest
    rest = [word for word in rest if word not in {"--full", "--bench"}]
    if bench:
        return [["-m", "pytest", "-m", "bench", "-q", "-s", *(rest or ["tests/benchmarks"])]]
    if full:
        os.environ["LAUREL_FULL"] = "1"
        rest = ["-m", "not bench", *rest]
    return [["-m", "pytest", "-n", "auto", "--maxprocesses=4", "--dist=worksteal", *rest]]


def lint_commands(rest: list[str]) -> list[Command]:
    return [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    ]


def check_commands(rest: list[str]) -> list[Command]:
    return [
        ["-m", "tests.house.schema_check"],
        ["-m", "webapp.translations_check"],
        ["-m", "tests.house.wheel_check"],
    ]


TASKS = {
    "run": ("runtime", run_commands),
    "test": ("dev", test_commands),
    "lint": ("dev", lint_commands),
    "check": ("dev", check_commands),
}


def carry_out(commands: list[Command]) -> int:
    """Run every command, even after a failed one; answer the first failure."""
    os.chdir(ROOT)
    # Five hundred modules compiled anew, in every process, would be a third of each start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if len(commands) == 1 and not WINDOWS:  # become the server, so that signals reach it
        sys.stdout.flush()
        os.execv(PYTHON, [str(PYTHON), *commands[0]])
    runs = [subprocess.run([str(PYTHON), *command], check=False) for command in commands]
    return next((run.returncode for run in runs if run.returncode), 0)


# The virtual environment.


def set_up(kind: str) -> None:
    """Bring .venv to the named lock, unless its stamp says that it is there already."""
    if is_set_up(kind):
        return
    with alone():
        if is_set_up(kind):  # somebody else did it while we waited
            return
        print(f"Setting up .venv ({kind}), once …", flush=True)
        if not has_pip():
            make_venv()
        install(kind)
        for done in LOCKS if kind == "dev" else [kind]:  # dev holds all of runtime
            stamp(done).write_text(wanted(done))


@contextmanager
def alone() -> Iterator[None]:
    """Let one set-up of this folder work at a time, where the system can lock a file."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_set_up(kind: str) -> bool:
    return PYTHON.exists() and stamp(kind).exists() and stamp(kind).read_text() == wanted(kind)


def stamp(kind: str) -> Path:
    return VENV / f".laurel-{kind}"


def wanted(kind: str) -> str:
    """What .venv must have been made from: the lock, the project, this Python, this folder."""
    parts = [LOCKS[kind].read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    parts += [sys.version.encode(), os.fsencode(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def has_pip() -> bool:
    """False for no environment, one whose making was cut short, or one of another Python."""
    if not PYTHON.exists():
        return False
    ask = "import pip, sys; print(sys.version)"
    answer = subprocess.run([PYTHON, "-c", ask], check=False, capture_output=True, text=True)
    return answer.returncode == 0 and answer.stdout.strip() == sys.version.strip()


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, ImportError, SystemExit):
        make_venv_without_ensurepip()


def make_venv_without_ensurepip() -> None:
    """Debian's python3 comes without ensurepip when python3-venv is not installed."""
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        call(sys.executable, "-m", "pip", "install", "-q", "--target", TOOLS, "--upgrade", UV)
    except subprocess.CalledProcessError:
        sys.exit("Python has neither ensurepip nor pip here: install python3-venv, then try again")
    call(TOOLS / "bin" / "uv", "venv", "-q", "--seed", "--python", sys.executable, VENV)


def install(kind: str) -> None:
    """With uv, ten times faster; with pip where uv has no wheel or cannot reach the packages."""
    lock, tools = LOCKS[kind], LOCKS["dev"]
    try:
        call(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", UV)
        uv = [PYTHON, "-m", "uv", "pip", "install", "-q", "--python", PYTHON]
        call(*uv, "--compile-bytecode", "--require-hashes", "-r", lock)
        call(*uv, "--no-deps", "--build-constraints", tools, "-e", ROOT)
    except subprocess.CalledProcessError:
        print("uv could not; trying with pip, which takes about a minute …", flush=True)
        pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        call(*pip, "--require-hashes", "-r", lock)
        call(*pip, "--no-deps", "-e", ROOT)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as failure:
        sys.exit(f"Setting up failed at: {' '.join(failure.cmd)}")
    except OSError as failure:  # a folder that cannot be written to, a full disk
        print(f"Setting up failed: {failure.filename}: {failure.strerror}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
