"""Which medals of the board are looked at, and in which families they stand: pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from gamification.readmodels.board import Board, BoardMedal
from webapp.art.geometry import Shape
from webapp.art.medals import art_of

FAMILIES: Mapping[Shape, str] = {
    "burst": "first_steps",
    "hex": "rituals",
    "coin": "tastes",
    "oct": "hours",
    "squircle": "places",
    "shield": "records",
    "drop": "friends",
    "rosette": "seasons",
    "gem": "secrets",
}
"""A medal's shape is its family. In the order of the board."""
SHAPES = {family: shape for shape, family in FAMILIES.items()}
NEAR_PERCENT = 50
NEAR_SHOWN = 3


class Wish(NamedTuple):
    """What the address asks for; `medal` is the one in the pane beside the board."""

    chosen: str = "all"
    query: str = ""
    medal: str = ""

    @property
    def plain(self) -> bool:
        """Whether everything is shown."""
        return self.chosen == "all" and not self.query


class Family(NamedTuple):
    """Medals of one shape that are shown, and how many of all of them are held."""

    code: str
    held: int
    all: int
    medals: tuple[BoardMedal, ...]


def family_of(medal: BoardMedal) -> str:
    """The family of a medal."""
    return FAMILIES[art_of(medal.tile.code).shape]


def is_near(medal: BoardMedal) -> bool:
    """Whether at least half of the way to the next level is truly done."""
    return medal.goal is not None and medal.goal.percent >= NEAR_PERCENT


STATES: Mapping[str, Callable[[BoardMedal], bool]] = {
    "all": lambda medal: True,
    "near": is_near,
    "earned": lambda medal: medal.held,
    "ahead": lambda medal: not medal.held,
}


def is_choice(chosen: str) -> bool:
    """Whether a filter of that name exists."""
    return chosen in STATES or chosen in SHAPES


def is_chosen(medal: BoardMedal, chosen: str) -> bool:
    """Whether a medal passes a filter."""
    test = STATES.get(chosen)
    return test(medal) if test else family_of(medal) == chosen


def among(board: Board, chosen: str) -> tuple[BoardMedal, ...]:
    """The medals that a filter lets through; of what is near its nearest category."""
    if chosen != "near":
        return tuple(medal for medal in board.medals if is_chosen(medal, chosen))
    found: dict[str, BoardMedal] = {}
    for medal in board.near:
        if is_near(medal):
            found.setdefault(medal.tile.code, medal)
    return tuple(found.values())


def how_many(board: Board, chosen: str) -> int:
    """The number beside a filter."""
    return len(among(board, chosen))


def folded(text: str) -> str:
    """A text as it is compared: no case, no soft hyphens, «ё» as «е»."""
    return text.casefold().replace("ё", "е").replace("\u00ad", "").replace("\u00a0", " ").strip()


def sought(board: Board, wish: Wish, said: Callable[[BoardMedal], str]) -> tuple[BoardMedal, ...]:
    """The medals that are asked for, pinned ones first, the latest pin before others.

    Args:
        said: what is searched in: the medal's words in the reader's language.
    """
    parts = folded(wish.query).split()
    found = [
        medal
        for medal in among(board, wish.chosen)
        if all(part in folded(said(medal)) for part in parts)
    ]
    return tuple(sorted(found, key=lambda medal: -(medal.pinned_at or 0)))


def families_of(board: Board, medals: Sequence[BoardMedal]) -> tuple[Family, ...]:
    """Medals by family, in the order of the board; empty families are left out."""
    grouped: dict[str, list[BoardMedal]] = {}
    for medal in medals:
        grouped.setdefault(family_of(medal), []).append(medal)
    return tuple(
        Family(code, held_in(board, code), how_many(board, code), tuple(grouped[code]))
        for code in SHAPES
        if code in grouped
    )


def held_in(board: Board, family: str) -> int:
    """How many medals of a family are held."""
    return sum(medal.held and family_of(medal) == family for medal in board.medals)


def nearest(board: Board) -> tuple[BoardMedal, ...]:
    """Medals under way that are not pinned, in the order that Home has."""
    return tuple(medal for medal in board.near if not medal.tile.pinned)


def closest(board: Board, wish: Wish) -> BoardMedal | None:
    """What an empty filter names instead: the nearest of its family, or of all."""
    begun = [*board.near, *(medal for medal in board.medals if medal.goal is not None)]
    family = [m for m in begun if wish.chosen in SHAPES and family_of(m) == wish.chosen]
    return next(iter([*family, *begun]), None)


def in_pane(board: Board, shown: Sequence[BoardMedal], wish: Wish) -> BoardMedal | None:
    """The medal beside the board: the one asked for, a new one, a pinned, a near, the first."""
    asked = [medal for medal in (*shown, *board.medals) if medal.tile.code == wish.medal]
    fresh = [medal for medal in shown if medal.tile.fresh]
    pinned = [medal for medal in shown if medal.tile.pinned]
    codes = [medal.tile.code for medal in nearest(board)]
    near = sorted(
        [medal for medal in shown if medal.tile.code in codes],
        key=lambda medal: codes.index(medal.tile.code),
    )
    return next(iter([*asked, *fresh, *pinned, *near, *shown]), None)
