"""Addresses of static files that change with their contents, so browsers may keep them."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app, url_for


@lru_cache(maxsize=256)
def digest(folder: str, name: str, changed: int) -> str:
    """Eight letters of a file's contents; `changed` makes an edited file a new question."""
    assert changed >= 0, "a file's time is not negative"
    return hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:8]


def asset(name: str) -> str:
    """The address of a static file, e.g. /static/css/base.css?v=1a2b3c4d."""
    folder = current_app.static_folder
    assert folder is not None, "the app serves static files"
    changed = (Path(folder) / name).stat().st_mtime_ns
    return url_for("static", filename=name, v=digest(folder, name, changed))
