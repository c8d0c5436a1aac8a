"""Builds the wheel, installs it alone, starts it and fetches its pages.

Run by `dev.py check`. What it proves: the wheel holds every file that the program needs, and the
runtime lock holds every package.
"""

import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

from tests.house.sources import ROOT

# Where each folder of the repository lies inside the wheel.
PLACES = {
    "webapp": "webapp",
    "gamification": "gamification",
    "templates": "webapp/_templates",
    "static": "webapp/_static",
}
LOADED = re.compile(r"""(?:src|href)=["'](/static/[^"'#?]+)""")
START_SECONDS = 90


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="laurel-wheel-") as name:
        folder = Path(name)
        wheel = build_wheel(folder)
        missing = files_of_the_tree() - set(zipfile.ZipFile(wheel).namelist())
        assert not missing, f"not in the wheel: {sorted(missing)}"
        python = install_alone(wheel, folder / "venv")
        laurel = python.with_name("laurel")
        subprocess.run([laurel, "--help"], check=True, cwd=folder, stdout=subprocess.DEVNULL)
        check_pages(laurel, folder)
    print("The wheel holds everything, installs alone and serves its pages.")


def build_wheel(folder: Path) -> Path:
    options = ["--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(
        [sys.executable, "-m", "build", *options, ROOT], check=True, stdout=subprocess.DEVNULL
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def files_of_the_tree() -> set[str]:
    """What the wheel must hold, by its names there."""
    return {
        f"{inside}/{path.relative_to(ROOT / outside).as_posix()}"
        for outside, inside in PLACES.items()
        for path in (ROOT / outside).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def install_alone(wheel: Path, venv: Path) -> Path:
    """A fresh environment with the runtime lock and the wheel, nothing else; its Python."""
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if importlib.util.find_spec("uv"):
        subprocess.run([sys.executable, "-m", "uv", "venv", "-q", venv], check=True)
        pip = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(python)]
    else:
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        pip = [str(python), "-m", "pip", "install", "-q"]
    lock = ROOT / "requirements.lock"
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    return python


def check_pages(laurel: Path, folder: Path) -> None:
    """Start the installed program in an empty folder; its front page and what that loads answer."""
    home = folder / "home"
    home.mkdir()
    port = free_port()
    server = subprocess.Popen(
        [laurel, "run", "--port", str(port)], cwd=home, env={**os.environ, "HOME": str(home)}
    )
    try:
        page = fetch_patiently(f"http://127.0.0.1:{port}/", server)
        loaded = sorted(set(LOADED.findall(page)))
        assert loaded, "the front page loads no style and no script"
        for path in [*loaded, "/static/js/htmx.min.js"]:
            fetch(urljoin(f"http://127.0.0.1:{port}/", path))
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(timeout=30)
    assert code == 0, f"a stopped server should leave with 0, not {code}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetch_patiently(url: str, server: subprocess.Popen[bytes]) -> str:
    """Ask until the server answers, it ends, or its time is over."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            return fetch(url)
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no answer from {url} in {START_SECONDS} s")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own address
        body: bytes = answer.read()
    assert body, f"{url} is empty"
    return body.decode("utf-8", errors="replace")


if __name__ == "__main__":
    main()
