"""Addresses of static files that change with their contents, so browsers may keep them."""

import hashlib
import re
import time
from functools import lru_cache
from pathlib import Path

from flask import current_app, request

BUNDLES = {
    "css/laurel.css": (
        "css/tokens.css", "css/base.css", "css/layout.css", "css/components.css", "css/pages.css",
        "css/large.css",
    ),
}  # fmt: skip
"""Files that every page needs, sent as one: a slow network pays for each request."""
NOTE = re.compile(r"/\*.*?\*/", re.DOTALL)
LOOK_AGAIN = 1.0  # seconds after which a file is looked at anew


def parts_of(folder: str, name: str) -> list[Path]:
    """The files that an address stands for: mostly one."""
    return [Path(folder) / part for part in BUNDLES.get(name, (name,))]


def changed_at(folder: str, name: str) -> int:
    """When the newest of the files changed. Raises FileNotFoundError."""
    return max(path.stat().st_mtime_ns for path in parts_of(folder, name))


@lru_cache(maxsize=256)
def content(folder: str, name: str, changed: int) -> bytes:
    """What an address sends; `changed` makes an edited file a new question."""
    assert changed >= 0, "a file's time is not negative"
    found = b"\n".join(path.read_bytes() for path in parts_of(folder, name))
    return without_notes(found) if name.endswith(".css") else found


def without_notes(sheet: bytes) -> bytes:
    """A style sheet without what only its writers read."""
    lines = NOTE.sub("", sheet.decode()).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip()).encode()


@lru_cache(maxsize=1024)
def address(folder: str, prefix: str, name: str, _second: int) -> str:
    """The address of a file, looked at once a second: a page names some forty of them."""
    version = hashlib.sha256(content(folder, name, changed_at(folder, name))).hexdigest()[:8]
    return f"{prefix}/{name}?v={version}"


def asset(name: str) -> str:
    """The address of a static file, e.g. /static/css/base.css?v=1a2b3c4d."""
    folder, path = current_app.static_folder, current_app.static_url_path
    assert folder is not None, "the app serves static files"
    second = int(time.monotonic() / LOOK_AGAIN)
    return address(folder, f"{request.script_root}{path}", name, second)
