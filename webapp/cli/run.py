"""`laurel run`: the app with everything it needs, in one command."""

import importlib
import importlib.util
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from gamification.programme import ProgrammeRow
from webapp.accounts.codes import invite_owner
from webapp.accounts.queries import has_owner
from webapp.app import create_app
from webapp.cli.days import Day
from webapp.cli.place import make_embedded
from webapp.db import make_engine
from webapp.secret import find_secret
from webapp.settings import LOOPBACK_HOSTS, Settings, read_settings
from webapp.surroundings import here
from webapp.world import Worlds

THREADS = 2 * (os.cpu_count() or 1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--as-of",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="Show everything as at the end of that day, for reading only.",
)
@click.option("--empty", is_flag=True, help="Do not load the demo story; set up your own shop.")
def run(host: str, port: int, workers: int, as_of: datetime | None, empty: bool) -> None:
    """Serve the app. Without settings: an embedded database and a demo shop."""
    settings = read_settings()
    if as_of is not None:
        settings = replace(settings, as_of=as_of.date())
        os.environ["LAUREL_AS_OF"] = as_of.date().isoformat()  # the workers read it again
    refuse_taken(host, port)
    find_secret(settings)
    if settings.embedded:
        make_embedded(settings)
        if empty:
            tell_of_programme(settings)
        elif settings.demo:
            load_story(settings)
    serve(settings, host=host, port=port, workers=workers)


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Start everything in this process once, so that what is wrong is said in one line."""
    app = create_app(settings)

    def announce() -> None:
        wait_for_port(host, port)
        for line in announcements(settings, here(app).entrance, host, port):
            click.echo(line)

    # A forked worker would share this process's database connections and locks.
    multiprocessing.set_start_method("spawn", force=True)
    with background(app):
        server = Granian(
            "webapp.app:serve",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            backpressure=256,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=20,
            log_level=LogLevels.warning,
        )
        # Workers open the port after this: beside them, so that nobody is sent to a closed door.
        server.on_startup(threading.Thread(target=announce, daemon=True).start)
        server.serve()


def wait_for_port(host: str, port: int) -> None:
    """Return once somebody answers there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
            if probe.connect_ex((shown_host(host), port)) == 0:
                return
        time.sleep(0.05)


def shown_host(host: str) -> str:
    """The address that a visitor on this machine types."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound


def refuse_taken(host: str, port: int) -> None:
    """Say before everything else that somebody listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"cannot listen on {host}:{port}: {error.strerror or error}"
            ) from error


def tell_of_programme(settings: Settings) -> None:
    """Say that `--empty` empties nothing where a programme is already."""
    engine = make_engine(settings.database)
    try:
        with Worlds(engine).open(readonly=True) as world:
            row = world.session.get(ProgrammeRow, 1)
            if row is not None:
                click.echo(
                    f"{settings.data} holds the programme “{row.name}” already: --empty changed"
                    " nothing. For an empty shop set LAUREL_DATA to another folder."
                )
    finally:
        engine.dispose()


def load_story(settings: Settings) -> None:
    """Tell the demo story to an empty database, once."""
    if importlib.util.find_spec("webapp.demo") is None:
        return
    engine = make_engine(settings.database)
    try:
        with Worlds(engine).open(readonly=True) as world:
            if world.session.get(ProgrammeRow, 1) is not None:
                return
        load: Any = importlib.import_module("webapp.demo").load
        load(engine, click.echo, secret=find_secret(settings))
    finally:
        engine.dispose()


def announcements(settings: Settings, worlds: Worlds, host: str, port: int) -> Iterator[str]:
    """What somebody at the terminal has to know: the address, the ways in, and warnings."""
    shown = "127.0.0.1" if host == "::" else shown_host(host)
    address = settings.public_url or f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    yield ""
    yield f"  Laurel is at  {address}/"
    if settings.as_of:
        yield f"  as of {settings.as_of}, for reading only"
    with worlds.open(readonly=True) as world:
        owned = has_owner(world)
    if not owned and settings.as_of is None:
        secret = worlds.run(invite_owner)
        yield f"  The owner begins at  {address}/staff/begin/{secret}"
    yield from demo_sign_ins(worlds) if settings.demo else ()
    yield ""
    yield from warnings(settings, host)


def demo_sign_ins(worlds: Worlds) -> Iterator[str]:
    """Who can be tried in the demo shop."""
    if importlib.util.find_spec("webapp.demo") is None:
        return
    sign_ins: Any = getattr(importlib.import_module("webapp.demo"), "sign_ins", None)
    if sign_ins is not None:
        with worlds.open(readonly=True) as world:
            yield from (f"  {line}" for line in sign_ins(world))


def warnings(settings: Settings, host: str) -> Iterator[str]:
    """What is less safe than in a real shop."""
    if settings.test_mode:
        yield "  TEST MODE: the clock and the messages are not real. Never with customers."
    if not settings.https:
        yield "  Plain http: cookies go without Secure and __Host-. Fine on this machine only;"
        yield "  for a real shop set LAUREL_DEMO=0, LAUREL_PUBLIC_URL=https://… and a secret key."
    if host not in LOOPBACK_HOSTS and not (settings.public_url or settings.hosts):
        yield "  Only requests to 127.0.0.1 and localhost are answered: set LAUREL_PUBLIC_URL or"
        yield "  LAUREL_HOSTS to the name that visitors will type."


@contextmanager
def background(app: Any) -> Iterator[None]:
    """The worker that delivers messages and the runner of imports, beside the server."""
    from webapp.intake.runner import start_runner
    from webapp.jobs.worker import start_thread

    running = [start_thread(app), start_runner(app)]
    try:
        yield
    finally:
        for thread in running:
            if thread is not None:
                thread.stop()
