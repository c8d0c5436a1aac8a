"""Look at files before anything is written: columns, and a dry run in numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import localcontext
from itertools import groupby
from pathlib import Path
from typing import Any

from gamification.commands.intake import Receipt
from gamification.commands.rehearsal import rehearse_page
from gamification.definitions import current_definitions
from webapp.intake.faults import BadFile, BadRow
from webapp.intake.guess import Sheet, read_sheet
from webapp.intake.mapping import Choice, Terms, choice_of, is_json, profile_for
from webapp.intake.members import run_members_import
from webapp.intake.people_mapping import people_profile
from webapp.intake.profile import Profile
from webapp.intake.purchases import Tally, run_import
from webapp.intake.receipts import receipt_of
from webapp.intake.staging import Document, Reject, Staging
from webapp.intake.values import EXACT
from webapp.intake.watching import Watcher
from webapp.world import Worlds

REHEARSED_LINES = 10_000
PAGE_LINES = 2_000
People = list[tuple[str, list[Receipt]]]


@dataclass(frozen=True, slots=True)
class Place:
    """Files in a folder by kind, and how each is read."""

    folder: Path
    files: Mapping[str, str]
    choice: Mapping[str, Any]

    def path(self, kind: str) -> Path | None:
        """Where the file of a kind lies, if one was sent."""
        name = self.files.get(kind)
        return None if name is None else self.folder / kind / name

    def columns(self, kind: str) -> Mapping[str, str]:
        """The chosen columns of a kind, by role."""
        return choice_of(self.choice[kind]).columns

    def sheet(self, kind: str) -> Sheet:
        """The first rows of the file of a kind; none for objects. Raises BadFile."""
        path = self.path(kind)
        assert path is not None, "there is a file of this kind"
        return Sheet((), (), header=False) if is_json(path) else read_sheet(path)


def terms_of(worlds: Worlds) -> Terms:
    """What a file that says nothing about it is read in. Raises ProgrammeMissing."""
    with worlds.open(readonly=True) as world:
        programme = current_definitions(world.session).programme
    return Terms(programme.currency, programme.zone.key, programme.locale)


def purchases_profile(place: Place, worlds: Worlds) -> Profile:
    """The profile that reads the purchases as chosen. Raises BadFile, MissingColumns."""
    choice: Choice = choice_of(place.choice["purchases"])
    return profile_for(choice, place.sheet("purchases"), terms_of(worlds))


def look(place: Place, worlds: Worlds, watcher: Watcher) -> dict[str, Any]:
    """Numbers of each file that was sent, as a row can keep them.

    Raises:
        BadFile, MissingColumns: a file cannot be read as chosen.
        ProgrammeMismatch: it counts in another currency.
    """
    found: dict[str, Any] = {}
    if (path := place.path("members")) is not None:
        found["members"] = look_at_people(place, path, worlds, watcher)
    if (path := place.path("purchases")) is not None:
        found["purchases"] = look_at_purchases(place, path, worlds, watcher)
    return found


def look_at_people(place: Place, path: Path, worlds: Worlds, watcher: Watcher) -> dict[str, Any]:
    """Whom a file of members would bring."""
    profile = people_profile(path, place.columns("members"), place.sheet("members"))
    outcome = run_members_import(worlds, path, profile, dry=True, watcher=watcher)
    report = outcome.report
    return {
        "rows": outcome.rows,
        "joined": report.joined,
        "filled": report.filled,
        "known": report.known,
        "points": report.opening_points,
        **rejects_of(outcome.rejects),
    }


def look_at_purchases(place: Place, path: Path, worlds: Worlds, watcher: Watcher) -> dict[str, Any]:
    """What a file of purchases holds and would bring."""
    profile = purchases_profile(place, worlds)
    with Staging() as staging:
        tally = run_import(worlds, [path], profile, staging, dry=True, watcher=watcher).tally
        rejects = rejects_of(staging.rejects())
        refuse_unreadable(tally, staging)
        points, about = points_of(staging, profile, worlds, tally)
        return {
            "rows": tally.rows,
            "receipts": tally.sale_documents,
            "returns": tally.return_documents,
            "members": staging.members(),
            "paid": staging.payments() if profile.columns.payment is not None else (0, 0),
            "skipped": tally.skipped_documents,
            "sales": tally.sales,
            "currency": profile.currency,
            "first_day": tally.first_day and tally.first_day.isoformat(),
            "last_day": tally.last_day and tally.last_day.isoformat(),
            "points": points,
            "about": about,
            **rejects,
        }


def refuse_unreadable(tally: Tally, staging: Staging) -> None:
    """A file of which no row can be read was chosen wrongly. Raises BadFile."""
    if tally.rows and tally.bad_rows == tally.rows:
        first = next(staging.rejects())
        raise BadFile("no_row_readable", rows=tally.rows, reason=first.code, value=first.value)


def rejects_of(rejects: Iterable[Reject]) -> dict[str, Any]:
    """How many rows were put aside, and why, the most frequent reason first."""
    counts = Counter(reject.code for reject in rejects)
    return {"rejected": counts.total(), "reasons": counts.most_common(8)}


def points_of(staging: Staging, profile: Profile, worlds: Worlds, tally: Tally) -> tuple[int, bool]:
    """Net points that the receipts would bring, and whether that is only an estimate.

    The engine decides on the first receipts, member by member; what is beyond is
    taken to bring as much for its money.
    """
    points, money, whole = 0, 0, True
    with localcontext(EXACT):
        for people, last in sampled(staging, profile):
            with worlds.open() as world:
                points += rehearse_page(world, people).points
            money += sum(r.total for _, receipts in people for r in receipts)
            whole = last
    total = tally.sales + tally.returned
    if whole or money <= 0:
        return points, not whole
    return round(points * total / money), True


def sampled(staging: Staging, profile: Profile) -> Iterator[tuple[People, bool]]:
    """Pages of members with all their receipts; whether a page is the last of the file."""
    walk = groupby(staging.documents(), lambda document: document.member)
    page: People = []
    lines = taken = 0
    for member, documents in walk:
        if taken + lines >= REHEARSED_LINES:
            yield page, False
            return
        if lines >= PAGE_LINES:
            yield page, False
            page, taken, lines = [], taken + lines, 0
        receipts = [receipt for one in documents if (receipt := readable(one, profile))]
        page.append((member, receipts))
        lines += sum(len(receipt.lines) or 1 for receipt in receipts)
    if page:
        yield page, True


def readable(document: Document, profile: Profile) -> Receipt | None:
    """The receipt of a document, unless its parts contradict each other."""
    try:
        return receipt_of(document, profile)
    except BadRow:
        return None
