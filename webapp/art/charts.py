"""Charts drawn on the server: columns and lines in a field of 1000 × 100, without words.

The page stretches the field, so that nothing written stands in it: labels and the table that
says the same stand beside it. Columns and lines begin at zero.
"""

from collections.abc import Sequence
from typing import NamedTuple

from webapp.art.geometry import num

WIDE, TALL = 1000, 100
GAP = 0.28
"""Which part of a column's place stays empty."""
ROUND = (2, 4, 6, 8, 10)
LEAST = 1.5
"""How tall the smallest column is that is not nothing."""


class Column(NamedTuple):
    """One column; `series` is the number of its values, from 0."""

    series: int
    x: str
    y: str
    width: str
    height: str


class Chart(NamedTuple):
    """What to draw: columns, or a line with the area below it; `ceiling` is the top's value."""

    ceiling: int
    columns: tuple[Column, ...] = ()
    line: str = ""
    area: str = ""


def ceiling_of(most: int) -> int:
    """The smallest round even number that is not below: 7 is under 8, 1,234 under 2,000."""
    scale = 1
    while True:
        for step in ROUND:
            if most <= step * scale:
                return step * scale
        scale *= 10


def columns(series: Sequence[Sequence[int]]) -> Chart:
    """Columns side by side, one of each series at every place; values are at least zero."""
    ceiling = ceiling_of(max((value for values in series for value in values), default=0))
    places = max((len(values) for values in series), default=0)
    place = WIDE / max(places, 1)
    width = place * (1 - GAP) / max(len(series), 1)
    made = []
    for number, values in enumerate(series):
        for n, value in enumerate(values):
            if value:
                tall = max(TALL * value / ceiling, LEAST)
                x = n * place + place * GAP / 2 + number * width
                made.append(Column(number, num(x), num(TALL - tall), num(width * 0.94), num(tall)))
    return Chart(ceiling, tuple(made))


def line(values: Sequence[int]) -> Chart:
    """A line through the values, from edge to edge; one value is a level line."""
    ceiling = ceiling_of(max(values, default=0))
    shown = [max(value, 0) for value in values] or [0]
    if len(shown) == 1:
        shown *= 2
    step = WIDE / (len(shown) - 1)
    points = [f"{num(n * step)} {num(TALL - TALL * v / ceiling)}" for n, v in enumerate(shown)]
    path = "M" + "L".join(points)
    return Chart(ceiling, (), path, f"{path}V{TALL}H0Z")
