"""The leaves of a herbarium: twelve outlines with veins, each in four seasons and in gold."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from webapp.art.geometry import Point, num

MIDDLE, FOOT = 60.0, 117.0
TINTS = ("spring", "summer", "autumn", "winter", "rare")


class At(NamedTuple):
    """A point of a half outline: how far from the midrib, how high, and whether it is sharp."""

    out: float
    y: float
    sharp: bool = False


class Drawing(NamedTuple):
    """A leaf before it is painted: its blade, its veins, and where the stalk ends."""

    blade: str
    veins: str
    stalk: float
    folded: bool = True


def mirrored(right: Sequence[At]) -> list[tuple[float, float, bool]]:
    """A whole outline from the right half, which goes from the foot to the tip."""
    whole = [(MIDDLE + p.out, p.y, p.sharp) for p in right]
    left = [(MIDDLE - p.out, p.y, p.sharp) for p in reversed(right) if p.out]
    return whole + left


def smooth(points: Sequence[tuple[float, float, bool]]) -> str:
    """A closed path through the points: cubic curves that stop turning at sharp ones."""
    count = len(points)
    path = f"M{num(points[0][0])} {num(points[0][1])}"
    for i in range(count):
        here, there = points[i], points[(i + 1) % count]
        before, beyond = points[i - 1], points[(i + 2) % count]
        first = here if here[2] else (here[0] + (there[0] - before[0]) / 6,
                                      here[1] + (there[1] - before[1]) / 6)  # fmt: skip
        second = there if there[2] else (there[0] - (beyond[0] - here[0]) / 6,
                                         there[1] - (beyond[1] - here[1]) / 6)  # fmt: skip
        path += "C" + " ".join(num(v) for v in (*first[:2], *second[:2], *there[:2]))
    return path + "Z"


def toothed(right: Sequence[At], teeth: int, depth: float, *, round_teeth: bool = False) -> str:
    """A leaf with teeth that point to the tip, along a smooth half outline."""
    line = along([(p.out, p.y) for p in right], teeth * 2)
    half: list[At] = [At(*line[0], True)]
    for i in range(1, len(line) - 1):
        out, y = line[i]
        deep = depth * min(out / 16, 1)  # small teeth at the tip and at the foot
        tooth, notch = At(out, y - deep * 0.8, not round_teeth), At(out - deep * 0.9, y, True)
        half.append(tooth if i % 2 else notch)
    half.append(At(*line[-1], True))
    return smooth(mirrored(half))


def along(points: Sequence[Point], steps: int) -> list[Point]:
    """Points at equal distances along a smooth line."""
    fine: list[Point] = []
    for i in range(len(points) - 1):
        a, b = points[i], points[i + 1]
        before, beyond = points[max(i - 1, 0)], points[min(i + 2, len(points) - 1)]
        for k in range(12):
            t = k / 12
            fine.append((bend(before[0], a[0], b[0], beyond[0], t),
                         bend(before[1], a[1], b[1], beyond[1], t)))  # fmt: skip
    fine.append(points[-1])
    lengths = [0.0]
    for one, two in pairwise(fine):
        lengths.append(lengths[-1] + math.dist(one, two))
    found: list[Point] = []
    for step in range(steps + 1):
        goal = lengths[-1] * step / steps
        found.append(fine[min(range(len(fine)), key=lambda j: abs(lengths[j] - goal))])
    return found


def bend(p0: float, p1: float, p2: float, p3: float, t: float) -> float:
    """One coordinate of a curve that goes through the middle two of four points."""
    return 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )


def leaflet(x: float, y: float, turn: float, length: float, wide: float, belly: float = 0.4) -> str:
    """One leaflet of a compound leaf: from a point, turned from the vertical in degrees."""
    angle = math.radians(turn)
    along_x, along_y = math.sin(angle), -math.cos(angle)

    def at(far: float, out: float) -> str:
        px = x + along_x * length * far - along_y * out
        py = y + along_y * length * far + along_x * out
        return f"{num(px)} {num(py)}"

    right = f"C{at(0.06, wide * 0.5)} {at(belly - 0.16, wide)} {at(belly, wide)}"
    tip = f"C{at(belly + 0.26, wide)} {at(0.9, wide * 0.32)} {at(1, 0)}"
    back = f"C{at(0.9, -wide * 0.32)} {at(belly + 0.26, -wide)} {at(belly, -wide)}"
    foot = f"C{at(belly - 0.16, -wide)} {at(0.06, -wide * 0.5)} {at(0, 0)}"
    return f"M{at(0, 0)}{right}{tip}{back}{foot}Z"


def vein(*points: Point) -> str:
    """A line through points, bent like a vein."""
    (x, y), *rest = points
    path = f"M{num(x)} {num(y)}"
    if len(rest) == 1:
        return path + f"L{num(rest[0][0])} {num(rest[0][1])}"
    return path + f"Q{num(rest[0][0])} {num(rest[0][1])} {num(rest[1][0])} {num(rest[1][1])}"


def ribs(tip: float, pairs: Sequence[tuple[float, float, float]]) -> str:
    """The midrib up to the tip, and pairs of side veins as (from, outward, to)."""
    path = vein((MIDDLE, pairs[0][0] + 7), (MIDDLE, tip))
    for start, out, end in pairs:
        for sign in (-1, 1):
            middle = (MIDDLE + sign * out * 0.55, (start + end) / 2 + 1.5)
            path += vein((MIDDLE, start), middle, (MIDDLE + sign * out, end))
    return path


def fanned(count: int, tips: Callable[[float], Point]) -> str:
    """Veins that spread from the foot of a fan."""
    lines = []
    for i in range(count):
        share = i / (count - 1) * 2 - 1
        x, y = tips(share)
        lines.append(vein((MIDDLE, 92), (MIDDLE + (x - MIDDLE) * 0.45, 62), (x, y)))
    return "".join(lines)
