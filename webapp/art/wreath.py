"""The signature shape: a wreath that fills leaf by leaf, and the mark made of it."""

import math
from dataclasses import dataclass

from webapp.art.geometry import leaf, num

PAIRS = 13
LEAVES = 2 * PAIRS  # twigs of two leaves that light up one after another


@dataclass(frozen=True, slots=True)
class Ring:
    """How the twigs lie on the circle: radius and angles in degrees from the top."""

    centre: float
    radius: float
    first: float
    last: float


RING = Ring(100, 76, 174, 14)


def lit_leaves(percent: int) -> int:
    """How many twigs shine. Signing up lights the first one, honestly."""
    return 1 + (LEAVES - 1) * min(max(percent, 0), 100) // 100


def twig(number: int) -> str:
    """Twig `number` (0 is the lowest left one, 1 its mirror) as two leaves."""
    pair, side = divmod(number, 2)
    sign = -1 if side == 0 else 1
    share = pair / (PAIRS - 1)
    angle = math.radians(RING.first - (RING.first - RING.last) * share) * sign
    x = RING.centre + RING.radius * math.sin(angle)
    y = RING.centre - RING.radius * math.cos(angle)
    along = math.degrees(angle) + (180 if sign > 0 else 0)
    return leaf_pair(x, y, along, sign, (25 - 9 * share, 5.7 - 1.7 * share), tilt=27, lower=0.86)


def leaf_pair(
    x: float,
    y: float,
    along: float,
    sign: int,
    size: tuple[float, float],
    *,
    tilt: float,
    lower: float,
) -> str:
    """Two leaves that spread from one point of the stem."""
    paths = []
    for outward, scale in ((1, 1.0), (-1, lower)):
        turn = along + tilt * outward * (1 if sign < 0 else -1)
        shape = leaf(size[0] * scale, size[1] * scale)
        paths.append(
            f'<path transform="translate({num(x)} {num(y)}) rotate({num(turn)})" d="{shape}"/>'
        )
    return "".join(paths)


def stems() -> str:
    """Both stems as thin lines under the leaves."""
    paths = []
    for sign in (-1, 1):
        angles = [RING.first + 4 - (RING.first + 4 - RING.last) * i / 24 for i in range(25)]
        points = [
            f"{num(RING.centre + RING.radius * math.sin(math.radians(a) * sign))} "
            f"{num(RING.centre - RING.radius * math.cos(math.radians(a)))}"
            for a in angles
        ]
        paths.append(f'<path d="M{"L".join(points)}"/>')
    return "".join(paths)


def mark() -> str:
    """The house mark on a 32 × 32 field: an open wreath of ten twigs."""
    paths = []
    for sign in (-1, 1):
        for i in range(5):
            angle = math.radians(168 - i * 36) * sign
            x, y = 16 + 10.6 * math.sin(angle), 16.4 - 10.6 * math.cos(angle)
            along = math.degrees(angle) + (180 if sign > 0 else 0)
            size = (7.9 - i * 0.55, 2.2 - i * 0.12)
            paths.append(leaf_pair(x, y, along, sign, size, tilt=33, lower=0.8))
    return "".join(paths)


def rim() -> str:
    """The laurel around a medal of level four and five, on a 120 × 120 field."""
    paths = []
    for sign in (-1, 1):
        for i in range(PAIRS):
            share = i / (PAIRS - 1)
            angle = math.radians(170 - 146 * share) * sign
            x, y = 60 + 52.5 * math.sin(angle), 61 - 52.5 * math.cos(angle)
            along = math.degrees(angle) + (180 if sign > 0 else 0)
            size = (14.5 - 4.5 * share, 3.5)
            paths.append(leaf_pair(x, y, along, sign, size, tilt=30, lower=0.82))
    return "".join(paths)
