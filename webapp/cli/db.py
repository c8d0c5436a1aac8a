"""`laurel db`: the schema's way from nothing to now."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

from webapp import migrations
from webapp.db import make_engine
from webapp.settings import read_settings

DIFFERENT = 1


@click.group()
@click.option("--url", default=None, help="Another database than the one of the settings.")
@click.pass_context
def db(context: click.Context, url: str | None) -> None:
    """The schema of the database: bring it up to date, ask where it stands."""
    context.obj = url


@contextmanager
def chosen_engine(url: str | None, *, new: bool = False) -> Iterator[sa.Engine]:
    """The database named, else that of the settings; nothing about its tables is checked.

    An SQLite file that is not there is refused, unless a `new` one may be made.
    """
    address = read_url(url or read_settings().database)
    file = sqlite_file(address)
    if not new:
        refuse_missing(file)
    if file is not None and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(0o600)  # it will hold names and phones
    engine = make_engine(address.render_as_string(hide_password=False))
    try:
        yield engine
    finally:
        engine.dispose()


def refuse_missing(file: Path | None) -> None:
    """Say where there is no SQLite database, and make none."""
    if file is not None and not file.exists():
        raise click.ClickException(f"There is no database at {file}")


def read_url(text: str) -> sa.URL:
    try:
        return sa.make_url(text)
    except sa.exc.ArgumentError as failure:
        raise click.BadParameter("not a database address", param_hint="--url") from failure


def sqlite_file(address: sa.URL) -> Path | None:
    """Where an SQLite database lies; None for PostgreSQL and for one in memory."""
    if address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"}:
        return None
    return Path(str(address.database))


@db.command()
@click.pass_obj
def upgrade(url: str | None) -> None:
    """Bring the schema to this version. Safe to call from many processes at once."""
    with chosen_engine(url, new=True) as engine:
        before = migrations.current(engine)
        reached = migrations.upgrade(engine)
    if before == reached:
        click.echo(f"The schema is at {reached} already.")
    else:
        click.echo(f"The schema is at {reached}, it was at {before or 'nothing'}.")


@db.command()
@click.pass_obj
def current(url: str | None) -> None:
    """Say where the schema stands, and where this version wants it."""
    with chosen_engine(url) as engine:
        found = migrations.current(engine) or "nothing"
    click.echo(f"The schema is at {found}, this version wants {migrations.head()}.")


@db.command()
@click.pass_obj
def check(url: str | None) -> int:
    """Compare the tables with the code; exit 1 when they differ."""
    with chosen_engine(url) as engine:
        found = migrations.current(engine)
        if found != migrations.head():
            raise click.ClickException(
                f"The schema is at {found or 'nothing'}, not at {migrations.head()}:"
                " run laurel db upgrade first"
            )
        lines = migrations.differences(engine)
    for line in lines:
        click.echo(line)
    click.echo("The tables differ from the code." if lines else "The tables are as in the code.")
    return DIFFERENT if lines else 0


@db.command()
@click.option("-m", "--message", required=True, help="What is true afterwards, in a few words.")
@click.pass_obj
def revision(url: str | None, message: str) -> None:
    """For maintainers: write what the code wants and the tables lack as a new revision."""
    with chosen_engine(url, new=True) as engine:
        if migrations.current(engine) not in {None, migrations.head()}:
            raise click.ClickException("Run laurel db upgrade first: the schema is not current")
        written = migrations.write_revision(engine, message)
    if written is None:
        click.echo("Nothing to write: the tables are as in the code.")
        return
    tidy(written)
    click.echo(f"Wrote {written}. Read it before you commit it.")


def tidy(path: Path) -> None:
    """Order the imports of a new revision, where ruff is at hand."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "-q",
        "--fix",
        "--select",
        "I,F401",
        str(path),
    ]
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
