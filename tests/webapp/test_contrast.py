"""A brand's colour is made readable, in both themes and whatever it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house.sources import ROOT
from webapp.contrast import (
    GROUNDS_DARK,
    GROUNDS_LIGHT,
    TEXT_RATIO,
    brand_of,
    parse_hex,
    ratio,
    reads_on,
    stylesheet,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06X}")


def test_contrast_is_that_of_the_standard() -> None:
    assert ratio("#000", "#fff") == pytest.approx(21)
    assert ratio("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("text", ["", "green", "#12", "#12345", "rgb(0,0,0)", "#GGGGGG", "#fff;}"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    assert parse_hex(text) is None
    assert brand_of(text) is None


@given(COLOURS)
def test_any_colour_becomes_readable_in_both_themes(colour: str) -> None:
    brand = brand_of(colour)

    assert brand is not None
    assert reads_on(brand.light.action, GROUNDS_LIGHT)
    assert reads_on(brand.dark.action, GROUNDS_DARK)
    for tones in (brand.light, brand.dark):
        assert ratio(tones.on_action, tones.action) >= TEXT_RATIO
        assert ratio(tones.on_soft, tones.soft) >= TEXT_RATIO


def test_a_readable_colour_stays_as_it_was_given() -> None:
    brand = brand_of("#0A6B45")

    assert brand is not None
    assert (brand.exact, brand.light.action) == (True, "#0A6B45")


def test_the_stylesheet_holds_colours_and_nothing_else() -> None:
    text = stylesheet(brand_of("#FFD84D"))

    values = re.findall(r"--c-[a-z-]+: ([^;]+);", text)
    assert len(values) == 12
    assert all(re.fullmatch(r"#[0-9A-F]{6}", value) for value in values)


PAIRS = {
    "text": ("canvas", "surface", "sunken"),
    "text-2": ("canvas", "surface", "sunken"),
    "text-3": ("canvas", "surface", "sunken"),
    "action": ("canvas", "surface"),
    "on-action": ("action",),
    "on-action-soft": ("action-soft",),
    "urgent": ("canvas", "surface"),
    "on-urgent-soft": ("urgent-soft",),
    "info": ("surface",),
    "on-info-soft": ("info-soft",),
    "on-level-soft": ("level-soft",),
    "focus": ("canvas", "surface"),
}


@pytest.mark.parametrize("theme", [":root {", '[data-theme="dark"] {', ":root:not("])
def test_the_house_colours_read_on_their_grounds(theme: str) -> None:
    css = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
    block = css[css.index(theme) :]
    tokens = dict(re.findall(r"--c-([a-z0-9-]+): (#[0-9A-F]{6})", block[: block.index("}")]))

    low = [
        f"{ink} on {ground}"
        for ink, grounds in PAIRS.items()
        for ground in grounds
        if ratio(tokens[ink], tokens[ground]) < TEXT_RATIO
    ]

    assert low == []


@pytest.mark.parametrize("metal", ["clay", "leaf", "gold", "onyx"])
def test_ink_reads_on_every_stop_of_a_metal(metal: str) -> None:
    css = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
    stops = re.search(rf"--metal-{metal}: linear-gradient\((.*?)\);", css)
    ink = re.search(rf"--metal-{metal}-ink: (#[0-9A-F]{{6}})", css)
    assert stops is not None
    assert ink is not None

    grounds = re.findall(r"#[0-9A-F]{6}", stops[1])

    assert min(ratio(ink[1], ground) for ground in grounds) >= TEXT_RATIO
