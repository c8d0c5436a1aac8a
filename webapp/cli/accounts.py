"""`laurel accounts`: people who work in the shop."""

import json
import sys

import click
from sqlmodel import col, select

from gamification.commands.member import normalise_email
from webapp.accounts.actions import add_staff, checked_hash
from webapp.accounts.rules import STAFF_ROLES
from webapp.accounts.staffing import close_staff, open_staff
from webapp.accounts.tables import Account
from webapp.cli.place import open_place


@click.group()
def accounts() -> None:
    """Accounts of the people who work in the shop."""


@accounts.command("add")
@click.option("--role", type=click.Choice(STAFF_ROLES), required=True)
@click.option("--email", required=True, help="By which they sign in.")
@click.option("--name", default="", help="How the pages call them.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(role: str, email: str, name: str, password_stdin: bool) -> None:
    """Add somebody. Without a password they set one through «Forgot the password?»."""
    address = normalise_email(email)
    if address is None:
        raise click.BadParameter(f"{email!r} is not an e-mail address", param_hint="--email")
    hashed = checked_hash(read_password(), known=(address,)) if password_stdin else None
    with open_place() as place, place.entrance.open() as world:
        add_staff(world, role=role, email=address, name=name.strip()[:200], password_hash=hashed)
    click.echo(f"Added {address} as {role}.")


def read_password() -> str:
    """The first line of standard input, whole but for its end."""
    return sys.stdin.readline().rstrip("\r\n")


@accounts.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Let somebody in no more: their browsers are signed out at once."""
    with open_place(existing=True) as place:
        ended = place.entrance.run(lambda world: close_staff(world, address_of(email)))
    browsers = "1 browser" if ended == 1 else f"{ended} browsers"
    click.echo(f"Closed {address_of(email)}; signed out of {browsers}.")


@accounts.command("open")
@click.argument("email")
def open_again(email: str) -> None:
    """Let somebody in again who was closed, by the password they had."""
    with open_place(existing=True) as place:
        place.entrance.run(lambda world: open_staff(world, address_of(email)))
    click.echo(f"Opened {address_of(email)} again.")


def address_of(email: str) -> str:
    """The e-mail as accounts have it. Raises BadParameter."""
    address = normalise_email(email)
    if address is None:
        raise click.BadParameter(f"{email!r} is not an e-mail address", param_hint="EMAIL")
    return address


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_all(as_json: bool) -> None:
    """Who may sign in as staff."""
    with open_place(existing=True) as place, place.entrance.open(readonly=True) as world:
        rows = world.session.exec(
            select(Account).where(Account.role != "customer").order_by(col(Account.id))
        ).all()
        people = [
            {"email": row.email, "role": row.role, "name": row.name, "state": row.state}
            for row in rows
        ]
    if as_json:
        click.echo(json.dumps(people, ensure_ascii=False, indent=2))
        return
    for person in people:
        closed = "" if person["state"] == "active" else f"  ({person['state']})"
        click.echo(f"{person['role']:<10} {person['email']}  {person['name']}".rstrip() + closed)
