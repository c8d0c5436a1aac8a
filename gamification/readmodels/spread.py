"""Differences among members: how many gain and lose how much, and who is an example."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Generic, TypeVar

SAMPLES = 10
STEPS = (-1000, -100, -10, 0, 1, 11, 101, 1001)
"""Where a group of differences begins, in points; the first is open downwards."""
T = TypeVar("T")


def group_of(difference: int) -> int:
    """The group of a difference: its least value, or the lowest step for all below."""
    return STEPS[max(bisect_right(STEPS, difference) - 1, 0)]


@dataclass(slots=True)
class Spread:
    """Who gains and who loses, in points; `groups` counts members by `group_of`."""

    gainers: int = 0
    losers: int = 0
    gained: int = 0
    lost: int = 0
    groups: Counter[int] = field(default_factory=Counter)
    by_member: dict[int, int] = field(default_factory=dict)

    def add(self, member_id: int, difference: int) -> None:
        """Count a member; who neither gains nor loses is only in `groups`."""
        self.groups[group_of(difference)] += 1
        if difference:
            self.by_member[member_id] = difference
        if difference > 0:
            self.gainers, self.gained = self.gainers + 1, self.gained + difference
        elif difference < 0:
            self.losers, self.lost = self.losers + 1, self.lost - difference


class Examples(Generic[T]):
    """The most telling members: half of those who win and half who lose, where there are such."""

    def __init__(self) -> None:
        self._sides: tuple[list[tuple[int, int, T]], ...] = ([], [])

    def offer(self, member_id: int, size: int, example: T) -> None:
        """Consider an example of a signed size; nothing for zero."""
        if size == 0:
            return
        side = self._sides[size < 0]
        side.append((abs(size), -member_id, example))
        if len(side) > 4 * SAMPLES:
            side[:] = _best(side)

    def chosen(self) -> tuple[T, ...]:
        """At most ten, the largest of each side first."""
        ups, downs = (_best(side) for side in self._sides)
        half = SAMPLES // 2
        most_up = max(half, SAMPLES - len(downs))
        ups = ups[:most_up]
        return tuple(one[2] for one in (*ups, *downs[: SAMPLES - len(ups)]))


def _best(side: list[tuple[int, int, T]]) -> list[tuple[int, int, T]]:
    return nlargest(SAMPLES, side, key=lambda one: one[:2])
