"""`laurel keys`: keys with which tills and shop sites call the API."""

import json
from datetime import datetime, timedelta
from typing import Any

import click

from webapp.cli.place import open_place
from webapp.keys.actions import (
    SCOPES,
    add_key,
    all_keys,
    revoke_keys,
    rotate_key,
    working_keys,
    works,
)
from webapp.keys.tables import ApiKey

MOST_DAYS, MOST_HOURS = 3_650, 24 * 90


@click.group()
def keys() -> None:
    """Keys with which tills and shop sites call the API."""


@keys.command("add")
@click.option("--name", required=True, help="Its receipts carry this name as their source.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES))
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help="Works for so many days only.")
def add(name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key. It is shown once: only its hash is kept."""
    with open_place() as place, place.entrance.open() as world:
        end = None if days is None else world.now + timedelta(days=days)
        key, text = add_key(world, name, scopes, expires_at=end)
    show_once(key, text)


def show_once(key: ApiKey, text: str) -> None:
    """The secret alone on the output, so that a script can take it; the rest beside it."""
    click.echo(f"Key {key.prefix} of {key.name} ({', '.join(key.scopes)}):", err=True)
    click.echo(text)
    click.echo("Write it down now, it is not shown again.", err=True)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_all(as_json: bool) -> None:
    """Every key there ever was, and whether it works."""
    with open_place(existing=True) as place, place.entrance.open(readonly=True) as world:
        lines = [line_of(key, world.now) for key in all_keys(world)]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    for line in lines:
        click.echo(
            f"{line['name']:<20} {line['prefix']:<9} {line['state']:<8}"
            f" {', '.join(line['scopes'])}  last used {line['last_used'] or 'never'}"
            + (f"  until {line['expires_at']}" if line["expires_at"] else "")
        )


def line_of(key: ApiKey, now: datetime) -> dict[str, Any]:
    """A key for people to read: nothing of its secret."""
    state = "works" if works(key, now) else "revoked" if key.revoked_at else "expired"
    return {
        "name": key.name,
        "prefix": key.prefix,
        "state": state,
        "scopes": key.scopes,
        "created": iso(key.created),
        "expires_at": iso(key.expires_at),
        "revoked_at": iso(key.revoked_at),
        "last_used": iso(key.last_used),
    }


def iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="seconds")


@keys.command("rotate")
@click.argument("name")
@click.option(
    "--hours", default=24, show_default=True, type=click.IntRange(0, MOST_HOURS),
    help="For so long the old key works on; 0 ends it at once.",
)  # fmt: skip
def rotate(name: str, hours: int) -> None:
    """Make a successor with the same name and scopes."""
    with open_place(existing=True) as place, place.entrance.open() as world:
        key, text = rotate_key(world, name, overlap=timedelta(hours=hours))
        old = [one for one in working_keys(world, name) if one.id != key.id]
        ends = [(one.prefix, iso(one.expires_at)) for one in old]
    show_once(key, text)
    for prefix, end in ends:
        click.echo(
            f"The old key {prefix} works on until {end}. To end it at once:"
            f" laurel keys revoke {prefix}",
            err=True,
        )


@keys.command("revoke")
@click.argument("name_or_prefix")
def revoke(name_or_prefix: str) -> None:
    """Close the keys of a name, or the one key of a prefix, at once."""
    with open_place(existing=True) as place, place.entrance.open() as world:
        closed = [key.prefix for key in revoke_keys(world, name_or_prefix)]
    click.echo(f"Revoked {', '.join(closed)}.")
