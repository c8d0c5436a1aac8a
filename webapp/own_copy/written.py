"""The copy as two files: JSON with every row, and one page to read and print."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import current_app
from markupsafe import Markup
from sqlmodel import select

from gamification.programme import ProgrammeRow, zone_of
from gamification.readmodels.views import Named
from gamification.world import World
from webapp.own_copy.parts import PARTS, Part
from webapp.own_copy.rows import Row, names_of, plain, receipts_of, rows_of, texts_of
from webapp.words.formats import clock, day_year, locale, money, named, number
from webapp.words.medals import name_of
from webapp.words.own_copy import column_name, part_title, value_text

IN_MEMORY = 1 << 20
MONEY = {"activity.amount", "activity_line.amount", "return_match.amount"}
THOUSANDTHS = {"activity_line.quantity", "return_match.quantity"}


NOTHING = "—"
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Section(NamedTuple):
    """A part as the page shows it; `rows` are read while the page is written."""

    title: str
    columns: tuple[str, ...]
    rows: Iterator[list[str]]


def json_copy(world: World, member_id: int) -> IO[bytes]:
    """Every row as it is kept."""
    return whole_file(json_pieces(world, member_id))


def whole_file(pieces: Iterable[str]) -> IO[bytes]:
    """A file that is whole before its first byte leaves; whoever takes it closes it."""
    out: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it is handed on
    try:
        for piece in pieces:
            out.write(piece.encode())
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def json_pieces(world: World, member_id: int) -> Iterator[str]:
    """The text of the JSON, row by row."""
    yield f'{{"made_at": {json.dumps(world.now.isoformat())}, "tables": {{'
    for place, part in enumerate(PARTS):
        yield f"{',' if place else ''}\n{json.dumps(part.table)}: ["
        for index, row in enumerate(rows_of(world, member_id, part)):
            values = {name: plain(value) for name, value in row.items()}
            yield ("," if index else "") + "\n" + json.dumps(values, ensure_ascii=False)
        yield "]"
    yield "\n}}\n"


def page_copy(world: World, member_id: int) -> IO[bytes]:
    """The same to read, in the reader's language: one file without anything from outside."""
    reader = Reader(world, member_id)
    template = current_app.jinja_env.get_template("cabinet/own_copy.html")
    sections = (reader.section(part) for part in PARTS)
    stream = template.stream(
        sections=sections,
        made=reader.instant(world.now),
        sheet=style_sheet(),
        shop=reader.shop,
        locale=locale().language,
    )
    return whole_file(stream)


def style_sheet() -> Markup:
    """The look of the page within itself: it is opened from a disk, far from this house."""
    folder = current_app.static_folder
    assert folder is not None, "the app has static files"
    css = (Path(folder) / "css" / "own_copy.css").read_text("utf-8")
    return Markup(f"<style>{css}</style>")  # noqa: S704 - a file of ours


def is_empty_of_act(place: str, row: Row) -> bool:
    """Whether an act besides purchases has no such thing: a sum, or a number of a receipt."""
    if place not in ("activity.amount", "activity.external_id", "activity.points_paid"):
        return False
    return row["type"] not in ("purchase", "return")


class Reader:
    """Puts values into the reader's words."""

    def __init__(self, world: World, member_id: int) -> None:
        self._world, self._member_id = world, member_id
        row = world.session.exec(
            select(ProgrammeRow.name, ProgrammeRow.currency, ProgrammeRow.zone)
        ).first()
        self.shop, self._currency, zone = row or ("Laurel", "RUB", "UTC")
        self._zone: ZoneInfo = zone_of(zone)
        self._tiers = names_of(world, "tier", ("code", "names"))
        self._medals = names_of(world, "achievement", ("code",))
        self._texts = texts_of(world)
        self._receipts = receipts_of(world, member_id)

    def section(self, part: Part) -> Section:
        """A part with its words; nothing is read yet."""
        columns = tuple(column_name(name) for name in part.shown)
        return Section(part_title(part.table), columns, self._lines(part))

    def _lines(self, part: Part) -> Iterator[list[str]]:
        for row in rows_of(self._world, self._member_id, part):
            yield [self.text(part, name, row) for name in part.shown]

    def text(self, part: Part, name: str, row: Row) -> str:
        """One value as a person reads it."""
        value, place = row[name], f"{part.table}.{name}"
        if value is None or value == "" or is_empty_of_act(place, row):
            return NOTHING
        if place in MONEY:
            return money(value, self._currency)
        if place in THOUSANDTHS:
            return number(value // 1000) if value % 1000 == 0 else f"{value / 1000:g}"
        special = self._special(name)
        return special(value) if special else self.plain(name, value)

    def _special(self, name: str) -> Callable[[Any], str] | None:
        known: dict[str, Callable[[Any], str]] = {
            "tier_id": self._tier,
            "from_tier_id": self._tier,
            "achievement_id": self._medal,
            "activity_id": self._receipt,
            "return_id": self._receipt,
            "purchase_id": self._receipt,
        }
        return known.get(name)

    def _tier(self, tier_id: int) -> str:
        _id, code, names = self._tiers[tier_id]
        return named(Named(code, names or {}))

    def _medal(self, achievement_id: int) -> str:
        code, texts = self._medals[achievement_id][1], self._texts.get(achievement_id)
        return named(Named(code, texts)) if texts else name_of(code)

    def _receipt(self, activity_id: int) -> str:
        return self._receipts.get(activity_id, str(activity_id))

    def plain(self, name: str, value: Any) -> str:
        """Days, instants, whole numbers, yes and no, and words for codes."""
        if isinstance(value, datetime):
            return self.instant(value)
        if isinstance(value, date):
            return day_year(value)
        if isinstance(value, bool):
            return value_text("flag", "yes" if value else "no")
        if isinstance(value, int):
            return str(value) if name.endswith("_id") else number(value)
        if DAY.fullmatch(str(value)):
            return day_year(date.fromisoformat(str(value)))
        return value_text(name, str(value))

    def instant(self, value: datetime) -> str:
        local = value.astimezone(self._zone)
        return f"{day_year(local.date())}, {clock(local)}"
