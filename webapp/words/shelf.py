"""A public shelf as words: for its owner, and for whoever has the address."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from gamification.readmodels.board import BoardMedal
from gamification.readmodels.shelf import PublicShelf
from gamification.readmodels.views import MedalTile
from webapp.art.medals import art_of
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.board import rarity_sentence, rarity_text
from webapp.words.breaks import breakable
from webapp.words.formats import HARD_SPACE, day, number
from webapp.words.home import PictureWords, picture_words
from webapp.words.medal_page import SCENES
from webapp.words.medals import ROMAN, medal_name, medal_rule, metal_name
from webapp.words.pieces import medal_href
from webapp.words.secrets import secret_hint


class StandWords(NamedTuple):
    """A medal on the shelf. `key` is what its buttons send."""

    key: str
    picture: PictureWords
    name: str
    spoken: str
    line: str
    band: Code
    href: str
    up: str
    down: str
    off: str
    put: str


class ShownMedal(NamedTuple):
    """One medal that somebody shows: nothing in it says who."""

    picture: PictureWords
    scene: Code
    name: str
    metal: str
    on: str
    rarity: str
    rarity_note: str
    band: Code
    rule: str
    preview: str


def key_of(tile: MedalTile) -> str:
    """A medal in a form: its code, and its category where it has one."""
    return f"{tile.code}:{tile.subject.code}" if tile.subject else tile.code


def full_name(medal: BoardMedal) -> str:
    """The name with the level in Roman numbers, where there are several."""
    name, level = medal_name(medal.tile), medal.tile.level
    several = len(medal.levels) > 1 and level < len(ROMAN)
    return f"{name}{HARD_SPACE}{ROMAN[level]}" if several else name


def stand_words(medal: BoardMedal, base: str, today: date) -> StandWords:
    """What a stand of the shelf says.

    Args:
        base: the address under which medals have theirs.
    """
    name = full_name(medal)
    earned = medal.tile.earned_on
    return StandWords(
        key=key_of(medal.tile),
        picture=picture_words(medal.tile),
        name=breakable(name),
        spoken=metal_name(medal.tile.level),
        line=rarity_text(medal.rarity) if medal.rarity else day(earned, today) if earned else "",
        band=Code(medal.rarity.band if medal.rarity else ""),
        href=medal_href(base, medal.tile),
        up=_("Move “%(medal)s” forward", medal=name),
        down=_("Move “%(medal)s” back", medal=name),
        off=_("Take “%(medal)s” off the shelf", medal=name),
        put=_("Put “%(medal)s” on the shelf", medal=name),
    )


def shown_medal(medal: BoardMedal, shelf: PublicShelf) -> ShownMedal:
    """What the public page of a medal says; of a secret its hint, never how it is earned."""
    tile = medal.tile
    secret = tile.code in shelf.secret
    name, metal = full_name(medal), metal_name(tile.level)
    return ShownMedal(
        picture=picture_words(tile, "xl", spoken=True),
        scene=Code(SCENES[art_of(tile.code).enamel]),
        name=name,
        metal=_("level %(level)s, %(metal)s", level=tile.level, metal=metal)
        if len(medal.levels) > 1
        else metal,
        on=day(tile.earned_on, shelf.today) if tile.earned_on else "",
        rarity=rarity_text(medal.rarity) if medal.rarity else "",
        rarity_note=rarity_sentence(medal.rarity) if medal.rarity else "",
        band=Code(medal.rarity.band if medal.rarity else ""),
        rule=secret_hint(tile.code) if secret else medal_rule(tile),
        preview=_("The medal “%(medal)s”, %(metal)s", medal=name, metal=metal),
    )


def shelf_title(shelf: PublicShelf) -> str:
    """The heading of a shelf, with the name that was chosen."""
    if shelf.name:
        return _("The shelf of %(name)s", name=shelf.name)
    return _("A shelf of medals")


def shelf_count(count: int) -> str:
    """How many stand on it."""
    return ngettext("%(n)s medal", "%(n)s medals", count, n=number(count))


def share_text(medal: BoardMedal, shop: str) -> str:
    """What is sent with the address: the medal and the shop, no name."""
    return _("My medal at “%(shop)s”: “%(medal)s”", shop=shop, medal=full_name(medal))


FILTERS: dict[str, Callable[..., Any]] = {
    "stand_words": stand_words,
    "shown_medal": shown_medal,
    "shelf_title": shelf_title,
    "shelf_count": shelf_count,
}
