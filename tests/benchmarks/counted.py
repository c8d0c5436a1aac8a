"""The app with a count of its writing transactions, to be asked for at /counted."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from webapp.app import create_app
from webapp.surroundings import here


def serve() -> Flask:
    """What a WSGI server calls."""
    app = create_app()
    commits = [0]

    def note(_connection: sa.Connection) -> None:
        commits[0] += 1

    sa.event.listen(here(app).engine, "commit", note)
    inner = app.wsgi_app

    def outer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/counted":
            return inner(environ, start)
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(commits[0]).encode()]

    app.wsgi_app = outer  # type: ignore[method-assign]
    return app
