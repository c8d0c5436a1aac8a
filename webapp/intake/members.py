"""The run of an import of members: rows become entries, pages of entries are taken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from gamification.columns import from_micros, to_micros
from gamification.commands.member import (
    MOST_CITY,
    clean_city,
    normalise_email,
    normalise_phone,
    region_of,
)
from gamification.commands.members_intake import (
    ConsentEntry,
    MemberEntry,
    MembersReport,
    take_members,
)
from gamification.definitions import current_definitions
from gamification.programme import Programme, day_starts, local_day
from gamification.world import World
from webapp.intake.faults import BadRow
from webapp.intake.member_profile import MemberProfile
from webapp.intake.profile import Column
from webapp.intake.rows import field_reader, header_key, picked_cells, text_reader
from webapp.intake.sources import size_of
from webapp.intake.staging import Reject
from webapp.intake.tabular import Cells, Placed
from webapp.intake.values import (
    SHORTENED_ID,
    id_reader,
    moment_reader,
    number_reader,
    short_text,
)
from webapp.intake.watching import Nobody, Watcher
from webapp.world import Worlds

PAGE_ROWS = 500
ROUNDING = {"down": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "up": ROUND_CEILING}
CARD_MARKS = re.compile(r"[,;|\s]+")
MOST_POINTS = 10**9


@dataclass(slots=True)
class MembersOutcome:
    """The whole answer: rows, what became of them, and what rounding balances took or gave."""

    rows: int = 0
    report: MembersReport = field(default_factory=MembersReport)
    rejects: list[Reject] = field(default_factory=list)
    rounded: Decimal = Decimal(0)


class _Undone(Exception):  # noqa: N818 - ends a dry run
    """Everything was tried; nothing is kept."""


def member_columns(profile: MemberProfile) -> list[Column]:
    """Every column that the profile names, once."""
    names = profile.columns
    single = (
        names.external_id, names.phone, names.email, names.birthday, names.city, names.joined,
        names.balance, names.balance_from, names.balance_until,
    )  # fmt: skip
    several = (*(names.name or ()), *(names.cards or ()))
    answers = [c for part in profile.consents.values() for c in (part.column, part.at)]
    found = [*single, *several, *answers]
    return list(dict.fromkeys(column for column in found if column is not None))


def member_rows(path: Path, profile: MemberProfile, watcher: Watcher) -> Iterator[Placed]:
    """Rows of a member file, cells in the order of `member_columns`. Raises BadFile."""
    size = size_of(path)
    return picked_cells(
        path,
        profile.file,
        member_columns(profile),
        lambda done: watcher.reading(path.name, done, size),
    )


class EntryReader:
    """Reads rows of one profile into entries of one programme; nobody is born after `today`."""

    def __init__(self, profile: MemberProfile, programme: Programme, today: date) -> None:
        self._profile = profile
        self._today = today
        self._order = {column: place for place, column in enumerate(member_columns(profile))}
        self._zone = ZoneInfo(profile.zone) if profile.zone else programme.zone
        self._region = profile.region or region_of(programme.currency)
        self._id = text_reader(
            "external_id",
            120,
            id_reader(whole=profile.customer.whole, case=profile.customer.case),
        )
        self._number = field_reader("balance", number_reader(profile.file.decimal))
        self._moment = moment_reader(profile.date_formats, self._zone, time(0))
        self._yes = {header_key(word) for word in profile.yes}
        self._no = {header_key(word) for word in profile.no}
        self.rounded: dict[int, Decimal] = {}

    def read(self, place: int, cells: Cells) -> MemberEntry:
        """The entry of a row, which has that number in its file. Raises BadRow."""
        names = self._profile.columns
        key = self._id(self._cell(cells, names.external_id))
        if key is None:
            raise BadRow("no_external_id", "external_id")
        joined = [self._cell(cells, column) for column in names.name or ()]
        return MemberEntry(
            external_id=key,
            name=short_text(" ".join(" ".join(joined).split()), "name", 200) or "",
            phone=self._phone(self._cell(cells, names.phone)),
            email=self._email(self._cell(cells, names.email)),
            birthday=self._birthday(cells),
            city=self._city(self._cell(cells, names.city)),
            joined_at=self._joined(cells),
            cards=self._cards(cells),
            consents=tuple(self._consents(cells)),
            opening=self._opening(place, self._cell(cells, names.balance)),
            opening_at=self._instant(cells, names.balance_from, "balance_from"),
            opening_expires=self._end_of(cells, names.balance_until),
        )

    def _cell(self, cells: Cells, column: Column | None) -> str:
        return "" if column is None else cells[self._order[column]].strip()

    def _phone(self, text: str) -> str | None:
        if not text:
            return None
        found = normalise_phone(re.sub(r"\.0$", "", text), self._region)
        if found is None:
            raise BadRow("not_a_phone", "phone", text)
        return found

    def _email(self, text: str) -> str | None:
        if not text:
            return None
        found = normalise_email(text)
        if found is None:
            raise BadRow("not_an_email", "email", text)
        return found

    def _city(self, text: str) -> str:
        found = clean_city(text)
        if len(found) > MOST_CITY:
            raise BadRow("too_long", "city", text)
        return found

    def _instant(self, cells: Cells, column: Column | None, field: str) -> int | None:
        text = self._cell(cells, column)
        if not text:
            return None
        try:
            return self._moment(text)
        except BadRow as bad:
            raise BadRow(bad.code, field, bad.value) from None

    def _joined(self, cells: Cells) -> int | None:
        column = self._profile.columns.joined
        found = self._instant(cells, column, "joined")
        tomorrow = day_starts(self._today + timedelta(days=1), self._zone)
        if found is not None and found >= to_micros(tomorrow):
            raise BadRow("from_the_future", "joined", self._cell(cells, column))
        return found

    def _day(self, cells: Cells, column: Column | None, field: str) -> date | None:
        text = self._cell(cells, column)
        if not text:
            return None
        try:
            found = date.fromisoformat(text[:10])
        except ValueError:
            instant = self._instant(cells, column, field)
            assert instant is not None, "there is a text"
            found = from_micros(instant).astimezone(self._zone).date()
        if not 1900 <= found.year <= 2100:
            raise BadRow("date_out_of_range", field, text)
        return found

    def _birthday(self, cells: Cells) -> date | None:
        column = self._profile.columns.birthday
        found = self._day(cells, column, "birthday")
        if found is not None and found > self._today:
            raise BadRow("from_the_future", "birthday", self._cell(cells, column))
        return found

    def _end_of(self, cells: Cells, column: Column | None) -> int | None:
        """The end of a day, exclusive; None when the points never expire."""
        day = self._day(cells, column, "balance_until")
        return None if day is None else to_micros(day_starts(day + timedelta(days=1), self._zone))

    def _cards(self, cells: Cells) -> tuple[str, ...]:
        found: list[str] = []
        for column in self._profile.columns.cards or ():
            text = self._cell(cells, column)
            if SHORTENED_ID.fullmatch(text):
                raise BadRow("shortened_id", "cards", text)
            parts = CARD_MARKS.split(text)
            found += [card for part in parts if (card := short_text(part, "cards", 64))]
        return tuple(dict.fromkeys(re.sub(r"\.0$", "", card) for card in found))

    def _consents(self, cells: Cells) -> Iterator[ConsentEntry]:
        for purpose, columns in self._profile.consents.items():
            text = self._cell(cells, columns.column)
            word = header_key(text)
            if not word:
                continue
            if word not in self._yes and word not in self._no:
                raise BadRow("not_yes_or_no", purpose, text)
            at = self._instant(cells, columns.at, purpose)
            yield ConsentEntry(purpose, word in self._yes, columns.text_version, at)

    def _opening(self, place: int, text: str) -> int:
        """Whole points; what rounding took (below zero) or gave is kept by row."""
        if not text:
            return 0
        exact = self._number(text)
        if "e" in text.lower():  # 1e6 is how a spreadsheet hides digits, no balance
            raise BadRow("not_a_number", "balance", text)
        if exact < 0:
            raise BadRow("negative_points", "balance", text)
        whole = int(exact.quantize(Decimal(1), rounding=ROUNDING[self._profile.rounding]))
        if whole > MOST_POINTS:
            raise BadRow("number_too_large", "balance", text)
        if whole != exact:
            self.rounded[place] = whole - exact
        return whole


def run_members_import(
    worlds: Worlds,
    path: Path,
    profile: MemberProfile,
    *,
    dry: bool = False,
    watcher: Watcher | None = None,
) -> MembersOutcome:
    """Import a file of members. A page is one transaction; a dry run keeps nothing.

    Raises:
        BadFile: the file cannot be read with this profile; nothing was changed.
        ProgrammeMissing: nobody has set the programme up.
    """
    with worlds.open(readonly=True) as world:
        programme = current_definitions(world.session).programme
        today = local_day(world.now, programme.zone)
    watcher = watcher or Nobody()
    # Read to its end first, so that a damaged file changes nothing.
    whole = sum(1 for _row in member_rows(path, profile, watcher))
    rows = enumerate(member_rows(path, profile, Nobody()))
    reader = EntryReader(profile, programme, today)
    outcome = MembersOutcome()
    size = 10**9 if dry else PAGE_ROWS
    while page := list(islice(rows, size)):
        entries = list(_entries(page, reader, outcome))
        lines = {place: line for place, (line, _) in page}
        report = _take(worlds, entries, dry=dry)
        for place, problem in report.problems:
            reject = Reject(0, place + 1, lines[place], problem.code, problem.field, problem.value)
            outcome.rejects.append(reject)
        outcome.report.add(report)
        outcome.rows += len(page)
        watcher.recording(outcome.rows, whole)
    taken = (reader.rounded.get(place, Decimal(0)) for place in outcome.report.opened)
    outcome.rounded = sum(taken, Decimal(0))
    outcome.rejects.sort(key=lambda reject: reject.place)
    return outcome


def _entries(
    page: list[tuple[int, Placed]], reader: EntryReader, outcome: MembersOutcome
) -> Iterator[tuple[int, MemberEntry]]:
    for place, (line, cells) in page:
        try:
            if cells is None:
                raise BadRow("unreadable_row")
            yield place, reader.read(place, cells)
        except BadRow as bad:
            reject = Reject(0, place + 1, line, bad.code, bad.field, bad.value)
            outcome.rejects.append(reject)


def _take(worlds: Worlds, entries: list[tuple[int, MemberEntry]], *, dry: bool) -> MembersReport:
    found = MembersReport()

    def unit(world: World) -> MembersReport:
        report = take_members(world, entries)
        if dry:
            found.add(report)
            raise _Undone
        return report

    try:
        return worlds.run(unit)
    except _Undone:
        return found
