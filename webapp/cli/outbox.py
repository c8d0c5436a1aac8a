"""`laurel outbox`: what was to be told, and what became of it."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from gamification.readmodels.notices import OutboxRow, counts_by_state
from gamification.readmodels.notices import outbox as read_outbox
from webapp.accounts.rules import masked_contact
from webapp.cli.place import open_place

STATES = ("open", "sent", "failed", "dropped")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Everything, codes too; in test mode only.")
@click.option("--state", type=click.Choice(STATES), default=None, help="Only these.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=200, show_default=True)
def outbox(as_json: bool, state: str | None, limit: int) -> None:
    """The latest messages of the outbox, the newest last."""
    with open_place(existing=True) as place:
        if as_json and not place.settings.test_mode:
            raise click.ClickException("outbox --json shows codes: only with LAUREL_TEST_MODE=1")
        with place.entrance.open(readonly=True) as world:
            rows = read_outbox(world, state=state, limit=limit)
            counts = counts_by_state(world)
    if as_json:
        click.echo(json.dumps([plain(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(line(row))
    click.echo(", ".join(f"{name} {counts.get(name, 0)}" for name in STATES))


def plain(row: OutboxRow) -> dict[str, Any]:
    """A row for programs: instants as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(row).items()
    }


def line(row: OutboxRow) -> str:
    """A row for a person: no secret and no whole address."""
    to = masked_contact(row.recipient) if row.recipient else f"member {row.member_id}"
    fault = f"  {row.last_error}" if row.last_error else ""
    when = row.created_at.strftime("%Y-%m-%d %H:%M")
    return f"{when}  {row.state:<8}{row.channel:<6} {row.kind:<18} {to}{fault}"
