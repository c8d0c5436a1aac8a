"""The board of medals as the words that stand in its tiles, filters and rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from gamification.readmodels.board import Board, BoardMedal, Rarity
from webapp.art.wreath import lit_leaves
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext
from webapp.words.breaks import breakable
from webapp.words.formats import HARD_SPACE, day, locale, number, separators
from webapp.words.home import PictureWords, picture_words
from webapp.words.medal_lines import medal_line, missing_text
from webapp.words.medals import ROMAN, medal_done, medal_name, medal_rule, metal_name, name_of
from webapp.words.pieces import medal_href

FAMILY_NAMES = {
    "first_steps": _l("First steps"),
    "rituals": _l("Rituals"),
    "tastes": _l("Tastes"),
    "hours": _l("Hours"),
    "places": _l("Places"),
    "records": _l("Records"),
    "friends": _l("Friends"),
    "seasons": _l("Seasons"),
    "secrets": _l("Secrets"),
}
STATE_NAMES = {
    "all": _l("All of them"),
    "near": _l("Almost there"),
    "earned": _l("Collected"),
    "ahead": _l("Not yet"),
}
BANDS = {
    "common": _l("common"),
    "uncommon": _l("uncommon"),
    "rare": _l("rare"),
    "legendary": _l("legendary"),
}
WIDEST = 4
TENTHS_BELOW = 1_000


def family_name(code: str) -> str:
    """The name of a family."""
    return _(FAMILY_NAMES[code])


def share(value: int) -> str:
    """A share of members: «6,2 %», whole from ten per cent on, never a zero for somebody."""
    if 0 < value < 10:
        value = 10
    whole, tenth = divmod(round(value / 10), 10)
    text = number(round(value / 100))
    if value < TENTHS_BELOW and tenth:
        text = f"{whole}{separators(locale().language)[1]}{tenth}"
    return f"{text}{HARD_SPACE}%" if locale().language == "ru" else f"{text}%"


def rarity_text(rarity: Rarity) -> str:
    """«редкая, 6,2 %»."""
    band = _(BANDS[rarity.band])
    return f"{band}, {share(rarity.share)}"


def rarity_sentence(rarity: Rarity) -> str:
    """What the share is of."""
    if rarity.share == 0:
        return _("No member active in the past year has it yet.")
    return _("%(share)s of members active in the past year have it.", share=share(rarity.share))


class TileWords(NamedTuple):
    """A medal of the grid. `band` colours the mark before the line, which says it in words."""

    key: Code
    code: str
    picture: PictureWords
    name: str
    line: str
    band: Code
    held: bool
    fresh: bool
    pinned: bool
    spoken: str
    href: str
    chosen: bool
    pins: str
    pin: str


def tile_words(medal: BoardMedal, base: str, today: date, chosen: bool, pins: str) -> TileWords:
    """What a tile says.

    Args:
        base: the address of the board, under which medals have theirs.
        pins: where a pin is sent; nothing on a day of the past.
    """
    tile = medal.tile
    name = medal_name(tile)
    action = _("Unpin “%(medal)s”", medal=name) if tile.pinned else _("Pin “%(medal)s”", medal=name)
    return TileWords(
        key=Code(tile.code),
        code=tile.code,
        picture=picture_words(tile),
        name=breakable(name),
        line=tile_line(medal, today),
        band=Code(medal.rarity.band if medal.held and medal.rarity else ""),
        held=medal.held,
        fresh=tile.fresh,
        pinned=tile.pinned,
        spoken=spoken_state(medal),
        href=medal_href(base, tile),
        chosen=chosen,
        pins=pins,
        pin=action,
    )


def tile_line(medal: BoardMedal, today: date) -> str:
    """Under the name: how rare it is or since when it is held; else how far it is."""
    tile = medal.tile
    if not medal.held:
        return medal_done(tile) if tile.done else _("not begun")
    if medal.rarity is not None:
        return rarity_text(medal.rarity)
    return day(tile.earned_on, today) if tile.earned_on else ""


def spoken_state(medal: BoardMedal) -> str:
    """What the picture tells by metal and edge, for who cannot see it."""
    if medal.held:
        return _("level %(level)s, %(metal)s", level=medal.tile.level,
                 metal=metal_name(medal.tile.level))  # fmt: skip
    return _("not earned yet")


class NearWords(NamedTuple):
    """A medal that is nearly there, as a row with its bar."""

    picture: PictureWords
    name: str
    done: str
    value: str
    most: str
    missing: str
    href: str


def near_words(medal: BoardMedal, base: str) -> NearWords:
    """What a row of the nearest says."""
    goal = medal.goal
    assert goal is not None, "on the top nothing is near"
    name = medal_name(goal)
    full = f"{name}{HARD_SPACE}{ROMAN[goal.level]}" if 1 < goal.level < len(ROMAN) else name
    return NearWords(
        picture=picture_words(goal, "xs"),
        name=breakable(full),
        done=medal_done(goal),
        value=str(min(goal.done, goal.target)),
        most=str(goal.target),
        missing=missing_text(medal),
        href=medal_href(base, goal),
    )


class FigureWords(NamedTuple):
    """A number with what it counts."""

    value: str
    label: str


class HeroWords(NamedTuple):
    """The head of the board: a wreath as full as the collection."""

    lit: int
    ring: str
    held: str
    of: str
    line: str
    newest: PictureWords | None
    figures: tuple[FigureWords, ...]


def hero_words(board: Board, near: Sequence[BoardMedal]) -> HeroWords:
    """What the head of the board says."""
    whole = len(board.medals)
    percent = 100 * board.held // max(whole, 1)
    held = [medal for medal in board.medals if medal.held]
    held.sort(key=lambda medal: medal.tile.earned_on or date.min)
    return HeroWords(
        lit=lit_leaves(percent),
        ring=_("%(held)s of %(all)s medals", held=board.held, all=whole),
        held=number(board.held),
        of=ngettext("medal of %(all)s", "medals of %(all)s", board.held, all=number(whole)),
        line=hero_line(board, near),
        newest=picture_words(held[-1].tile) if held else None,
        figures=tuple(figures(held)) if held else (),
    )


def hero_line(board: Board, near: Sequence[BoardMedal]) -> str:
    """The one line under the count."""
    if not board.held:
        return _("The first one comes with the first purchase.")
    if board.held == len(board.medals) and board.secrets:
        return _("All that can be seen are yours. What is hidden finds you by itself.")
    if board.held == len(board.medals):
        return _("That is all of them. We shall have to think of more.")
    if near and near[0].goal is not None:
        return _("Nearest: “%(medal)s”, %(done)s", medal=medal_name(near[0].goal),
                 done=medal_done(near[0].goal))  # fmt: skip
    return _("Each one has its own story.")


def figures(held: Sequence[BoardMedal]) -> list[FigureWords]:
    """Rare ones, those on their last level, secrets: only what there is."""
    rare = sum(m.rarity is not None and m.rarity.band in ("rare", "legendary") for m in held)
    top = sum(medal.goal is None and len(medal.levels) > 1 for medal in held)
    levels = sum(medal.tile.level for medal in held)
    found = [
        (levels, ngettext("level", "levels", levels)),
        (rare, ngettext("rare one", "rare ones", rare)),
        (top, ngettext("at the top", "at the top", top)),
    ]
    return [FigureWords(number(count), label) for count, label in found if count]


class FilterWords(NamedTuple):
    """A filter with its number; families show their shape."""

    key: Code
    label: str
    amount: str
    shape: Code
    href: str
    current: bool


def filter_words(
    counts: Mapping[str, int], shapes: Mapping[str, Any], hrefs: Mapping[str, str], chosen: str
) -> tuple[FilterWords, ...]:
    """The filters, in their order."""
    return tuple(
        FilterWords(
            Code(key), _(STATE_NAMES.get(key) or FAMILY_NAMES[key]), number(count),
            Code(shapes.get(key, "")), hrefs[key], key == chosen,
        )
        for key, count in counts.items()
    )  # fmt: skip


class FamilyWords(NamedTuple):
    """The head of a family; `wide` is how many columns it takes."""

    key: Code
    title: str
    amount: str
    wide: int


def family_words(code: str, held: int, whole: int, shown: int) -> FamilyWords:
    """What the head of a family says."""
    count = _("%(held)s of %(all)s", held=held, all=whole)
    return FamilyWords(Code(code), family_name(code), count, min(shown, WIDEST))


class EmptyWords(NamedTuple):
    """What stands where a filter or a search finds nothing."""

    title: str
    text: str
    href: str
    more: str
    all_href: str


def empty_words(
    query: str, chosen: str, nearest: BoardMedal | None, base: str, all_href: str
) -> EmptyWords:
    """«Пока нет. Ближе всех «Обед по расписанию»: 4 из 6.»"""
    title, text, href, more = _("None yet"), "", "", ""
    if query:
        title = _("Nothing is called “%(query)s”", query=query)
        text = _("Try less: a part of a name or of a rule is enough.")
    elif nearest is not None and nearest.goal is not None:
        name = medal_name(nearest.goal)
        text = _("Nearest: “%(medal)s”, %(done)s", medal=name, done=medal_done(nearest.goal))
        href, more = medal_href(base, nearest.goal), _("How to earn it")
    elif chosen == "ahead":
        title = _("Nothing is left to earn")
        text = _("That is all of them. We shall have to think of more.")
    return EmptyWords(title, text, href, more, all_href)


class PinUndo(NamedTuple):
    """The way back on a toast: a form of one button, with or without scripts."""

    href: str
    target: Code
    token: str
    field: Code
    turn: str


def pin_undo(code: str, href: str, target: str, token: str, *, pinned: bool) -> PinUndo:
    """What takes a pin back, or puts it there again."""
    return PinUndo(href, Code(target), token, Code("unpin" if pinned else "pin"), code)


def pinned_text(code: str, *, pinned: bool) -> str:
    """What a toast says of a pin."""
    name = name_of(code)
    if pinned:
        return _("“%(medal)s” is pinned and stays in sight", medal=name)
    return _("“%(medal)s” is no longer pinned", medal=name)


def searched_words(medal: BoardMedal) -> str:
    """What a search looks into: name, rule and family; a veiled rule stays veiled."""
    return " ".join((medal_name(medal.tile), medal_rule(medal.tile)))


def found_text(count: int) -> str:
    """What a search says aloud."""
    return ngettext("%(n)s medal found", "%(n)s medals found", count, n=number(count))


FILTERS: dict[str, Callable[..., Any]] = {
    "tile_words": tile_words,
    "near_words": near_words,
    "hero_words": hero_words,
    "family_words": family_words,
    "empty_words": empty_words,
    "found_text": found_text,
    "medal_line": medal_line,
    "missing_text": missing_text,
}
