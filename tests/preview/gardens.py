"""Tiers and leaves of the invented members of café «Полдень», as the pages would get them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from gamification.leaves.rules import SPECIES, draw_of, season_of, species_of
from gamification.readmodels.herbarium import (
    Choice,
    HerbariumPage,
    Leaf,
    LeafPage,
    LeafSeason,
)
from gamification.readmodels.tier_page import Keeping, Rung, StandingRow, TierPage
from tests.preview import people
from webapp.cabinet.herbarium import row_of
from webapp.demo.terms import PERKS
from webapp.words.herbarium import check_text, kind_words, odds_text

SEED = "c9e1074f5b3f9fc8"
NAMES = (people.ROSTOK, people.LIST, people.VETV, people.VENOK)
RATES, NEEDS = (300, 500, 700, 1000), (0, 200_000, 500_000, 1_000_000)
HREFS = {"card": "/card", "tiers": "/tiers", "all": "/herbarium", "rare": "/herbarium?who=rare"}


def ladder(number: int, spent: int) -> tuple[Rung, ...]:
    """The café's tiers, seen from the one with that number."""
    rungs = []
    for i, named in enumerate(NAMES):
        perks = PERKS[named.code]
        below = PERKS[NAMES[i - 1].code] if i else perks
        place = "passed" if i + 1 < number else "here" if i + 1 == number else "ahead"
        missing = max(NEEDS[i] - spent, 0) if i + 1 > number else 0
        fresh = frozenset(k for k, perk in enumerate(perks) if perk not in below)
        rungs.append(Rung(named, i + 1, 4, RATES[i], NEEDS[i], missing, place, perks, fresh))  # type: ignore[arg-type]
    return tuple(rungs)


def row(on: date, reason: Any, number: int, total: int | None, until: date | None) -> StandingRow:
    """One decision of the log."""
    need = NEEDS[number] if reason == "stepped_down" else NEEDS[number - 1]
    return StandingRow(on, reason, NAMES[number - 1], number, None, total, need, 365, until)


LOG = (
    row(date(2025, 6, 14), "reached", 3, 512_000, date(2026, 6, 14)),
    row(date(2025, 5, 30), "stepped_down", 2, 341_000, date(2026, 5, 30)),
    row(date(2025, 4, 30), "grace", 3, 318_000, date(2025, 5, 29)),
    row(date(2024, 9, 2), "restored", 3, 506_000, date(2025, 4, 29)),
    row(date(2024, 8, 30), "withdrawn", 2, 444_000, None),
    row(date(2024, 4, 29), "reached", 3, 503_000, date(2025, 4, 29)),
    row(date(2024, 2, 11), "joined", 1, None, None),
)
ANNA = TierPage(
    today=people.TODAY, currency="RUB", since=date(2025, 6, 14), card=replace(
        people.TIER, valid_until=date(2026, 6, 14)),
    keeping=Keeping(365, 740_000, 500_000, date(2026, 6, 14), 320_000, 180_000),
    rungs=ladder(3, 740_000), log=LOG, after="2024-02-11.1", purchases=61,
)  # fmt: skip
TIERS = {
    "full": ANNA,
    "empty": replace(
        ANNA, card=people.NEWCOMER.tier, keeping=Keeping(365, 0, 0), rungs=ladder(1, 0), log=(),
        after=None, purchases=0,
    ),
    "champion": replace(
        ANNA, card=people.CHAMPION.tier, rungs=ladder(4, 1_840_000),
        keeping=Keeping(365, 1_840_000, 1_000_000, date(2026, 9, 30), 1_210_000, 0), after=None,
    ),
    "grace": replace(
        ANNA, card=people.GRACE.tier, rungs=ladder(2, 120_000),
        keeping=Keeping(365, 120_000, 200_000, date(2026, 4, 9), 120_000, 80_000),
    ),
}  # fmt: skip


def tiers(who: str) -> dict[str, Any]:
    """The page of tiers."""
    view = TIERS[who]
    return {"tiers": view, "first": True, "hrefs": HREFS,
            "more_href": "/tiers?after=x" if view.after else None}  # fmt: skip


GOODS = (
    "Кофе", "Кофе", "Выпечка", "Кофе", "Завтраки", "Десерты", "Кофе", "Чай", "Выпечка", "Зёрна",
)  # fmt: skip


def leaf(number: int, on: date) -> Leaf:
    """The leaf of an invented receipt."""
    receipt, goods = f"441-{number:04d}", GOODS[number * 7 % len(GOODS)]
    drawn = draw_of(SEED, receipt)
    return Leaf(
        number, number * 10**6, on, species_of(goods), drawn.rare, season_of(on),
        receipt, goods, "Чистые пруды", 43_000 + number * 100, 1 + number // 12,
    )  # fmt: skip


LEAVES = [leaf(n, people.TODAY - timedelta(days=6 * (96 - n))) for n in range(96, 0, -1)]


def pages(leaves: list[Leaf]) -> tuple[LeafSeason, ...]:
    """Leaves by season, newest first."""
    parts = [tuple(found) for _, found in groupby(leaves, key=lambda x: x.part)]
    return tuple(LeafSeason(found[0].season, found, len(found)) for found in parts)


def album(leaves: list[Leaf], year: int = 2025) -> HerbariumPage:
    """One page of the album."""
    counts = {s: n for s in SPECIES if (n := sum(x.species == s for x in LEAVES))}
    years = sorted({x.on.year for x in leaves}, reverse=True)
    return HerbariumPage(
        today=people.TODAY, currency="RUB", total=len(LEAVES), rare=sum(x.rare for x in LEAVES),
        species=counts, years=tuple((y, sum(x.on.year == y for x in leaves)) for y in years),
        year=year, seasons=pages([x for x in leaves if x.on.year == year]), after=None, seed=SEED,
        goods={species_of(g): (g,) for g in GOODS},
    )  # fmt: skip


ALBUMS: dict[str, tuple[HerbariumPage, Choice]] = {
    "full": (album(LEAVES), Choice()),
    "rare": (album([x for x in LEAVES if x.rare]), Choice(rare=True)),
    "oak": (album([x for x in LEAVES if x.species == "oak"]), Choice(species="oak")),
    "empty": (
        replace(album([]), total=0, rare=0, species={}, years=(), seasons=(), goods={}), Choice(),
    ),
}  # fmt: skip


def herbarium(who: str) -> dict[str, Any]:
    """The album."""
    view, choice = ALBUMS[who]
    return {
        "herbarium": view, "choice": choice, "odds": odds_text(), "check": check_text(),
        "kinds": [kind_words(s, view, choice.species, "/herbarium?who=oak") for s in row_of(view)],
        "years": [(year, count, f"/herbarium?year={year}") for year, count in view.years],
        "leaf_href": lambda one: f"/herbarium-leaf?leaf={one.id}",
        "more_href": "/herbarium?after=x" if who == "full" else None, "hrefs": HREFS,
    }  # fmt: skip


def one_leaf(who: str) -> dict[str, Any]:
    """The page of a leaf."""
    shown = LEAVES[2 if who == "rare" else 5]
    at = datetime(shown.on.year, shown.on.month, shown.on.day, 9, 12, tzinfo=UTC)
    draw = draw_of(SEED, shown.receipt)
    view = LeafPage(shown, at, 11, "RUB", draw, SEED, LEAVES[1], LEAVES[6])
    hrefs = dict.fromkeys(("album", "kind", "receipt", "newer", "older"), "/herbarium")
    return {"page": view, "check": check_text(), "hrefs": hrefs}
