"""A shop in a file, for walks that need a running app and no server of production."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlmodel import SQLModel
from werkzeug.serving import make_server

from tests.webapp.shopfront import KEY, Now, Shop
from webapp.app import create_app
from webapp.db import make_engine
from webapp.settings import Settings


def shop_in(folder: Path, *, at: str = "2026-11-24T09:00:00+00:00") -> Shop:
    """A shop that has been set up, at a moment of its own clock (UTC)."""
    now = Now(folder / "now")
    now.set(at)
    settings = Settings(
        data=folder, secret_key=KEY, test_mode=True, clock_file=now.path, log_level="error"
    )
    engine = make_engine(settings.database)
    SQLModel.metadata.create_all(engine)
    shop = Shop(create_app(settings, engine=engine), now)
    shop.set_up()
    return shop


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an app that answers for as long as this lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
