"""`laurel erase`: forget members at once, without the days to think it over."""

import sys
from functools import partial

import click

from webapp.cli.place import open_place
from webapp.jobs.erasure import erase_now

NUMBERS = click.argument("numbers", type=click.IntRange(1), nargs=-1, required=True)


@click.command()
@NUMBERS
@click.option("--yes", is_flag=True, help="Without asking.")
def erase(numbers: tuple[int, ...], yes: bool) -> None:
    """Forget the members with these NUMBERS: for a request on paper, or after a restore.

    Names, contacts, cards, consents, messages and devices go for good; sums and goods of
    receipts stay under a random number. Nothing brings them back.
    """
    if not yes:
        agree(len(numbers))
    with open_place(existing=True) as place:
        for number in numbers:
            place.programme.run(partial(erase_now, member_id=number))
            click.echo(f"Erased member {number}.")


def agree(count: int) -> None:
    """Go on only when somebody at the terminal says so."""
    if not sys.stdin.isatty():
        raise click.ClickException("Nobody was asked. To erase without asking, say --yes")
    click.confirm(f"Erase {count} member(s) for good?", abort=True, err=True)
