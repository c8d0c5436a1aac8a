"""The icons in static/ are those that the drawing draws."""

import struct
import zlib

import pytest

from tests.house.sources import ROOT
from webapp.art.appicon import SIDES, dots, palette


@pytest.mark.parametrize("name", ["apple", "small"])
def test_an_icon_is_up_to_date(name: str) -> None:
    assert zlib.decompress(idat(png_of(name))) == dots(name)


def test_the_system_may_cut_the_maskable_icon_as_it_likes() -> None:
    side = SIDES["maskable"]
    rows = zlib.decompress(idat(png_of("maskable")))

    marked = [
        (x - side / 2 + 0.5, y - side / 2 + 0.5)
        for y in range(side)
        for x in range(side)
        if rows[y * (side + 1) + 1 + x]
    ]

    assert max(x * x + y * y for x, y in marked) ** 0.5 < 0.4 * side


def test_a_palette_leads_from_one_colour_to_the_other() -> None:
    chunk = palette("#000000", "#FFFFFF")

    tones = chunk[8:-4]
    assert tones[:3] == b"\0\0\0"
    assert tones[45:48] == b"\xff\xff\xff"
    assert len(tones) == 96


def png_of(name: str) -> bytes:
    return (ROOT / "static" / f"app-{name}.png").read_bytes()


def idat(png: bytes) -> bytes:
    start = png.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", png[start - 8 : start - 4])
    return png[start : start + length]
