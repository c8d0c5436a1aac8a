"""`laurel translations check|update`: is everything said in every language?"""

import sys

import click

from webapp import translations_check


@click.group()
def translations() -> None:
    """The sentences of the program in its languages."""


@translations.command("check")
def check() -> None:
    """Name every sentence that is missing, fuzzy, stale or lost a placeholder."""
    wrong = translations_check.check()
    for line in wrong:
        click.echo(line)
    if wrong:
        sys.exit(1)
    click.echo("Everything is said in every language.")


@translations.command("update")
def update() -> None:
    """Bring the catalogues to what the sources say; new sentences come in empty."""
    translations_check.update()
    click.echo("The catalogues are up to date.")
