"""The scene for what was earned, in words."""

from typing import NamedTuple

from gamification.readmodels.celebration import Celebration, Prize, Won
from gamification.readmodels.views import MedalTile
from webapp.art.wreath import lit_leaves
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.challenge_pages import glyph_of, stamps_of
from webapp.words.formats import named, number, percent, signed_points
from webapp.words.home import PictureWords, picture_words
from webapp.words.medal_lines import medal_line
from webapp.words.medals import medal_name, medal_rule, medal_title
from webapp.words.pieces import tier_metal
from webapp.words.steps import tier_line, tier_next

LISTED = 8
"""Medals that a scene names; the board shows the others."""


class PrizeWords(NamedTuple):
    """A medal of the scene."""

    picture: PictureWords
    title: str
    rule: str
    line: str
    points: str
    href: str


class WonWords(NamedTuple):
    """A challenge of the scene: `stamps` are those of its card, all set."""

    title: str
    text: str
    points: str
    glyph: str
    stamps: int
    href: str


class TierPrize(NamedTuple):
    """A higher tier: its card, and the leaves that shine on the way to the next one."""

    metal: str
    line: str
    rate: str
    way: str
    lit: int


class SceneWords(NamedTuple):
    """A cheer for one medal, an ovation for a tier, or several prizes as one scene.

    `size` is cheer or ovation; `more` says how many medals are not listed.
    """

    size: str
    kicker: str
    title: str
    tier: TierPrize | None
    prizes: tuple[PrizeWords, ...]
    more: str
    won: tuple[WonWords, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether it is one prize, shown large."""
        return self.tier is None and len(self.prizes) + len(self.won) == 1


def scene_words(scene: Celebration, board_href: str, challenges_href: str = "") -> SceneWords:
    """What the scene says: the tier before the medals, the newest medal first.

    `board_href` is the address below which each medal has its page, `challenges_href` the one
    below which each challenge has its own.
    """
    shown = scene.prizes[:LISTED]
    count = len(scene.prizes) + len(scene.won) + (scene.tier is not None)
    rest = len(scene.prizes) - len(shown)
    return SceneWords(
        size="cheer" if scene.tier is None else "ovation",
        kicker=kicker_of(scene, count),
        title=title_of(scene, count),
        tier=tier_prize(scene),
        prizes=tuple(prize_words(prize, board_href) for prize in shown),
        more=ngettext("and %(n)s more", "and %(n)s more", rest, n=number(rest)) if rest else "",
        won=tuple(won_words(won, challenges_href) for won in scene.won),
    )


def won_words(won: Won, challenges_href: str) -> WonWords:
    """A challenge that is done: how it looked, and what it brought."""
    count = won.terms.goal if stamps_of(won.terms, won.terms.goal) else 0
    nothing = {
        "budget": _("The prizes of this challenge had already run out."),
        "cap": _("You already had everything one person can get here."),
    }
    return WonWords(
        title=named(won.name),
        text="" if won.points else str(nothing.get(won.prize or "", "")),
        points=signed_points(won.points) if won.points else "",
        glyph=glyph_of(won.terms),
        stamps=count,
        href=f"{challenges_href}/{won.code}{'?of=' + won.period if won.period else ''}",
    )


def kicker_of(scene: Celebration, count: int) -> str:
    """The line above the title."""
    if count == 1 and scene.won:
        return _("Challenge done")
    if count == 1:
        return _("New tier") if scene.tier is not None else _("New medal")
    return _("Since your last visit")


def title_of(scene: Celebration, count: int) -> str:
    """What is celebrated."""
    if count > 1:
        return ngettext("%(n)s award", "%(n)s awards", count, n=number(count))
    if scene.tier is not None:
        return tier_line(scene.tier)
    if scene.won:
        return named(scene.won[0].name)
    return prize_title(scene.prizes[0].tile)


def prize_title(tile: MedalTile) -> str:
    """The name of a medal with its level, or with what it was earned for."""
    own = tile.subject is not None or tile.name is not None
    return medal_name(tile) if own else medal_title(tile.code, tile.level)


def tier_prize(scene: Celebration) -> TierPrize | None:
    """The tier of the scene."""
    tier = scene.tier
    if tier is None:
        return None
    return TierPrize(
        metal=tier_metal(tier),
        line=tier_line(tier),
        rate=_("%(rate)s in points from the next purchase", rate=percent(tier.rate_bp)),
        way=tier_next(tier, scene.currency),
        lit=lit_leaves(tier.filled_pct if tier.next is not None else 100),
    )


def prize_words(prize: Prize, board_href: str) -> PrizeWords:
    """A medal of the scene."""
    tile = prize.tile
    return PrizeWords(
        picture=picture_words(tile, spoken=True),
        title=prize_title(tile),
        rule=medal_rule(tile),
        line=medal_line(tile.code),
        href=f"{board_href}/{tile.code}",
        points=signed_points(prize.points) if prize.points else "",
    )
