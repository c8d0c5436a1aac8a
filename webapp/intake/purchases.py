"""The run of an import of purchases: read and staged first, then recorded page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import localcontext
from functools import partial
from itertools import groupby
from pathlib import Path

from gamification.commands.clockwork import expire_points
from gamification.commands.intake import (
    PageReport,
    Receipt,
    passing_marks,
    payment_marks,
    take_page,
)
from gamification.commands.owner import ProgrammePlan, set_up_programme
from gamification.definitions import current_definitions
from gamification.programme import local_day, zone_of
from gamification.readmodels.foreseen import foresee_page
from gamification.refusals import ProgrammeMismatch, ProgrammeMissing
from gamification.world import World
from webapp.intake.faults import BadRow
from webapp.intake.profile import Profile
from webapp.intake.receipts import receipt_of
from webapp.intake.rows import RowReader, goods_beside, placed_cells
from webapp.intake.sources import size_of
from webapp.intake.staging import Document, Staging, in_pages
from webapp.intake.tabular import Torn, file_kind, lines_of
from webapp.intake.values import EXACT
from webapp.intake.watching import Nobody, Watcher
from webapp.world import Worlds

PAGE_LINES = 5_000
EARLY = timedelta(days=1)


@dataclass(slots=True)
class Tally:
    """What a file held and what became of it. Money in minor units; returns are negative.

    `rows` are all but the header; `skipped` ones name no customer; `held_receipts`
    have a row that cannot be read, or rows at odds with each other.
    """

    rows: int = 0
    receipts: int = 0
    sales: int = 0
    sale_documents: int = 0
    returned: int = 0
    return_documents: int = 0
    adjustments: int = 0
    adjustment_rows: int = 0
    skipped_documents: int = 0
    skipped_rows: int = 0
    bad_rows: int = 0
    held_documents: int = 0
    first_day: date | None = None
    last_day: date | None = None
    paid_elsewhere: int = 0
    goods_file_missing: bool = False

    def count(self, receipt: Receipt) -> None:
        """Add a readable receipt."""
        self.receipts += 1
        self.paid_elsewhere += receipt.paid_elsewhere
        if receipt.type == "return":
            self.returned += receipt.total
            self.return_documents += 1
        else:
            self.sales += receipt.total
            self.sale_documents += 1
        day = local_day(receipt.occurred_at, zone_of(receipt.zone))
        self.first_day = min(self.first_day or day, day)
        self.last_day = max(self.last_day or day, day)


@dataclass(slots=True)
class Forecast:
    """What a dry run says of the real one: `programme` that one would be set up."""

    receipts: int = 0
    known: int = 0
    members: int = 0
    programme: bool = False


@dataclass(slots=True)
class Outcome:
    """The whole answer of an import; `page` has but conflicts in a dry run, with a forecast."""

    tally: Tally = field(default_factory=Tally)
    page: PageReport = field(default_factory=PageReport)
    made_programme: bool = False
    forecast: Forecast | None = None


def stage_files(
    files: Sequence[Path],
    profile: Profile,
    staging: Staging,
    latest: datetime,
    tally: Tally,
    watcher: Watcher,
    mark: Callable[[str], str] | None = None,
) -> None:
    """Read all files into the staging; nothing of the database is touched.

    Args:
        latest: what is dated after this instant is a mistake.
        mark: makes the hash that is kept of a payment; without it hashes are good for nothing.
    Raises:
        BadFile: one of them cannot be read with this profile.
    """
    mark = mark or passing_marks()
    for number, path in enumerate(files):
        goods = goods_beside(path, profile)
        tally.goods_file_missing |= goods is None
        reader = RowReader(profile, goods=goods, latest=latest, mark=mark)
        tally.rows += _stage_file(number, path, profile, reader, staging, watcher)
    staging.gather()
    staging.hold_numbers_of_two_days(zone_of(profile.zone))
    staging.settle_scattered()
    if profile.customer.missing == "reject":
        staging.refuse_nobody()


def _stage_file(
    number: int,
    path: Path,
    profile: Profile,
    reader: RowReader,
    staging: Staging,
    watcher: Watcher,
) -> int:
    size = size_of(path)
    place, before, torn = 0, "", False
    apart = file_kind(path, profile.file) == "json"  # there each receipt stands for itself
    rows = placed_cells(path, profile, lambda done: watcher.reading(path.name, done, size))
    for place, (line, cells) in enumerate(rows, 1):
        document: str | None = None
        lines, cut = lines_of(cells), False
        try:
            if cells is None:
                raise BadRow("unreadable_row")
            document = reader.document_of(cells)
            if isinstance(cells, Torn):
                raise BadRow("unreadable_row")
            if document is None:
                raise BadRow("no_document", "document")
            row = reader.read(cells, document, reader.member_of(cells))
            if lines > 1 and any("\n" in text for text in (document, row.member, row.sku) if text):
                raise BadRow("unreadable_row")
            staging.add(number, place, line, row)
        except BadRow as bad:
            # A quote that stands alone swallows lines until the next one, also of other receipts.
            cut = lines > 1
            code, value = ("over_lines", str(lines)) if cut else (bad.code, bad.value)
            staging.reject(number, place, line, document or "", code, bad.field, value)
        # A row that does not say whose it is may be part of the receipt on either side of it.
        if (document is None or torn) and not apart:
            staging.suspect(before)
            staging.suspect(document or "")
        before, torn = document or before, document is None or cut
    return place


def run_import(
    worlds: Worlds,
    files: Sequence[Path],
    profile: Profile,
    staging: Staging,
    *,
    dry: bool = False,
    watcher: Watcher | None = None,
) -> Outcome:
    """Import files of purchases; a repeat or an overlap changes nothing.

    Each page of receipts is one transaction, so that a run that was cut short
    is finished by repeating it. A dry run reads everything and writes nothing.

    Raises:
        BadFile: a file cannot be read with this profile; nothing was changed.
        ProgrammeMismatch: the programme counts in another currency.
    """
    watcher, outcome = watcher or Nobody(), Outcome()
    with worlds.open(readonly=True) as world:
        there = check_currency(world, profile)
        now = world.now
    told = profile.columns.payment is not None and not dry
    mark = worlds.run(payment_marks) if told else None
    with localcontext(EXACT):
        stage_files(files, profile, staging, now + EARLY, outcome.tally, watcher, mark)
        if dry:
            outcome.forecast = Forecast(programme=not there)
            _foresee(worlds, profile, staging, outcome, outcome.forecast)
        else:
            outcome.made_programme = worlds.run(lambda world: ensure_programme(world, profile))
            _record(worlds, profile, staging, outcome, watcher)
            while worlds.run(expire_points):
                pass  # what lapsed in the past is booked at the instant it did
    _count_the_rest(staging, outcome.tally)
    return outcome


def check_currency(world: World, profile: Profile) -> bool:
    """Whether there is a programme yet. Raises ProgrammeMismatch when it has another currency."""
    try:
        programme = current_definitions(world.session).programme
    except ProgrammeMissing:
        return False
    if programme.currency != profile.currency:
        raise ProgrammeMismatch(programme=programme.currency, file=profile.currency)
    return True


def ensure_programme(world: World, profile: Profile) -> bool:
    """Set up the shipped programme in the file's currency and zone when there is none."""
    if check_currency(world, profile):
        return False
    plan = ProgrammePlan(
        name=profile.name, currency=profile.currency, zone=profile.zone, locale=profile.language
    )
    set_up_programme(world, plan)
    return True


def _record(
    worlds: Worlds, profile: Profile, staging: Staging, outcome: Outcome, watcher: Watcher
) -> None:
    whole, done = staging.count("good")[0], 0
    for page in in_pages(staging.documents(), PAGE_LINES):
        people = _people(page, profile, staging, outcome.tally)
        report = worlds.run(partial(_take, people, profile.customer.cards))
        for _, name in report.conflicts:
            staging.refuse(name, "conflict")
        for name, code in report.refused:
            staging.refuse(name, code)
        outcome.page.add(report)
        done += len(page)
        watcher.recording(done, whole)


def _foresee(
    worlds: Worlds, profile: Profile, staging: Staging, outcome: Outcome, forecast: Forecast
) -> None:
    """Count what a real import would bring; a member may stand on two pages in a row."""
    last = ""
    for page in in_pages(staging.documents(), PAGE_LINES):
        people = _people(page, profile, staging, outcome.tally)
        with worlds.open(readonly=True) as world:
            found = foresee_page(world, people, cards=profile.customer.cards)
        forecast.receipts += found.receipts
        forecast.known += found.known
        outcome.page.conflicts += found.conflicts
        for _, name in found.conflicts:
            staging.refuse(name, "conflict")
        forecast.members += len(found.newcomers - {last})
        last = people[-1][0] if people else last


def _take(people: Sequence[tuple[str, Sequence[Receipt]]], cards: bool, world: World) -> PageReport:
    return take_page(world.session, world.ids, people, brought=world.now, cards=cards)


def _people(
    page: Sequence[Document], profile: Profile, staging: Staging, tally: Tally
) -> list[tuple[str, list[Receipt]]]:
    """The page's receipts by member; those that make no sense are set aside."""
    found = []
    for member, documents in groupby(page, lambda document: document.member):
        receipts = [_receipt(document, profile, staging, tally) for document in documents]
        kept = [receipt for receipt in receipts if receipt is not None]
        if kept:
            found.append((member, kept))
    return found


def _receipt(
    document: Document, profile: Profile, staging: Staging, tally: Tally
) -> Receipt | None:
    try:
        receipt = receipt_of(document, profile)
    except BadRow as bad:
        staging.refuse(document.name, bad.code)
        tally.held_documents += 1
        return None
    tally.count(receipt)
    return receipt


def _count_the_rest(staging: Staging, tally: Tally) -> None:
    """What was not recorded: adjustments, receipts of nobody, and bad rows."""
    tally.adjustments, tally.adjustment_rows = staging.count("adjustment")
    tally.skipped_documents, tally.skipped_rows = staging.count("nobody")
    tally.bad_rows = staging.bad_rows()
    tally.held_documents += staging.held_documents()
