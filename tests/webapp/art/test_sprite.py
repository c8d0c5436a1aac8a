"""The sprites in static/ are those that the drawing draws, and hold what pages name."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from tests.house.sources import ROOT
from webapp.art.medals import ART, PLAIN, MedalArt
from webapp.art.palette import METALS
from webapp.art.sprite import drawn, kit
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


def named_by(art: MedalArt) -> set[str]:
    """The parts that templates/macros/medal.html names, earned in any metal or not yet."""
    return {
        f"f-{art.shape}-{art.enamel}-{art.pattern}", f"{art.engraving}-{art.glyph}",
        f"k-{art.shape}", f"t-{art.shape}", f"o-{art.glyph}", f"s-{art.shape}",
        *(f"b-{art.shape}-{metal}" for metal in METALS),
    }  # fmt: skip


ALWAYS = {"secret", "l-platinum", "l-obsidian", *(f"n-{level}" for level in range(1, 6))}
SPRITES = {
    "medals.svg": [*ART.values(), PLAIN],
    "kit.svg": [art for _, art in kit()],
}


@pytest.mark.parametrize("name", sorted(SPRITES))
def test_a_sprite_holds_the_parts_of_its_medals_and_no_other(name: str) -> None:
    """A part that nobody names is laid out on every page with a medal."""
    parts = {
        str(part.get("id"))
        for part in ET.fromstring(PICTURES[name])[0]  # noqa: S314 - drawn by us
        if part.tag.endswith(("}g", "}path")) and not str(part.get("id")).startswith("q-")
    }

    assert parts == ALWAYS.union(*map(named_by, SPRITES[name]))


def laid_out(name: str, wanted: str) -> int:
    """How many elements a browser makes of one part: each that is named comes again."""
    root = ET.fromstring(PICTURES[name])  # noqa: S314 - drawn by us
    by_id = {element.get("id"): element for element in root.iter()}

    def whole(element: ET.Element) -> int:
        named = by_id.get(element.get("href", "")[1:]) if element.tag.endswith("}use") else None
        return 1 + sum(map(whole, element)) + (whole(named) if named is not None else 0)

    return whole(by_id[wanted])


def test_a_page_pays_for_few_elements_per_medal() -> None:
    """The whole sprite is laid out once more beside what each medal names."""
    earned = [
        sum(
            laid_out("medals.svg", part) for part in named_by(art) if part[:2] in {"f-", "y-", "z-"}
        )
        + laid_out("medals.svg", f"b-{art.shape}-bronze")
        + laid_out("medals.svg", "n-1")
        for art in ART.values()
    ]
    everything = sum(
        laid_out("medals.svg", str(part.get("id")))
        for part in ET.fromstring(PICTURES["medals.svg"])[0]  # noqa: S314 - drawn by us
        if part.tag.endswith("}g")
    )

    assert max(earned) <= 40
    assert everything <= 1_000


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
