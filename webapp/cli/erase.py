"""`laurel erase`: forget members at once, without the days to think it over."""

import sys
from functools import partial

import click

from gamification.commands.member import (
    find_member,
    normalise_email,
    normalise_phone,
    person_of,
    region_of,
)
from gamification.definitions import current_definitions
from gamification.refusals import ProgrammeMissing, UnknownMember
from gamification.world import World
from webapp.cli.place import open_place
from webapp.jobs.erasure import erase_now

MEMBERS = click.argument("members", nargs=-1, required=True)


@click.command()
@MEMBERS
@click.option("--yes", is_flag=True, help="Without asking.")
def erase(members: tuple[str, ...], yes: bool) -> None:
    """Forget these MEMBERS: for a request on paper, or after a restore.

    Each is named by the number of their row, a card, a phone, an e-mail or an id of your own
    system. Where one text names several people, put before it which it is: number:7, card:7,
    phone:7, email:7 or id:7.

    Names, contacts, cards, consents, messages and devices go for good; sums and goods of
    receipts stay under a random number. Nothing brings them back.
    """
    if not yes:
        agree(len(members))
    with open_place(existing=True) as place:
        with place.programme.open(readonly=True) as world:
            numbers = [number_of(world, text) for text in members]
        for number in numbers:
            place.programme.run(partial(erase_now, member_id=number))
            click.echo(f"Erased member {number}.")


def number_of(world: World, text: str) -> int:
    """The row's number of the one member whom the text names.

    Raises:
        UnknownMember: nobody is called so.
        ClickException: several are.
    """
    kind, colon, rest = text.partition(":")
    found = called(world, rest) if colon and kind in KINDS else called(world, text)
    if colon and kind in KINDS:
        found = {kind: found[kind]} if kind in found else {}
    if not found:
        raise UnknownMember(who=text)
    if len(set(found.values())) > 1:
        ways = ", ".join(f"{kind}:{text}" for kind in found)
        raise click.ClickException(f"{text} names several members: say one of {ways}")
    return next(iter(found.values()))


KINDS = ("number", "card", "phone", "email", "id")


def called(world: World, text: str) -> dict[str, int]:
    """Who is called so, by each kind of name."""
    phone = normalise_phone(text, region(world))
    email = normalise_email(text)
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    found = {
        "card": find_member(world, card=text),
        "phone": find_member(world, phone=phone) if phone else None,
        "email": find_member(world, email=email) if email else None,
        "id": find_member(world, external_id=text),
    }
    numbers = {kind: member.id for kind, member in found.items() if member and member.id}
    if is_number and person_of(world, int(text)) is not None:
        numbers = {"number": int(text)} | numbers
    return numbers


def region(world: World) -> str:
    """The country of phones without a country code; any, where there is no programme."""
    try:
        return region_of(current_definitions(world.session).programme.currency)
    except ProgrammeMissing:
        return "RU"


def agree(count: int) -> None:
    """Go on only when somebody at the terminal says so."""
    if not sys.stdin.isatty():
        raise click.ClickException("Nobody was asked. To erase without asking, say --yes")
    click.confirm(f"Erase {count} member(s) for good?", abort=True, err=True)
