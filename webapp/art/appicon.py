"""The icon of the installed page: the mark as PNG, whose colours are put in when it is asked for.

`python -m webapp.art.appicon` draws the files in static/. Each has a palette of a few
steps from the ground to the mark; another brand is another palette over the same dots.
"""

import math
import re
import struct
import zlib
from pathlib import Path

from webapp.art.geometry import Point
from webapp.art.wreath import mark
from webapp.contrast import RGB, parse_hex

STATIC = Path(__file__).parent.parent.parent / "static"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
FINE = 4  # parts of a dot's side that are looked at
STEPS = 16
BEND = 0.22  # of the side: how round a corner is
FIELD = 32.0
HOUSE = ("#0A6B45", "#EFF7F1")
SIDES = {"apple": 180, "small": 192, "large": 512, "maskable": 512}
"""Files by name. The first and the last fill their square: the system cuts its own shape."""
ROUND = frozenset({"small", "large"})
SCALES = {"apple": 0.75, "small": 0.8125, "large": 0.8125, "maskable": 0.6}
LEAF = re.compile(r'translate\((\S+) (\S+)\) rotate\((\S+)\)" d="M0 0([^"]+)Z"')
NUMBER = re.compile(r"-?(?:\d+\.\d+|\.\d+|\d+)")


def polygons(side: int, scale: float) -> list[list[Point]]:
    """The leaves of the mark as polygons in the middle of a square of so many parts."""
    zoom, edge = side / FIELD, FIELD * (1 - scale) / 2
    found = []
    for x, y, turn, path in LEAF.findall(mark()):
        angle = math.radians(float(turn))
        along, across = math.cos(angle), math.sin(angle)
        found.append(
            [
                (
                    zoom * (edge + scale * (float(x) + u * along - v * across)),
                    zoom * (edge + scale * (float(y) + u * across + v * along)),
                )
                for u, v in flattened([float(number) for number in NUMBER.findall(path)])
            ]
        )
    return found


def flattened(numbers: list[float], steps: int = 24) -> list[Point]:
    """Two cubic curves that start at the origin, as points."""
    points, start = [], (0.0, 0.0)
    for n in range(0, len(numbers), 6):
        x1, y1, x2, y2, x3, y3 = numbers[n : n + 6]
        for step in range(steps):
            t = step / steps
            a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3
            points.append(
                (
                    a * start[0] + b * x1 + c * x2 + d * x3,
                    a * start[1] + b * y1 + c * y2 + d * y3,
                )
            )
        start = (x3, y3)
    return points


def spans(polygon: list[Point], height: float) -> list[tuple[float, float]]:
    """Where a horizontal line lies inside a polygon."""
    cuts = []
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 <= height) != (y2 <= height):
            cuts.append(x1 + (height - y1) * (x2 - x1) / (y2 - y1))
    cuts.sort()
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def dots(name: str) -> bytes:
    """Palette numbers of an icon, row by row, each row after its filter byte 0.

    0 to 15 lead from the ground to the mark; 16 to 31 are the ground, ever less of it.
    """
    side = SIDES[name]
    leaves, fine = polygons(side * FINE, SCALES[name]), side * FINE
    rows = bytearray()
    for row in range(side):
        marks, grounds = [0] * side, [0] * side
        for part in range(row * FINE, row * FINE + FINE):
            line = bytearray(fine)
            for leaf in leaves:
                for left, right in spans(leaf, part + 0.5):
                    a, b = max(0, round(left)), min(fine, round(right))
                    line[a:b] = b"\1" * max(0, b - a)
            start = corner(part, fine) if name in ROUND else 0
            for n in range(side):
                marks[n] += sum(line[n * FINE : n * FINE + FINE])
                inner = min((n + 1) * FINE, fine - start) - max(n * FINE, start)
                grounds[n] += max(0, inner)
        rows.append(0)
        rows += bytes(map(shade, marks, grounds))
    return bytes(rows)


def corner(line: int, side: int) -> int:
    """How far from the edge a line of a rounded square begins."""
    bend = BEND * side
    away = max(bend - (line + 0.5), line + 0.5 - (side - bend), 0.0)
    return round(bend - math.sqrt(bend * bend - away * away)) if away else 0


def shade(marked: int, ground: int) -> int:
    """The palette number of a dot of which so many parts are mark and so many are ground."""
    whole = FINE * FINE
    if ground < whole:
        return STEPS + round((whole - ground) * (STEPS - 1) / whole)
    return round(marked * (STEPS - 1) / whole)


def palette(ground: str, ink: str) -> bytes:
    """The PLTE chunk for two colours."""
    low, high = parse_hex(ground), parse_hex(ink)
    assert low is not None, f"{ground} is not a colour"
    assert high is not None, f"{ink} is not a colour"
    ramp = [mixed(low, high, step / (STEPS - 1)) for step in range(STEPS)]
    return chunk(b"PLTE", b"".join(bytes(tone) for tone in [*ramp, *[low] * STEPS]))


def mixed(low: RGB, high: RGB, share: float) -> RGB:
    """A colour on the way from one to another."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return red, green, blue


def chunk(kind: bytes, body: bytes) -> bytes:
    """A part of a PNG file with its length and its check."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def drawn(name: str) -> bytes:
    """An icon in the colours of the house."""
    side = SIDES[name]
    clear = [255] * STEPS + [round(255 * (1 - step / (STEPS - 1))) for step in range(STEPS)]
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 3, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(dots(name), 9))
    see_through = chunk(b"tRNS", bytes(clear))
    return SIGNATURE + head + palette(*HOUSE) + see_through + body + chunk(b"IEND", b"")


def recoloured(picture: bytes, ground: str, ink: str) -> bytes:
    """A drawn icon in other colours."""
    start = picture.index(b"PLTE") - 4
    new = palette(ground, ink)
    return picture[:start] + new + picture[start + len(new) :]


if __name__ == "__main__":
    for file in SIDES:
        (STATIC / f"app-{file}.png").write_bytes(drawn(file))
        print(f"app-{file}.png: {(STATIC / f'app-{file}.png').stat().st_size:,} bytes")
