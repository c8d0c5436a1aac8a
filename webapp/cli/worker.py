"""`laurel worker`: messages leave and the clock's work is done, beside the server."""

import threading

import click

from webapp.app import create_app
from webapp.cli.place import open_place
from webapp.intake.runner import start_runner
from webapp.jobs.worker import run_until_signal, worker_for


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
def worker(once: bool) -> None:
    """Deliver messages, do periodic work and run imports until SIGTERM.

    The embedded default has one inside the server; with PostgreSQL run at least one
    of these. Several may run at once.
    """
    with open_place(existing=True) as place:
        app = create_app(place.settings, engine=place.engine)
        found = worker_for(app)
        if once:
            done = found.run_once(threading.Event())
            click.echo(f"{done} rounds found something to do.")
        else:
            start_runner(app)
            run_until_signal(found)
