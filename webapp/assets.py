"""Addresses of static files that change with their contents, so browsers may keep them."""

import hashlib
import time
from functools import lru_cache
from pathlib import Path

from flask import current_app, request

LOOK_AGAIN = 1.0  # seconds after which a file is looked at anew


@lru_cache(maxsize=256)
def digest(folder: str, name: str, changed: int) -> str:
    """Eight letters of a file's contents; `changed` makes an edited file a new question."""
    assert changed >= 0, "a file's time is not negative"
    return hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:8]


@lru_cache(maxsize=1024)
def address(folder: str, prefix: str, name: str, _second: int) -> str:
    """The address of a file, looked at once a second: a page names some forty of them."""
    changed = (Path(folder) / name).stat().st_mtime_ns
    return f"{prefix}/{name}?v={digest(folder, name, changed)}"


def asset(name: str) -> str:
    """The address of a static file, e.g. /static/css/base.css?v=1a2b3c4d."""
    folder, path = current_app.static_folder, current_app.static_url_path
    assert folder is not None, "the app serves static files"
    second = int(time.monotonic() / LOOK_AGAIN)
    return address(folder, f"{request.script_root}{path}", name, second)
