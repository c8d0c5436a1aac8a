"""A member's herbarium: a leaf for every receipt that is kept, laid out by years.

Nothing is stored: leaves follow from receipts, so a receipt that goes back whole takes
its leaf along. One statement reads them all, since the counts of an album need them all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from gamification.columns import from_micros, to_micros
from gamification.leaves.rules import (
    ONE_IN,
    RARE_BELOW,
    SPECIES,
    Draw,
    Season,
    draw_of,
    season_of,
    species_of,
)
from gamification.readmodels.faces import Faces
from gamification.readmodels.member import read_member
from gamification.store import Store
from gamification.world import World

__all__ = ["ONE_IN", "RARE_BELOW", "SPECIES", "Leaf", "herbarium_of", "leaf_of"]

PAGE = 60
"""Leaves on one page of the album."""
DECEMBER = 12
Key = tuple[int, int]
"""Where a page ends: instant in microseconds, id."""


class Leaf(NamedTuple):
    """What one receipt left. `number` counts the leaves of its species from the oldest."""

    id: int
    occurred: int
    on: date
    species: str
    rare: bool
    season: Season
    receipt: str
    category: str | None
    place: str | None
    amount_minor: int
    number: int = 0

    @property
    def part(self) -> tuple[Season, bool]:
        """The part of a year it lies in: a year has two winters, December is the later one."""
        return self.season, self.on.month == DECEMBER


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the album is looked at: a species, only rare ones, a year, after a leaf."""

    species: str | None = None
    rare: bool = False
    year: int | None = None
    after: Key | None = None


@dataclass(frozen=True, slots=True)
class LeafSeason:
    """The leaves of one season of a year, newest first."""

    season: Season
    leaves: tuple[Leaf, ...]
    total: int  # with those on other pages


@dataclass(frozen=True, slots=True)
class HerbariumPage:
    """One page of the album, and what the whole holds.

    `after` is the key of the next page within the year, None at its end.
    """

    today: date
    currency: str
    total: int
    rare: int
    species: Mapping[str, int]
    years: tuple[tuple[int, int], ...]  # of the choice, newest first, with their leaves
    year: int
    seasons: tuple[LeafSeason, ...]
    after: str | None
    seed: str
    goods: Mapping[str, tuple[str, ...]]  # the categories that left each species


@dataclass(frozen=True, slots=True)
class LeafPage:
    """One leaf with its draw and its neighbours in the album."""

    leaf: Leaf
    at: datetime  # in the programme's zone
    of: int  # leaves of the same species
    currency: str
    draw: Draw
    seed: str
    newer: Leaf | None
    older: Leaf | None


LEFT = "a.state IN ('counted', 'partly_returned')"
LEFT_THEN = (
    f"({LEFT} OR a.state = 'returned' AND EXISTS (SELECT 1 FROM activity r"
    " WHERE r.member_id = a.member_id AND r.type = 'return' AND r.state = 'counted'"
    " AND r.occurred_at > ?"
    " AND (r.names_source = a.source AND r.names_id = a.external_id OR r.id IN"
    " (SELECT return_id FROM return_match WHERE purchase_id = a.id))))"
)
"""On a day of the past a receipt was there until its last return."""


def read_leaves(store: Store, world: World, faces: Faces, member_id: int) -> list[Leaf]:
    """Every leaf of a member, newest first, in one statement.

    The main category is the one with the most money, the first on the receipt among equals.
    """
    now = to_micros(world.now)
    rows = store.rows(
        "SELECT a.id, a.occurred_at, a.local_date, a.external_id, a.store, a.amount,"
        " (SELECT l.category FROM activity_line l WHERE l.activity_id = a.id"
        "  AND l.category IS NOT NULL GROUP BY l.category"
        "  ORDER BY SUM(l.amount) DESC, MIN(l.line_no) LIMIT 1)"
        " FROM activity a WHERE a.member_id = ? AND a.type = 'purchase' AND a.amount > 0"
        f" AND a.occurred_at <= ? AND {LEFT_THEN if world.past else LEFT}"
        " ORDER BY a.occurred_at DESC, a.id DESC",
        member_id,
        now,
        *([now] if world.past else []),
    )
    seed = faces.definitions.programme.leaf_seed
    leaves: list[Leaf] = []
    grown: Counter[str] = Counter()
    for row_id, occurred, local, receipt, place, amount, category in reversed(rows):
        draw, day = draw_of(seed, receipt), date.fromisoformat(local)
        species = species_of(category) if category else draw.species
        grown[species] += 1
        leaves.append(
            Leaf(
                row_id, occurred, day, species, draw.rare, season_of(day), receipt,
                category, place, amount, grown[species],
            )
        )  # fmt: skip
    return leaves[::-1]


def herbarium_of(
    world: World, member_id: int, choice: Choice, *, limit: int = PAGE
) -> HerbariumPage:
    """A page of the album, in two statements. Raises UnknownMember."""
    store = Store(world.connection)
    _, faces = read_member(store, world, member_id)
    programme = faces.definitions.programme
    leaves = read_leaves(store, world, faces, member_id)
    chosen = [leaf for leaf in leaves if _is_chosen(leaf, choice)]
    years = Counter(leaf.on.year for leaf in chosen)
    today = world.now.astimezone(programme.zone).date()
    year = choice.year or max(years, default=today.year)
    of_year = [leaf for leaf in chosen if leaf.on.year == year]
    rest = [
        leaf for leaf in of_year if choice.after is None or (leaf.occurred, leaf.id) < choice.after
    ]
    shown = rest[:limit]
    return HerbariumPage(
        today=today,
        currency=programme.currency,
        total=len(leaves),
        rare=sum(leaf.rare for leaf in leaves),
        species=Counter(leaf.species for leaf in leaves),
        years=tuple(sorted(years.items(), reverse=True)),
        year=year,
        seasons=_by_season(shown, of_year),
        after=f"{shown[-1].occurred}.{shown[-1].id}" if len(rest) > limit else None,
        seed=programme.leaf_seed,
        goods=_goods_of(leaves),
    )


def _is_chosen(leaf: Leaf, choice: Choice) -> bool:
    return (choice.species in (None, leaf.species)) and (leaf.rare or not choice.rare)


def _by_season(shown: Sequence[Leaf], of_year: Iterable[Leaf]) -> tuple[LeafSeason, ...]:
    totals = Counter(leaf.part for leaf in of_year)
    return tuple(
        LeafSeason(part[0], tuple(group), totals[part])
        for part, group in groupby(shown, key=lambda leaf: leaf.part)
    )


def _goods_of(leaves: Iterable[Leaf]) -> Mapping[str, tuple[str, ...]]:
    """What was bought most for each species."""
    goods: dict[str, Counter[str]] = {}
    for leaf in leaves:
        if leaf.category:
            goods.setdefault(leaf.species, Counter())[leaf.category] += 1
    return {species: tuple(c for c, _ in found.most_common(3)) for species, found in goods.items()}


def leaf_of(world: World, member_id: int, leaf_id: int) -> LeafPage | None:
    """One leaf of a member's own, in two statements; None when it is not there.

    Raises:
        UnknownMember: there is nobody with this id.
    """
    store = Store(world.connection)
    _, faces = read_member(store, world, member_id)
    programme = faces.definitions.programme
    leaves = read_leaves(store, world, faces, member_id)
    at = next((i for i, leaf in enumerate(leaves) if leaf.id == leaf_id), None)
    if at is None:
        return None
    leaf = leaves[at]
    return LeafPage(
        leaf=leaf,
        at=from_micros(leaf.occurred).astimezone(programme.zone),
        of=sum(other.species == leaf.species for other in leaves),
        currency=programme.currency,
        draw=draw_of(programme.leaf_seed, leaf.receipt),
        seed=programme.leaf_seed,
        newer=leaves[at - 1] if at else None,
        older=leaves[at + 1] if at + 1 < len(leaves) else None,
    )
