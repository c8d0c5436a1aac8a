"""`laurel report`: what members bought, earned and hold, as of a day."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any, TextIO

import click

from gamification.definitions import current_definitions
from gamification.points import to_decimal
from gamification.readmodels.report import ReportRow, last_document_day, member_report
from gamification.world import World
from webapp.cli.days import Day
from webapp.cli.place import open_place

COLUMNS = tuple(column.name for column in fields(ReportRow))
MONEY = ("net", "sales", "returned", "net_365d")


@click.group()
def report() -> None:
    """Reports about the programme."""


@report.command("members")
@click.option(
    "--as-of",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="The end of that day; by default the day of the last receipt.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, with a header.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def members(as_of: datetime | None, as_csv: bool, as_json: bool) -> None:
    """Every member in one row: money, dates, points, tier and medals.

    Money is decimal text, returns are negative, dates are local to the receipts.
    Orders are sales above zero; net_365d covers the 365 dates that end with the
    day. Points, tier and medals are those of the end of the day by the programme's
    zone. Medals counts each level of each medal, and each time for medals that can
    be earned again. Nothing is written.
    """
    if as_csv and as_json:
        raise click.UsageError("choose one of --csv and --json")
    with open_place(existing=True) as place, place.programme.open(readonly=True) as world:
        currency = current_definitions(world.session).programme.currency
        day = as_of.date() if as_of else last_document_day(world) or today(world)
        rows = (plain(row, currency) for row in member_report(world, day))
        if not as_json:  # beside the output, so that a script takes the rows alone
            click.echo(f"As of the end of {day.isoformat()}.", err=True)
        if as_json:
            head = {"as_of": day.isoformat(), "currency": currency}
            click.echo(json.dumps(head | {"members": list(rows)}, ensure_ascii=False))
        elif as_csv:
            write_csv(rows, sys.stdout)
        else:
            write_table(rows, sys.stdout)


def today(world: World) -> date:
    """The programme's local day, for a programme without receipts."""
    return world.now.astimezone(current_definitions(world.session).programme.zone).date()


def plain(row: ReportRow, currency: str) -> dict[str, Any]:
    """A row as plain values: money as decimal text, dates as ISO text or None."""
    found: dict[str, Any] = {}
    for name in COLUMNS:
        value = getattr(row, name)
        if name in MONEY:
            value = f"{to_decimal(value, currency):f}"
        elif isinstance(value, date):
            value = value.isoformat()
        found[name] = value
    return found


def write_csv(rows: Iterable[dict[str, Any]], target: TextIO) -> None:
    """Comma-separated rows, line by line."""
    sheet = csv.writer(target, lineterminator="\n")
    sheet.writerow(COLUMNS)
    sheet.writerows([row[name] for name in COLUMNS] for row in rows)


def write_table(rows: Iterable[dict[str, Any]], target: TextIO) -> None:
    """Aligned columns for a terminal."""
    lines = [COLUMNS, *([text_of(row[name]) for name in COLUMNS] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
    target.writelines(f"{line}\n" for line in aligned(lines, widths))


def aligned(lines: Iterable[Iterable[str]], widths: list[int]) -> Iterator[str]:
    """The first column to the left, the others to the right."""
    for line in lines:
        first, *rest = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join([first, *rest]).rstrip()


def text_of(value: Any) -> str:
    """A cell of the table; a dash for what there is none of."""
    return "-" if value is None else str(value)
