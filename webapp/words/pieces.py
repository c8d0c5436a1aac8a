"""What templates draw: the code on a card, the leaves of a wreath, the look of a medal."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import segno

from gamification.readmodels.views import MedalTile, TierCard, YearScene
from webapp.art.medals import art_of, metal_of
from webapp.art.wreath import lit_leaves
from webapp.words.breaks import breakable

MASK = 2
DARK = re.compile(rb"\x01+")
METALS_OF_TIERS = ("clay", "leaf", "gold", "onyx")


@lru_cache(maxsize=512)
def qr_svg(text: str) -> str:
    """A QR code as a picture: one path of horizontal runs, black on nothing.

    The mask is fixed: to try all eight costs five times as much, and every reader undoes any.
    """
    matrix = segno.make(text, error="m", micro=False, mask=MASK).matrix
    runs = [
        f"M{run.start()} {y}h{run.end() - run.start()}v1H{run.start()}z"
        for y, row in enumerate(matrix)
        for run in DARK.finditer(bytes(row))
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(matrix)} {len(matrix)}"'
        f' shape-rendering="crispEdges"><path fill="#0E1612" d="{"".join(runs)}"/></svg>'
    )


def qr_version(text: str) -> str:
    """Tells one code from another in an address that browsers may keep."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def metal_at(number: int, of: int) -> str:
    """The metal of a tier: the lowest is clay, the highest onyx, the rest between."""
    if of <= 1:
        return METALS_OF_TIERS[-1]
    place = round((number - 1) * (len(METALS_OF_TIERS) - 1) / (of - 1))
    return METALS_OF_TIERS[min(max(place, 0), 3)]


def tier_metal(tier: TierCard) -> str:
    """The metal of a member's tier."""
    return metal_at(tier.number, tier.of)


def initials(name: str | None) -> str:
    """Up to two letters of a name; a dot for nobody."""
    letters = [word[0] for word in (name or "").split()[:2]]
    return "".join(letters).upper() or "·"


def medal_href(base: str, tile: MedalTile) -> str:
    """The address of a medal's page under that of the board; empty where there is no board."""
    if not base or tile.state == "secret":
        return ""
    of = f"?{urlencode({'of': tile.subject.code})}" if tile.subject else ""
    return f"{base}/{quote(tile.code, safe='')}{of}"


def month_of(scene: YearScene, tile: MedalTile) -> int:
    """In which month of the scene a medal lands, counted from 1."""
    for number, month in enumerate(scene.months, 1):
        if tile in month.medals:
            return number
    return len(scene.months)


FILTERS: dict[str, Callable[..., Any]] = {
    "metal_at": metal_at,
    "tier_metal": tier_metal,
    "initials": initials,
    "art_of": art_of,
    "metal_of": metal_of,
    "lit_leaves": lit_leaves,
    "month_of": month_of,
    "medal_href": lambda tile, base: medal_href(base, tile),
    "breakable": breakable,
}
