"""The parts of a medal as SVG groups: a page names four or five of them per medal.

A browser lays out every element of a sprite before it shows the first medal, and again what
each medal names. So parts are flat: no group and no reference that a plain path could replace.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from webapp.art.geometry import Shape, closed, num, outline
from webapp.art.palette import ALLOYS, ENAMEL_TONES, Enamel, Metal, Pattern
from webapp.art.wreath import rim

FULL, WREATHED = 52.0, 43.0  # radius of the rim without and with a laurel around it
GLYPH_SCALE = 1.86
HANDS = {"y": ("#000", 1.9, ".34"), "z": ("#fff", 1.5, ".5")}
"""Of each engraving the colour of its shade, how far it falls, and its strength."""
SHORT = 400  # characters of an outline that may stand in each ring instead of being named


class Face(NamedTuple):
    """An enamelled field, whatever the metal around it."""

    shape: Shape
    enamel: Enamel
    pattern: Pattern


SECRET = Face("gem", "night", "guilloche")


def radius_of(metal: Metal) -> float:
    """Platinum and obsidian are smaller: a laurel wraps them."""
    return WREATHED if metal in {"platinum", "obsidian"} else FULL


def ring(shape: Shape, radius: float, paint: str, *, drop: float = 0) -> str:
    """The outline scaled around the middle and moved down by `drop`, painted."""
    k = radius / 50
    left, top, scale = num(60 - 60 * k, 2), num(60 - 60 * k + drop, 2), num(k, 3)
    path = outline(shape)
    drawn = f'path d="{path}"' if len(path) < SHORT else f'use href="#s-{shape}"'
    return f'<{drawn} transform="matrix({scale} 0 0 {scale} {left} {top})" {paint}/>'


def lights() -> str:
    """The gloss of enamel and the rim of a secret."""
    return (
        '<linearGradient id="gloss" x2="0" y2="1"><stop stop-color="#fff" stop-opacity=".5"/>'
        '<stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient>'
        '<linearGradient id="rainbow" x2="1" y2="1"><stop stop-color="#8EF0C7"/>'
        '<stop offset=".35" stop-color="#8AC6FF"/><stop offset=".65" stop-color="#C4A6FF"/>'
        '<stop offset="1" stop-color="#FF9E86"/></linearGradient>'
    )


def metal_paint(name: Metal) -> str:
    """The rim and its bevel in the other light."""
    tone = ALLOYS[name]
    rim_stops = [
        (0, tone.light), (0.26, tone.mid), (0.44, tone.light),
        (0.62, tone.dark), (0.8, tone.mid), (1, tone.deep),
    ]  # fmt: skip
    bevel_stops = [(0, tone.light), (0.35, tone.mid), (0.7, tone.dark), (1, tone.deep)]
    return linear(f"m-{name}", 'x1=".12" y1=".02" x2=".86" y2="1"', rim_stops) + linear(
        f"r-{name}", 'x1=".9" y1="1" x2=".1" y2="0"', bevel_stops
    )


def linear(name: str, direction: str, stops: Sequence[tuple[float, str]]) -> str:
    """A linear gradient."""
    inner = "".join(f'<stop offset="{num(at, 2)}" stop-color="{c}"/>' for at, c in stops)
    return f'<linearGradient id="{name}" {direction}>{inner}</linearGradient>'


def enamel_paint(name: Enamel) -> str:
    """Enamel is lit from the upper left."""
    light, mid, dark = ENAMEL_TONES[name]
    return (
        f'<radialGradient id="e-{name}" cx=".34" cy=".22" r=".95"><stop stop-color="{light}"/>'
        f'<stop offset=".48" stop-color="{mid}"/><stop offset="1" stop-color="{dark}"/>'
        "</radialGradient>"
    )


def edge(shape: Shape) -> str:
    """The outline and the clip that keeps enamel inside it."""
    return (
        f'<path id="s-{shape}" d="{outline(shape)}" pathLength="100"/>'
        f'<clipPath id="c-{shape}">{ring(shape, 39, "")}</clipPath>'
    )


def base(shape: Shape, metal: Metal) -> str:
    """Shadow, rim, hairline of light, bevel and deep edge."""
    radius, tone = radius_of(metal), ALLOYS[metal]
    return (
        f'<g id="b-{shape}-{metal}">'
        + ring(shape, radius, f'fill="{tone.deep}" fill-opacity=".55"', drop=2.6)
        + ring(shape, radius, f'fill="url(#m-{metal})" stroke="{tone.deep}" stroke-width=".8"')
        + ring(shape, radius - 1.5, 'fill="none" stroke="#fff" stroke-opacity=".6"')
        + ring(shape, radius - 5.5, f'fill="url(#r-{metal})"')
        + ring(shape, 43 * radius / FULL, f'fill="{tone.deep}"')
        + "</g>"
    )


def laurel(metal: Metal) -> str:
    """What wraps a medal from platinum on, under its rim."""
    light, dark = ALLOYS[metal].leaf
    paint = linear(f"v-{metal}", 'x2="1" y2="1"', [(0, light), (1, dark)])
    return f'{paint}<g id="l-{metal}" fill="url(#v-{metal})">{rim()}</g>'


def face(art: Face) -> str:
    """The coloured field with its pattern and gloss, and the dark line at its edge."""
    return f'<g id="f-{art.shape}-{art.enamel}-{art.pattern}">{enamelled(art)}</g>'


def enamelled(art: Face) -> str:
    """What a face is made of."""
    shape, enamel, pattern = art
    field = ring(shape, 41.5, f'fill="url(#e-{enamel})"')
    gloss = '<ellipse cx="52" cy="30" rx="44" ry="27" fill="url(#gloss)" fill-opacity=".55"/>'
    line = ring(shape, 39, 'fill="none" stroke="#000" stroke-opacity=".28" stroke-width="1.4"')
    inside = f'{field}<use href="#q-{pattern}"/>{gloss}'
    return f'<g clip-path="url(#c-{shape})">{inside}</g>{line}'


def blank(shape: Shape) -> str:
    """A medal that is not earned: a pale blank; its colours come from the page."""
    way = ring(shape, 48.5, 'pathLength="100"')
    return (
        f'<g id="k-{shape}">'
        + ring(shape, FULL, 'fill="var(--md-shadow)"', drop=2)
        + ring(shape, FULL, 'fill="var(--md-blank)"')
        + ring(shape, 39, 'fill="var(--md-inner)"')
        + ring(shape, 48.5, 'fill="none" stroke="var(--md-track)" stroke-width="5"')
        + f'</g><g id="t-{shape}">{way}</g>'
    )


def secret(question: str) -> str:
    """A secret keeps its gem and says nothing but a question."""
    return (
        '<g id="secret">'
        + ring("gem", FULL, 'fill="#0A0812" fill-opacity=".5"', drop=2.6)
        + ring("gem", FULL, 'fill="#1B1728"')
        + ring("gem", 50.5, 'fill="none" stroke="url(#rainbow)" stroke-width="2.4"')
        + enamelled(SECRET)
        + '<g transform="translate(37.2 34) scale(1.9)" fill="#CFC8FF" color="#CFC8FF">'
        + f"{question}</g></g>"
    )


def engraving(name: str, body: str, hand: str) -> str:
    """A glyph twice: light on dark shade (`y`) or dark on light shade (`z`)."""
    shade, drop, strength = HANDS[hand]
    shift = 60 - 12 * GLYPH_SCALE
    return (
        f'<g id="{hand}-{name}"><g fill="{shade}" color="{shade}" opacity="{strength}"'
        f' transform="{placed(shift, drop)}">{body}</g>'
        f'<g transform="{placed(shift, 0)}">{body}</g></g>'
    )


def plain(name: str, body: str) -> str:
    """A glyph once, as it stands on a blank."""
    return f'<g id="o-{name}"><g transform="translate(39.4 39.4) scale(1.72)">{body}</g></g>'


def placed(shift: float, drop: float) -> str:
    """The transform that puts a 24-unit glyph into the middle, a little high for the pips."""
    return f"translate({num(shift, 2)} {num(shift - 2 + drop, 2)}) scale({GLYPH_SCALE})"


def pips(level: int, metal: Metal) -> str:
    """One to five diamonds on a small plate: the level without colour."""
    tone, gap = ALLOYS[metal], 8.2
    y = 60 + radius_of(metal) * 0.74
    wide = level * gap + 8
    stones = "".join(
        f'<path transform="translate({num(60 + (i - (level - 1) / 2) * gap)} {num(y)})"'
        f' d="M0-3.3 3.1 0 0 3.3-3.1 0Z" fill="{tone.pip}"/>'
        for i in range(level)
    )
    return (
        f'<g id="n-{level}"><rect x="{num(60 - wide / 2)}" y="{num(y - 6.2)}" width="{num(wide)}"'
        f' height="12.4" rx="6.2" fill="{tone.deep}"/><rect x="{num(61 - wide / 2)}"'
        f' y="{num(y - 5.2)}" width="{num(wide - 2)}" height="10.4" rx="5.2"'
        f' fill="url(#r-{metal})"/>{stones}</g>'
    )


def pattern(name: Pattern) -> str:
    """An engine-turned ground under the gloss."""
    drawn = {"rays": rays, "rings": rings, "waves": waves, "dots": dots, "guilloche": guilloche}
    return f'<g id="q-{name}">{drawn[name]()}</g>'


def rays() -> str:
    """Twenty-four wedges from the middle."""
    wedges = []
    for i in range(24):
        a, b = 2 * math.pi * i / 24, 2 * math.pi * (i + 0.5) / 24
        wedges.append(
            f"M60 60L{num(60 + 70 * math.sin(a))} {num(60 - 70 * math.cos(a))}"
            f"L{num(60 + 70 * math.sin(b))} {num(60 - 70 * math.cos(b))}Z"
        )
    return f'<path d="{"".join(wedges)}" fill="#fff" fill-opacity=".1"/>'


def rings() -> str:
    """Six circles."""
    circles = "".join(
        f"M60 {60 - r}a{r} {r} 0 1 1 0 {2 * r}a{r} {r} 0 1 1 0-{2 * r}Z" for r in range(20, 44, 4)
    )
    return (
        f'<path d="{circles}" fill="none" stroke="#fff" stroke-width="1.1" stroke-opacity=".16"/>'
    )


def waves() -> str:
    """Twelve rows of water."""
    rows = "".join(f"M10 {y}q12.5-7 25 0t25 0 25 0 25 0" for y in range(26, 104, 7))
    return f'<path d="{rows}" fill="none" stroke="#fff" stroke-width="1.2" stroke-opacity=".16"/>'


def dots() -> str:
    """A field of small points, drawn as round-capped strokes without length."""
    points = "".join(
        f"M{22 + x * 6 + (y % 2) * 3} {num(22 + y * 5.2)}h0" for y in range(16) for x in range(14)
    )
    return (
        f'<path d="{points}" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"'
        ' stroke-opacity=".16"/>'
    )


def guilloche() -> str:
    """Seven-lobed curves, turned a little each time, as on banknotes."""
    curves = []
    for turn in range(7):
        angles = [2 * math.pi * i / 63 for i in range(63)]
        curves.append(
            closed(
                [
                    (
                        60 + (29 + 7 * math.sin(7 * t + turn * 0.45)) * math.cos(t),
                        60 + (29 + 7 * math.sin(7 * t + turn * 0.45)) * math.sin(t),
                    )
                    for t in angles
                ]
            )
        )
    path = "".join(curves)
    return f'<path d="{path}" fill="none" stroke="#fff" stroke-width=".6" stroke-opacity=".2"/>'
