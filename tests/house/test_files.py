"""No file names a machine or a registry; the locks and the vendored files are as they were."""

import hashlib
import re
import tomllib

from tests.house.sources import ROOT, place, text_files

# In pieces, so that this file does not find itself.
MACHINE_PATHS = re.compile("/" + r"(?:work|root|home/[a-z]+|Users/\w+|opt/(?:pypi|wheels))" + "/")
REGISTRIES = re.compile(r"(?:pypi\.org|pythonhosted\.org|registry\.npmjs|file://" + "/)")
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,]+\])?==(\S+)", re.MULTILINE)


def found_in_texts(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{place(path)}: {match.group()}"
        for path in text_files()
        for match in pattern.finditer(path.read_text("utf-8", errors="replace"))
    ]


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert found_in_texts(MACHINE_PATHS) == []


def test_no_file_names_a_package_registry() -> None:
    assert found_in_texts(REGISTRIES) == []


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / name).read_text("utf-8")))


def test_every_pinned_package_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text("utf-8").strip())

        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_development_lock_holds_the_runtime_lock() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")

    assert {name: dev.get(name) for name in runtime} == runtime


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {
        "requirements.lock": project["dependencies"],
        "requirements-dev.lock": project["optional-dependencies"]["dev"],
    }

    for lock, lines in wanted.items():
        names = {re.split(r"[\[<>=;~ ]", line)[0] for line in lines}
        assert names - set(pins(lock)) == set()


def test_vendored_files_are_those_that_were_checked() -> None:
    listing = (ROOT / "static" / "VENDORED.txt").read_text("utf-8").splitlines()
    listed = {line.split()[1]: line.split()[0] for line in listing}

    found = {
        name: hashlib.sha256((ROOT / "static" / name).read_bytes()).hexdigest() for name in listed
    }

    assert found == listed


def test_every_file_of_others_is_listed_with_its_source() -> None:
    static = ROOT / "static"
    listing = (static / "VENDORED.txt").read_text("utf-8").splitlines()
    listed = {line.split()[1] for line in listing}

    others = [*(static / "fonts").iterdir(), *static.rglob("*.min.js"), *static.rglob("*.min.css")]

    assert {path.relative_to(static).as_posix() for path in others} - listed == set()
