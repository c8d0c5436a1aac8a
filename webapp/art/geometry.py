"""Outlines of the medals and the leaf: plain geometry that answers SVG path data."""

import math
from collections.abc import Callable, Sequence
from typing import Literal, get_args

Shape = Literal["coin", "hex", "oct", "rosette", "burst", "squircle", "shield", "drop", "gem"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
CENTRE = 60.0
Point = tuple[float, float]


def num(value: float, digits: int = 1) -> str:
    """A number as short as SVG allows: 0.50 is .5, 3.0 is 3."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in {"-0", ""}:
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def outline(shape: Shape, radius: float = 50) -> str:
    """The closed path of a medal's edge around the middle of a 120 × 120 field."""
    return OUTLINES[shape](radius)


def leaf(length: float, width: float) -> str:
    """One laurel leaf that grows from the origin along the x axis."""
    near, far = num(length * 0.22, 2), num(length * 0.7, 2)
    tip, side = num(length, 2), num(width, 2)
    return f"M0 0C{near}-{side} {far}-{side} {tip} 0C{far} {side} {near} {side} 0 0Z"


def closed(points: Sequence[Point]) -> str:
    """A polygon through the points."""
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) + "Z"


def polar(radius_at: Callable[[float], float], steps: int) -> str:
    """A smooth outline given by its distance from the middle at each angle."""
    angles = [2 * math.pi * i / steps for i in range(steps)]
    return closed(
        [(CENTRE + radius_at(t) * math.sin(t), CENTRE - radius_at(t) * math.cos(t)) for t in angles]
    )


def rounded(corners: Sequence[Point], bend: float) -> str:
    """A polygon whose corners are bent by a quadratic curve."""
    parts: list[str] = []
    for i, corner in enumerate(corners):
        before, after = corners[i - 1], corners[(i + 1) % len(corners)]
        start, end = toward(corner, before, bend), toward(corner, after, bend)
        parts.append(
            f"{'L' if parts else 'M'}{num(start[0])} {num(start[1])}"
            f"Q{num(corner[0])} {num(corner[1])} {num(end[0])} {num(end[1])}"
        )
    return "".join(parts) + "Z"


def toward(origin: Point, goal: Point, reach: float) -> Point:
    """The point at most `reach` away from the origin on the way to the goal."""
    span = math.hypot(goal[0] - origin[0], goal[1] - origin[1])
    part = min(reach, span / 2.02) / span
    return (origin[0] + (goal[0] - origin[0]) * part, origin[1] + (goal[1] - origin[1]) * part)


def regular(sides: int, radius: float, bend: float, turn: float = 0) -> str:
    """A regular polygon with bent corners."""
    angles = [2 * math.pi * i / sides + turn for i in range(sides)]
    return rounded(
        [(CENTRE + radius * math.sin(t), CENTRE - radius * math.cos(t)) for t in angles], bend
    )


def coin(radius: float) -> str:
    """A circle that starts at the top, so that progress runs clockwise from there."""
    r, d = num(radius), num(2 * radius)
    return f"M60 {num(60 - radius)}a{r} {r} 0 1 1 0 {d}a{r} {r} 0 1 1 0-{d}Z"


def squircle(radius: float) -> str:
    """A square that thinks it is a circle."""

    def reach(t: float) -> float:
        power = math.pow(abs(math.cos(t)), 4.2) + math.pow(abs(math.sin(t)), 4.2)
        return radius * 0.97 / math.pow(power, 1 / 4.2)

    return polar(reach, 96)


def mirrored(radius: float, top: float, right: Sequence[tuple[float, ...]]) -> str:
    """A path of cubic curves down the right side and back up the left."""
    cubics = [tuple(CENTRE + radius * value for value in curve) for curve in right]
    path = f"M60 {num(CENTRE + radius * top)}"
    for curve in cubics:
        path += "C" + " ".join(num(value) for value in curve)
    starts = [(CENTRE, CENTRE + radius * top), *[(c[4], c[5]) for c in cubics[:-1]]]
    for curve, start in zip(reversed(cubics), reversed(starts), strict=True):
        back = (curve[2], curve[3], curve[0], curve[1], *start)
        path += "C" + " ".join(
            num(120 - value if i % 2 == 0 else value) for i, value in enumerate(back)
        )
    return path + "Z"


def shield(radius: float) -> str:
    """A heater shield."""
    return mirrored(
        radius,
        -1.0,
        [(0.3, -0.86, 0.62, -0.78, 0.9, -0.76), (0.98, 0.12, 0.72, 0.72, 0.0, 1.05)],
    )


def drop(radius: float) -> str:
    """A broad petal."""
    return mirrored(
        radius,
        -1.08,
        [(0.5, -0.72, 0.98, -0.3, 0.94, 0.2), (0.9, 0.74, 0.46, 1.02, 0.0, 1.02)],
    )


def gem(radius: float) -> str:
    """A cut stone."""
    corners = [(-0.52, -0.92), (0.52, -0.92), (1.0, -0.28), (0.02, 1.05), (-0.02, 1.05)]
    corners.append((-1.0, -0.28))
    return rounded([(CENTRE + radius * x, CENTRE + radius * y) for x, y in corners], radius * 0.18)


OUTLINES: dict[Shape, Callable[[float], str]] = {
    "coin": coin,
    "hex": lambda r: regular(6, r * 1.06, r * 0.22),
    "oct": lambda r: regular(8, r * 1.035, r * 0.18, math.pi / 8),
    "rosette": lambda r: polar(lambda t: r * (0.965 + 0.045 * math.cos(14 * t)), 196),
    "burst": lambda r: polar(lambda t: r * (0.955 + 0.07 * abs(math.cos(5 * t)) ** 0.7), 200),
    "squircle": squircle,
    "shield": shield,
    "drop": drop,
    "gem": gem,
}
