"""`laurel backup` and `laurel restore`: the whole database in one file, and back."""

import sys
from pathlib import Path

import click

from webapp.backup import BackupRefused, DatabaseNotEmpty, restore_backup, write_backup
from webapp.cli.db import chosen_engine

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@FILE
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
def backup(file: Path, force: bool) -> None:
    """Save everything that is committed now into FILE, while the shop goes on.

    FILE holds names, phones and purchases: keep it as safe as the database.
    """
    with chosen_engine(None) as engine:
        try:
            manifest = write_backup(engine, file.absolute(), replace=force)
        except BackupRefused as refusal:
            raise click.ClickException(str(refusal)) from refusal
    size = file.stat().st_size / 1_000_000
    click.echo(
        f"Saved {manifest.rows:,} rows of {len(manifest.tables)} tables into {file}"
        f" ({size:.1f} MB, schema {manifest.revision})."
    )


@click.command()
@FILE
@click.option("--yes", is_flag=True, help="Replace what the database holds, without asking.")
def restore(file: Path, yes: bool) -> None:
    """Fill the database from FILE: all of it, checked row by row, or nothing.

    A backup of SQLite restores into PostgreSQL and the other way round. Stop the
    servers and workers of this database first.
    """
    with chosen_engine(None, new=True) as engine:
        try:
            try:
                manifest = restore_backup(engine, file, replace=yes)
            except DatabaseNotEmpty as refusal:
                agree(str(refusal))
                manifest = restore_backup(engine, file, replace=True)
        except BackupRefused as refusal:
            raise click.ClickException(str(refusal)) from refusal
    click.echo(
        f"Restored {manifest.rows:,} rows of {len(manifest.tables)} tables from {file},"
        f" taken {manifest.taken_at}."
    )
    click.echo(
        "Members who were erased after that are in it again. The log names their numbers"
        " (member_erased): erase them once more with `laurel erase NUMBER…`."
    )


def agree(why: str) -> None:
    """Go on only when somebody at the terminal says so."""
    if not sys.stdin.isatty():
        raise click.ClickException(f"{why}. To replace what it holds, say --yes")
    click.confirm(f"{why}. Replace everything that it holds?", abort=True, err=True)
