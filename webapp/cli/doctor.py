"""`laurel doctor`: what is set, what is wrong, and how to mend it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click
import sqlalchemy as sa
from flask.helpers import get_debug_flag
from sqlalchemy.exc import DBAPIError

from gamification.programme import ProgrammeRow
from gamification.readmodels.notices import oldest_open
from webapp import migrations
from webapp.access import UndeclaredRoute
from webapp.accounts.queries import has_owner
from webapp.app import create_app
from webapp.clocks import wall_clock
from webapp.db import make_engine, unsafe_settings
from webapp.safe_start import UnsafeStart
from webapp.secret import WeakSecret, read_key, weakness
from webapp.settings import Settings, read_settings
from webapp.world import Worlds

LATE_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `state`: ok, warn or bad."""

    what: str
    state: str
    said: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> int:
    """Look at settings, secret, database, schema and outbox; changes nothing.

    Exit code 0 when all is well, 1 when something needs mending.
    """
    findings = list(examine(read_settings()))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2))
    else:
        for one in findings:
            click.echo(f"{one.state.upper():<5} {one.what:<10} {one.said}")
    return 1 if any(one.state == "bad" for one in findings) else 0


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything in the order in which a start needs it."""
    yield look_at_mode(settings)
    yield look_at_secret(settings)
    if settings.embedded and not (settings.data / "laurel.db").exists():
        yield Finding("database", "warn", "there is none yet; laurel run makes it")
        return
    engine = make_engine(settings.database)
    try:
        yield from look_at_database(settings, engine)
    finally:
        engine.dispose()


def look_at_mode(settings: Settings) -> Finding:
    if get_debug_flag():
        return Finding("mode", "bad", "debug is on: unset FLASK_DEBUG")
    if settings.test_mode:
        return Finding("mode", "warn", "test mode: the clock and the messages are not real")
    if settings.demo:
        return Finding("mode", "warn", "demo: set LAUREL_DEMO=0 for a real shop")
    if not settings.public_url:
        return Finding("mode", "bad", "LAUREL_PUBLIC_URL is not set: links in messages need it")
    return Finding("mode", "ok", f"a real shop at {settings.public_url}")


def look_at_secret(settings: Settings) -> Finding:
    key = settings.secret_key or read_key(settings.key_file)
    if key is None and settings.demo and settings.embedded:
        return Finding("secret", "ok", "made at the first start")
    if key is None:
        return Finding("secret", "bad", "LAUREL_SECRET_KEY is not set")
    if fault := weakness(key):
        return Finding("secret", "bad", f"the secret key {fault}")
    if not settings.secret_key and settings.key_file.stat().st_mode & 0o077:
        return Finding("secret", "bad", f"others can read {settings.key_file}: chmod 600 it")
    return Finding("secret", "ok", "long and unlisted")


def look_at_database(settings: Settings, engine: sa.Engine) -> Iterator[Finding]:
    try:
        found = migrations.current(engine)
    except DBAPIError as error:
        yield Finding("database", "bad", f"cannot be reached: {' '.join(str(error.orig).split())}")
        return
    faults = unsafe_settings(engine)
    yield Finding("database", "bad" if faults else "ok", "; ".join(faults) or "safe settings")
    if found != migrations.head():
        yield Finding("schema", "bad", f"at {found or 'none'}: laurel db upgrade")
        return
    yield Finding("schema", "ok", f"at {found}")
    worlds = Worlds(engine, wall_clock(settings))
    for look in (look_at_programme, look_at_outbox):
        yield look(worlds)
    yield look_at_routes(settings, engine)


def look_at_programme(worlds: Worlds) -> Finding:
    with worlds.open(readonly=True) as world:
        owned, row = has_owner(world), world.session.get(ProgrammeRow, 1)
    if not owned:
        return Finding("owner", "warn", "nobody owns this yet: laurel accounts add --role owner")
    if row is None:
        return Finding("programme", "warn", "not set up yet: the owner's first visit does it")
    return Finding("programme", "ok", f"{row.name}, {row.currency}, {row.zone}")


def look_at_outbox(worlds: Worlds) -> Finding:
    with worlds.open(readonly=True) as world:
        oldest, now = oldest_open(world), world.now
    minutes = 0 if oldest is None else int((now - oldest).total_seconds() // 60)
    if minutes >= LATE_MINUTES:
        return Finding("outbox", "bad", f"a message has waited {minutes} minutes: laurel worker")
    return Finding("outbox", "ok", "no message waits long")


def look_at_routes(settings: Settings, engine: sa.Engine) -> Finding:
    try:
        create_app(settings, engine=engine)
    except (WeakSecret, UndeclaredRoute, UnsafeStart) as error:
        return Finding("app", "bad", str(error))
    return Finding("app", "ok", "starts; every route says who may come in")
