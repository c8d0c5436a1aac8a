"""`laurel import`: purchases and members from files."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from gamification.points import to_decimal
from gamification.refusals import ProgrammeMissing
from gamification.world import World
from webapp.cli.import_words import told, told_members
from webapp.cli.place import open_place
from webapp.cli.progress import Bars
from webapp.cli.tongue import speaking
from webapp.intake.faults import BadFile
from webapp.intake.hiding import rows_to_show
from webapp.intake.member_profile import (
    MemberProfile,
    load_member_profile,
    recognised_members,
)
from webapp.intake.members import MembersOutcome, run_members_import
from webapp.intake.profile import Profile, example_profile, load_profile, shipped_profiles
from webapp.intake.purchases import Outcome, run_import
from webapp.intake.reasons import file_reason, row_reason
from webapp.intake.rejects import check_target, write_rejects
from webapp.intake.rows import goods_file, rows_as_written
from webapp.intake.runs import note_import
from webapp.intake.sources import check_there
from webapp.intake.staging import Staging
from webapp.intake.tabular import encoding_told
from webapp.words.formats import number


@click.group()
def imports() -> None:
    """Bring purchases and members in from files."""


@contextmanager
def explained() -> Iterator[None]:
    """Within it the terminal's language is spoken, and a bad file or a Ctrl-C is one line."""
    with speaking():
        try:
            yield
        except BadFile as fault:
            raise click.ClickException(file_reason(fault)) from fault
        except ProgrammeMissing as none:
            raise click.ClickException(
                _("There is no programme yet. Set one up first: laurel init")
            ) from none
        except KeyboardInterrupt:
            click.echo(
                _("Stopped. What was recorded stays; the same command goes on from there."),
                err=True,
            )
            raise click.Abort from None


@imports.command("purchases")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--profile",
    "profile_name",
    required=True,
    metavar="NAME|FILE.toml",
    help=f"How the file is to be read: {', '.join(shipped_profiles())}, or a TOML file of your"
    " own, to which laurel import profile prints the beginning.",
)
@click.option("--dry-run", is_flag=True, help="Read and count everything, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where rows that were not taken go; FILE.rejects.csv in the present folder by default.",
)
def purchases(
    files: tuple[Path, ...],
    profile_name: str,
    dry_run: bool,
    as_json: bool,
    rejects: Path | None,
) -> None:
    """Import receipts: purchases and returns.

    What was imported before is known by its number and changes nothing, so that a
    file may come again, overlap another, or be finished after an interruption. A
    receipt with a row that cannot be read is held back whole and listed among the
    rejects. Parts of one receipt in several files belong into one command.

    Exit code 0 when the files were read (even with rejects, which are counted), 2
    when a file or the profile cannot be used: then nothing was changed.
    """
    began = time.monotonic()
    with explained(), Staging() as staging:
        look_ahead(files, rejects)
        profile = load_profile(profile_name)
        target = rejects or (None if dry_run else Path(f"{files[0].name}.rejects.csv"))
        goods = (goods_file(path, profile) for path in files)
        check_target(target, [*files, Path(profile_name), *(path for path in goods if path)])
        with open_place(dry=dry_run) as place, Bars() as bars:
            outcome = run_import(
                place.programme, files, profile, staging, dry=dry_run, watcher=bars
            )
            if outcome.page.recorded:
                place.entrance.run(partial(note_purchases, files, outcome, staging))
        refuse_unreadable(outcome, staging)
        count, written = keep_rejects(target, files, profile, staging)
        answer = purchases_answer(files, profile, outcome, began)
        answer |= {"dry_run": dry_run, "rejected_rows": count, "rejects": written}
        click.echo(json.dumps(answer, ensure_ascii=False) if as_json else told(answer))


def look_ahead(files: tuple[Path, ...], rejects: Path | None) -> None:
    """Say what is missing before anything is read. Raises BadFile and ClickException."""
    for path in files:
        check_there(path)
    if rejects is not None and not os.access(rejects.absolute().parent, os.W_OK):
        raise click.ClickException(
            _("Rejects cannot be written into %(folder)s.", folder=rejects.absolute().parent)
        )


def note_purchases(
    files: tuple[Path, ...], outcome: Outcome, staging: Staging, world: World
) -> None:
    """Let the owner's overview say what came last; what changed nothing is not noted."""
    last = outcome.tally.last_day
    said = {
        "receipts": outcome.page.recorded,
        "known": outcome.page.replayed,
        "rejected": sum(1 for _reject in staging.rejects()),
        "last_day": last and last.isoformat(),
    }
    note_import(world, {"purchases": ", ".join(path.name for path in files)}, said)


def note_members(file: Path, outcome: MembersOutcome, world: World) -> None:
    """As `note_purchases`, of a file of members."""
    note_import(world, {"members": file.name}, {"rejected": len(outcome.rejects)})


def refuse_unreadable(outcome: Outcome, staging: Staging) -> None:
    """A file of which no row can be read was given the wrong profile. Raises BadFile."""
    tally = outcome.tally
    if tally.rows and tally.bad_rows == tally.rows:
        first = next(staging.rejects())
        why = row_reason(first.code, first.field, first.value)
        raise BadFile("nothing_readable", rows=number(tally.rows), why=why)


def keep_rejects(
    target: Path | None, files: tuple[Path, ...], profile: Profile, staging: Staging
) -> tuple[int, str | None]:
    """Count what was not taken, and write it where it is wanted."""
    count = sum(1 for _reject in staging.rejects())
    if target is None or not count:
        return count, None
    write_rejects(target, files, staging.rejects(), lambda path: rows_to_show(path, profile))
    return count, str(target)


def purchases_answer(
    files: tuple[Path, ...], profile: Profile, outcome: Outcome, began: float
) -> dict[str, Any]:
    """Everything that an import says, as plain values; money as decimal text."""
    tally, page = outcome.tally, outcome.page

    def money(minor: int) -> str:
        return str(to_decimal(minor, profile.currency))

    return {
        "profile": profile.name,
        "files": [str(path) for path in files],
        "encodings": [encoding_told(path, profile.file) for path in files],
        "rows": tally.rows,
        "receipts": tally.receipts,
        "recorded": page.recorded,
        "known": page.replayed,
        "parked": page.parked,
        "conflicts": len(page.conflicts),
        "refused": len(page.refused),
        "held_back": tally.held_documents,
        "new_members": page.members,
        "skipped": {"receipts": tally.skipped_documents, "rows": tally.skipped_rows},
        "adjustments": {"receipts": tally.adjustments, "rows": tally.adjustment_rows},
        "bad_rows": tally.bad_rows,
        "currency": profile.currency,
        "sale_documents": tally.sale_documents,
        "return_documents": tally.return_documents,
        "sales": money(tally.sales),
        "returned": money(tally.returned),
        "net": money(tally.sales + tally.returned),
        "paid_with_former_points": money(tally.paid_elsewhere),
        "first_date": tally.first_day and tally.first_day.isoformat(),
        "last_date": tally.last_day and tally.last_day.isoformat(),
        "goods_file_missing": tally.goods_file_missing,
        "programme_created": outcome.made_programme,
        "would": outcome.forecast and asdict(outcome.forecast),
        "seconds": round(time.monotonic() - began, 1),
    }


@imports.command("profile")
@click.argument(
    "name",
    type=click.Choice(["purchases", "members", *shipped_profiles()]),
    default="purchases",
    metavar="[purchases|members|NAME]",
)
def profile(name: str) -> None:
    """Print a profile to start from, with every key explained, or a shipped one.

    A profile is a TOML file that says how the shop's file is to be read: its columns,
    dates, money, returns and customers.

    \b
        laurel import profile > my-till.toml
        laurel import profile members > my-members.toml
    """
    click.echo(example_profile(name), nl=False)


@imports.command("members")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    "profile_name",
    metavar="FILE.toml",
    help="How the file is to be read (laurel import profile members prints an example); by its"
    " headers when left out.",
)
@click.option("--dry-run", is_flag=True, help="Try everything, keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where rows that were not taken go; FILE.rejects.csv in the present folder by default.",
)
def members(
    file: Path, profile_name: str | None, dry_run: bool, as_json: bool, rejects: Path | None
) -> None:
    """Import members: id, contacts, cards, birthday, city, consents, opening
    balance.

    A row fills what is empty and overwrites nothing: one that contradicts what is
    known is listed among the rejects. An opening balance is credited once. The same
    file again changes nothing.

    Exit code 0 when the file was read (even with rejects, which are counted), 2 when
    it cannot be used: then nothing was changed.
    """
    with explained():
        look_ahead((file,), rejects)
        profile = load_member_profile(profile_name) if profile_name else recognised_members(file)
        target = rejects or (None if dry_run else Path(f"{file.name}.rejects.csv"))
        check_target(target, [file, *([Path(profile_name)] if profile_name else [])])
        with open_place(dry=dry_run) as place, Bars() as bars:
            outcome = run_members_import(place.programme, file, profile, dry=dry_run, watcher=bars)
            if not dry_run and outcome.report.joined + outcome.report.filled:
                place.entrance.run(partial(note_members, file, outcome))
        if target and outcome.rejects:
            read = partial(rows_as_written, shape=profile.file)
            write_rejects(target, [file], outcome.rejects, read)
        written = str(target) if target and outcome.rejects else None
        answer = members_answer(file, profile, outcome)
        answer |= {"dry_run": dry_run, "rejects": written}
        click.echo(json.dumps(answer, ensure_ascii=False) if as_json else told_members(answer))


def members_answer(file: Path, profile: MemberProfile, outcome: MembersOutcome) -> dict[str, Any]:
    """Everything that an import of members says, as plain values."""
    report = outcome.report
    named = profile.columns.model_dump(exclude_none=True)
    return {
        "file": str(file),
        "encoding": encoding_told(file, profile.file),
        "columns": named | {purpose: c.column for purpose, c in profile.consents.items()},
        "rows": outcome.rows,
        "joined": report.joined,
        "filled": report.filled,
        "known": report.known,
        "openings": len(report.opened),
        "opening_points": report.opening_points,
        "rounded_points": f"{outcome.rounded.normalize():f}",
        "rejected_rows": len(outcome.rejects),
    }
