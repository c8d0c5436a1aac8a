"""One medal as the words of its page and of the pane beside the board."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from gamification.readmodels.board import BoardMedal, MedalLevel
from gamification.readmodels.countings import Counted
from gamification.readmodels.medal_page import MedalPage, Subject, TakenBack
from gamification.readmodels.views import OperationRow
from webapp.art.medals import art_of
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext
from webapp.words.board import rarity_sentence, rarity_text
from webapp.words.formats import (
    HARD_SPACE,
    clock,
    day,
    named,
    number,
    points,
    signed,
    signed_points,
)
from webapp.words.home import PictureWords, picture_words
from webapp.words.medal_lines import medal_line, missing_text
from webapp.words.medals import ROMAN, medal_done, medal_name, medal_rule, metal_name
from webapp.words.pieces import medal_href
from webapp.words.whys import operation_title

SCENES = {
    "forest": "sun", "coral": "sun", "sky": "sun", "iris": "mint", "sun": "sky", "berry": "sky",
    "teal": "coral", "night": "iris", "ink": "mint", "sand": "mint",
}  # fmt: skip
"""The ground on which an enamel shines."""
CHANNELS = {"store": _l("in the store"), "online": _l("online"), "app": _l("in the app")}


class LevelWords(NamedTuple):
    """A metal with its rule and reward; the one being worked on has a bar."""

    roman: str
    metal: Code
    spoken: str
    rule: str
    reward: str
    state: str
    held: bool
    done: str
    value: str
    most: str


class MedalWords(NamedTuple):
    """A medal in large."""

    key: Code
    code: str
    picture: PictureWords
    scene: Code
    name: str
    rarity: str
    rarity_note: str
    band: Code
    on: str
    again: str
    rule: str
    reached: str
    line: str
    missing: str
    fresh: bool
    pinned: bool
    levels: tuple[LevelWords, ...]


def medal_words(medal: BoardMedal, today: date) -> MedalWords:
    """What a medal says of itself."""
    tile = medal.tile
    name = medal_name(tile)
    several = len(medal.levels) > 1
    levels = () if tile.veiled else medal.levels
    return MedalWords(
        key=Code(tile.code),
        code=tile.code,
        picture=picture_words(tile, "xl", spoken=True),
        scene=Code(SCENES[art_of(tile.code).enamel] if medal.held else "plain"),
        name=f"{name}{HARD_SPACE}{ROMAN[tile.level]}" if medal.held and several else name,
        rarity=rarity_text(medal.rarity) if medal.held and medal.rarity else "",
        rarity_note=rarity_sentence(medal.rarity) if medal.rarity else "",
        band=Code(medal.rarity.band if medal.rarity else ""),
        on=day(tile.earned_on, today) if tile.earned_on else "",
        again=again_text(medal),
        rule=medal_rule(tile),
        reached=reached_text(medal) if several else "",
        line=medal_line(tile.code) if medal.held else "",
        missing=missing_text(medal),
        fresh=tile.fresh,
        pinned=tile.pinned,
        levels=tuple(level_words(medal, each, today) for each in levels),
    )


def again_text(medal: BoardMedal) -> str:
    """«Получена 3 раза»: of medals that come again and again."""
    if medal.times < 2:
        return ""
    return ngettext("earned %(n)s time", "earned %(n)s times", medal.times, n=number(medal.times))


def reached_text(medal: BoardMedal) -> str:
    """«Уровень 3 из 4: золото.»"""
    if not medal.held:
        return ""
    level = medal.tile.level
    return _("Level %(level)s of %(all)s: %(metal)s.", level=level, all=len(medal.levels),
             metal=metal_name(level))  # fmt: skip


def level_words(medal: BoardMedal, level: MedalLevel, today: date) -> LevelWords:
    """What one metal says; a medal that comes again is never through."""
    goal = medal.goal
    works = goal is not None and goal.level == level.level
    held = level.earned_on is not None
    rule = medal.tile._replace(level=level.level, target=level.threshold, veiled=False)
    state = ""
    if level.earned_on is not None and not medal.repeats:
        state = _("earned on %(day)s", day=day(level.earned_on, today))
    return LevelWords(
        roman=ROMAN[min(level.level, len(ROMAN) - 1)],
        metal=Code(METALS[min(level.level, len(METALS)) - 1]) if held else Code(""),
        spoken=_("Level %(level)s, %(metal)s", level=level.level, metal=metal_name(level.level)),
        rule=medal_rule(rule),
        reward=signed_points(level.points) if level.points else "",
        state=state,
        held=held,
        done=medal_done(goal) if works and goal is not None else "",
        value=str(min(goal.done, goal.target)) if works and goal is not None else "",
        most=str(goal.target) if works and goal is not None else "",
    )


METALS = ("bronze", "silver", "gold", "platinum", "obsidian")


class CountedWords(NamedTuple):
    """An activity that counted, with the way to it in the history."""

    title: str
    when: str
    instant: str
    place: str
    added: str
    href: str


def counted_words(one: Counted, page: MedalPage, history: str) -> CountedWords:
    """What a row of the activities says."""
    kind = one.type if one.type == "purchase" else "act"
    row = OperationRow(
        "", kind, one.at, 0, "none", amount_minor=one.amount_minor, act=one.type,  # type: ignore[arg-type]
    )  # fmt: skip
    return CountedWords(
        title=operation_title(row, page.currency),
        when=f"{day(one.at.date(), page.today)}, {clock(one.at)}",
        instant=one.at.isoformat(),
        place=one.place or "",
        added=added_text(one, page.medal),
        href=row_href(history, one.row),
    )


def added_text(one: Counted, medal: BoardMedal) -> str:
    """What it added: points, a number, or the new thing that it brought."""
    if one.brought is not None:
        return _(CHANNELS[one.brought]) if one.brought in CHANNELS else one.brought
    if medal.tile.code == "saver":
        return f"+{points(one.added)}"
    return signed(one.added)


def row_href(history: str, row: str) -> str:
    """The page of the history that begins with this operation, at the operation."""
    at, row_id = row.split(".")
    return f"{history}?after={at}.{int(row_id) + 1}#op-{row}"


class TakenWords(NamedTuple):
    """What a return took, and the way back."""

    text: str
    href: str


def taken_words(taken: TakenBack, page: MedalPage, history: str) -> TakenWords:
    """«Покупку вернули 3 ноября: медаль вернётся с новой.»"""
    on = day(taken.on, page.today)
    text = _("A purchase was returned on %(day)s. Buy again and the medal is back.", day=on)
    if page.medal.held:
        text = _(
            "A purchase was returned on %(day)s, and level %(level)s went with it. Buy again and it"
            " is back.", day=on, level=ROMAN[min(taken.level, len(ROMAN) - 1)],
        )  # fmt: skip
    return TakenWords(text, row_href(history, taken.row) if taken.row else "")


class SubjectWords(NamedTuple):
    """A category of a medal that has one of each."""

    name: str
    note: str
    href: str
    current: bool


def subject_words(subject: Subject, page: MedalPage, base: str) -> SubjectWords:
    """What the link to a category says."""
    medal = subject.medal
    note = medal_done(medal.goal) if medal.goal else ""
    if medal.held:
        note = ROMAN[min(medal.tile.level, len(ROMAN) - 1)]
    current = page.medal.tile.subject == subject.named
    return SubjectWords(named(subject.named), note, medal_href(base, medal.tile), current)


FILTERS: dict[str, Callable[..., Any]] = {
    "medal_words": medal_words,
    "row_href_in": lambda row, history: row_href(history, row),
    "counted_words": counted_words,
    "taken_words": taken_words,
    "subject_words": subject_words,
}
