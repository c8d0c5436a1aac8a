"""The sprites in static/ are those that the drawing draws, and hold what pages name."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from tests.house.sources import ROOT
from webapp.art.medals import ART
from webapp.art.palette import METALS
from webapp.art.sprite import drawn
from webapp.art.wreath import LEAVES, lit_leaves

PICTURES = drawn()


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_drawn_file_is_up_to_date(name: str) -> None:
    assert (ROOT / "static" / name).read_text("utf-8") == PICTURES[name]


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_drawn_file_is_sound_and_points_only_at_itself(name: str) -> None:
    root = ET.fromstring(PICTURES[name])  # noqa: S314 - drawn by us a moment ago
    ids = {element.get("id") for element in root.iter()}

    named = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', PICTURES[name]))

    assert {first or second for first, second in named} <= ids


def test_every_medal_finds_its_parts() -> None:
    ids = set(re.findall(r' id="([^"]+)"', PICTURES["medals.svg"]))

    for art in ART.values():
        needed = {
            f"e-{art.shape}-{art.enamel}", f"p-{art.shape}-{art.pattern}", f"k-{art.shape}",
            f"t-{art.shape}", f"{art.engraving}-{art.glyph}", f"o-{art.glyph}",
        }  # fmt: skip
        needed |= {f"b-{art.shape}-{metal}" for metal in METALS}
        assert needed <= ids


def test_neighbours_on_the_board_never_share_an_enamel() -> None:
    enamels = [art.enamel for art in ART.values()]

    assert all(one != two for one, two in pairwise(enamels))


def test_signing_up_lights_the_first_leaf_and_only_the_end_lights_all() -> None:
    assert [lit_leaves(p) for p in (0, 50, 99, 100)] == [1, 13, LEAVES - 1, LEAVES]


def test_every_icon_that_a_template_names_is_drawn() -> None:
    ids = set(re.findall(r' id="([^"]+)"', PICTURES["icons.svg"]))
    text = "".join(p.read_text("utf-8") for p in (ROOT / "templates").rglob("*.html"))

    named = {f"i-{name}" for name in re.findall(r"icon\.line\('([a-z]+)'", text)}
    named |= {f"y-{name}" for name in re.findall(r"icon\.glyph\('([a-z]+)'", text)}

    assert named <= ids
    assert len(named) > 15
