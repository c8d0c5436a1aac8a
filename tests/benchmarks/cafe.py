"""The demo's café with a session for everybody who has bought something."""

import secrets
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from webapp.accounts.actions import ensure_member_account, start_session
from webapp.app import create_app
from webapp.cli.embedded import make_embedded
from webapp.db import make_engine
from webapp.demo import load
from webapp.settings import Settings
from webapp.world import Worlds

KEY = "k3Q9vZ1xY7wT5uS2rP0oN8mL6jH4gF_dC-bA"


@dataclass
class Cafe:
    """The demo's café, and members who are signed in."""

    settings: Settings
    sessions: list[str]
    cookies: list[str]

    @property
    def environment(self) -> dict[str, str]:
        return {"LAUREL_DATA": str(self.settings.data), "LAUREL_SECRET_KEY": KEY,
                "LAUREL_LOG_LEVEL": "warning"}  # fmt: skip


def make_cafe(folder: Path) -> Cafe:
    """The demo story, and a session for everybody who has bought something."""
    settings = Settings(data=folder, secret_key=KEY)
    make_embedded(settings)
    engine = make_engine(settings.database)
    load(engine, lambda _line: None)
    sessions = sign_everybody_in(engine)
    engine.dispose()
    app = create_app(settings)
    return Cafe(settings, sessions, [cookie_of(app, secret) for secret in sessions])


def sign_everybody_in(engine: sa.Engine) -> list[str]:
    """Secrets of sessions of members with purchases, whose year was seen."""
    with Worlds(engine).open() as world:
        world.connection.exec_driver_sql(
            "UPDATE member SET year_seen_at = joined_at, celebrated_upto = 9223372036854775807"
        )
        ids = world.connection.exec_driver_sql(
            "SELECT member_id FROM standing ORDER BY member_id"
        ).scalars()
        accounts = [ensure_member_account(world, i, locale="ru") for i in list(ids)]
        return [start_session(world, account, agent="bench", address="") for account in accounts]


def cookie_of(app: Flask, secret: str) -> str:
    """The cookie of a browser that is signed in."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
        cookie["csrf_token"] = secrets.token_hex(20)  # as signing in leaves it
    found = client.get_cookie("laurel")
    assert found is not None, "the session was just written"
    return f"laurel={found.value}"
