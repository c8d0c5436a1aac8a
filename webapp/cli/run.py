"""`laurel run`: the app with everything it needs, in one command.

The pages are loaded by the workers and, beside them, by this process: before the workers start,
nothing is loaded that they do not wait for.
"""

import importlib
import importlib.util
import multiprocessing
import os
import signal
import socket
import threading
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from webapp.cli.days import Day
from webapp.cli.embedded import make_embedded
from webapp.db import make_engine
from webapp.log import start_log
from webapp.safe_start import checked_engine, programme_name, refuse_debug
from webapp.secret import find_secret
from webapp.settings import Settings, read_settings

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
    refuse_unsafe_start(settings)
    serve(settings, host=host, port=port, workers=workers)


def refuse_unsafe_start(settings: Settings) -> None:
    """What would stop the workers, said in one line before there are any. Raises UnsafeStart."""
    start_log(settings.log_level)
    refuse_debug(settings)
    checked_engine(settings).dispose()


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Answer on that port until told to stop."""
    # A forked worker would share this process's database connections and locks.
    multiprocessing.set_start_method("spawn", force=True)
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
    beside = Beside(settings, host, port)
    server.on_startup(beside.start)
    try:
        server.serve()
    finally:
        beside.stop()


@dataclass
class Beside:
    """What runs in this process while the workers answer: messages, imports, the first words."""

    settings: Settings
    host: str
    port: int
    running: list[Any] = field(default_factory=list)
    fault: Exception | None = None

    def start(self) -> None:
        """Load it beside the workers, which load the same pages meanwhile."""
        threading.Thread(target=self.load, daemon=True).start()

    def load(self) -> None:
        try:
            self.begin()
        except Exception as fault:  # noqa: BLE001 - told by the main thread, when it has stopped
            self.fault = fault
            os.kill(os.getpid(), signal.SIGTERM)

    def begin(self) -> None:
        """The worker that delivers messages, the runner of imports; then say where we are."""
        from webapp.app import create_app
        from webapp.cli.announced import announcements, local_address, wait_for_port
        from webapp.intake.runner import start_runner
        from webapp.jobs.worker import start_thread
        from webapp.surroundings import here

        app = create_app(self.settings)
        address = local_address(self.host, self.port)
        self.running = [start_thread(app, local=address), start_runner(app)]
        wait_for_port(self.host, self.port)
        for line in announcements(self.settings, here(app).entrance, self.host, self.port):
            click.echo(line)

    def stop(self) -> None:
        """End what was begun. Raises what had stopped the loading."""
        for thread in self.running:
            if thread is not None:
                thread.stop()
        if self.fault is not None:
            raise self.fault


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
        name = programme_name(engine)
        if name is not None:
            click.echo(
                f"{settings.data} holds the programme “{name}” already: --empty changed"
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
        if programme_name(engine) is not None:
            return
        load: Any = importlib.import_module("webapp.demo").load
        load(engine, click.echo, secret=find_secret(settings))
    finally:
        engine.dispose()
