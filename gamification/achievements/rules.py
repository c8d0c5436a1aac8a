"""When a counter's move crosses a medal's line: pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from gamification.case import Movement


@dataclass(frozen=True, slots=True)
class LevelRule:
    """A metal of a medal: from how much on, and the points that come with it."""

    level: int
    threshold: int
    points: int


@dataclass(frozen=True, slots=True)
class MedalRule:
    """A live medal as the rules see it.

    `once`: each level once. `every`: once per multiple of the threshold.
    `per_value`: each level once per period of its own (a category).
    """

    id: int
    code: str
    version_id: int
    measure_id: int
    occurrence: str
    on_reversal: str
    levels: tuple[LevelRule, ...]


Crossing = tuple[LevelRule, str]
"""A level and the occurrence that was crossed."""


def crossings(medal: MedalRule, moved: Movement) -> Iterator[Crossing]:
    """The levels between a movement's lower and upper value, in order of threshold."""
    low, high = sorted((moved.old, moved.new))
    if medal.occurrence == "every":
        if moved.period == "all":
            for level in medal.levels:
                for n in range(low // level.threshold + 1, high // level.threshold + 1):
                    yield level, f"n:{n}"
        return
    if (medal.occurrence == "per_value") != (moved.period != "all"):
        return
    occurrence = "once" if medal.occurrence == "once" else moved.period
    for level in medal.levels:
        if low < level.threshold <= high:
            yield level, occurrence
