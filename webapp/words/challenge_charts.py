"""Costs by day against the budget, as the points of a line; numbers stand beside it in a table."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from babel.dates import format_date

from webapp.moulds import Code
from webapp.tongue import reader
from webapp.words.formats import day, number

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 12, 308, 34, 122
MOST_DOTS = 16
MOST_LABELS = 7


class ChartDay(NamedTuple):
    """A day: where its dot is, what was spent on it and until its end."""

    x: float
    y: float
    label: str
    title: str
    cost: str
    total: str
    is_over: bool


class CostChart(NamedTuple):
    """A line that climbs towards a cap. Coordinates are those of a box 320 by 150."""

    days: tuple[ChartDay, ...]
    line: Code
    area: Code
    cap_y: float | None
    cap: str
    total: str
    has_dots: bool
    empty_on: date | None


def cost_chart(days: Sequence[date], cost: Mapping[date, int], cap: int | None) -> CostChart:
    """The chart of a cost; days without any are level."""
    totals, total = [], 0
    for one in days:
        total += cost.get(one, 0)
        totals.append(total)
    top = max(total, cap or 0, 1)
    # A cap far above the line would press it flat: it then only stands in words.
    shows_cap = cap is not None and cap <= total * 4
    if not shows_cap:
        top = max(total, 1)
    step = (RIGHT - LEFT) / max(len(days) - 1, 1)
    every = -(-len(days) // MOST_LABELS)
    found = [
        ChartDay(
            round(LEFT + n * step, 1),
            _height(totals[n], top),
            _short(one, len(days)) if n % every == 0 else "",
            day(one),
            number(cost.get(one, 0)),
            number(totals[n]),
            cap is not None and totals[n] > cap,
        )
        for n, one in enumerate(days)
    ]
    line = " ".join(f"{one.x},{one.y}" for one in found)
    return CostChart(
        tuple(found),
        Code(line),
        Code(f"{LEFT},{BOTTOM} {line} {found[-1].x},{BOTTOM}" if found else ""),
        _height(cap, top) if shows_cap and cap is not None else None,
        "" if cap is None else number(cap),
        number(total),
        len(days) <= MOST_DOTS,
        next((one for n, one in enumerate(days) if cap is not None and totals[n] > cap), None),
    )


def _height(value: int, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _short(one: date, count: int) -> str:
    pattern = "ccc" if count <= MOST_LABELS else "d"
    return str(format_date(one, pattern, locale=reader())).rstrip(".")
