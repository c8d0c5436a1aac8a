"""The parts of a medal as SVG groups: a page names four or five of them per medal."""

import math
from collections.abc import Sequence

from webapp.art.geometry import SHAPES, Shape, closed, num, outline
from webapp.art.palette import (
    ALLOYS,
    ENAMEL_TONES,
    ENAMELS,
    METALS,
    PATTERNS,
    Alloy,
    Enamel,
    Metal,
    Pattern,
)
from webapp.art.wreath import rim

FULL, WREATHED = 52.0, 43.0  # radius of the rim without and with a laurel around it
GLYPH_SCALE = 1.86


def radius_of(metal: Metal) -> float:
    """Platinum and obsidian are smaller: a laurel wraps them."""
    return WREATHED if metal in {"platinum", "obsidian"} else FULL


def ring(shape: Shape, radius: float, paint: str) -> str:
    """The outline scaled around the middle, painted."""
    k = radius / 50
    shift = num(60 - 60 * k, 2)
    scale = num(k, 3)
    return (
        f'<use href="#s-{shape}" transform="matrix({scale} 0 0 {scale} {shift} {shift})" {paint}/>'
    )


def gradients() -> str:
    """Paint of metals, enamels and lights."""
    metals = "".join(metal_paint(metal, ALLOYS[metal]) for metal in METALS)
    enamels = "".join(enamel_paint(enamel) for enamel in ENAMELS)
    lights = (
        '<linearGradient id="gloss" x2="0" y2="1"><stop stop-color="#fff" stop-opacity=".5"/>'
        '<stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient>'
        '<linearGradient id="rainbow" x2="1" y2="1"><stop stop-color="#8EF0C7"/>'
        '<stop offset=".35" stop-color="#8AC6FF"/><stop offset=".65" stop-color="#C4A6FF"/>'
        '<stop offset="1" stop-color="#FF9E86"/></linearGradient>'
    )
    return metals + enamels + lights


def metal_paint(name: Metal, tone: Alloy) -> str:
    """The rim, its bevel in the other light, and the laurel of one metal."""
    rim_stops = [
        (0, tone.light), (0.26, tone.mid), (0.44, tone.light),
        (0.62, tone.dark), (0.8, tone.mid), (1, tone.deep),
    ]  # fmt: skip
    bevel_stops = [(0, tone.light), (0.35, tone.mid), (0.7, tone.dark), (1, tone.deep)]
    leaf_stops = [(0, tone.leaf[0]), (1, tone.leaf[1])]
    return (
        linear(f"m-{name}", 'x1=".12" y1=".02" x2=".86" y2="1"', rim_stops)
        + linear(f"r-{name}", 'x1=".9" y1="1" x2=".1" y2="0"', bevel_stops)
        + linear(f"l-{name}", 'x2="1" y2="1"', leaf_stops)
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


def outlines() -> str:
    """The outlines and the clips that keep enamel inside them."""
    return "".join(
        f'<path id="s-{shape}" d="{outline(shape)}" pathLength="100"/>'
        f'<clipPath id="c-{shape}">{ring(shape, 39, "")}</clipPath>'
        for shape in SHAPES
    )


def base(shape: Shape, metal: Metal) -> str:
    """Shadow, rim, hairline of light, bevel and deep edge; a laurel from platinum on."""
    radius, tone = radius_of(metal), ALLOYS[metal]
    laurel = f'<use href="#laurel" fill="url(#l-{metal})"/>' if radius != FULL else ""
    shadow = ring(shape, radius, f'fill="{tone.deep}" opacity=".55"')
    return (
        f'<g id="b-{shape}-{metal}">{laurel}<g transform="translate(0 2.6)">{shadow}</g>'
        + ring(shape, radius, f'fill="url(#m-{metal})" stroke="{tone.deep}" stroke-width=".8"')
        + ring(shape, radius - 1.5, 'fill="none" stroke="#fff" stroke-opacity=".6"')
        + ring(shape, radius - 5.5, f'fill="url(#r-{metal})"')
        + ring(shape, 43 * radius / FULL, f'fill="{tone.deep}"')
        + "</g>"
    )


def enamel(shape: Shape, name: Enamel) -> str:
    """The coloured field."""
    field = ring(shape, 41.5, f'fill="url(#e-{name})"')
    return f'<g id="e-{shape}-{name}" clip-path="url(#c-{shape})">{field}</g>'


def face(shape: Shape, name: Pattern) -> str:
    """Pattern and gloss over the enamel, and the dark line at its edge."""
    gloss = '<ellipse cx="52" cy="30" rx="44" ry="27" fill="url(#gloss)" opacity=".55"/>'
    edge = ring(shape, 39, 'fill="none" stroke="#000" stroke-opacity=".28" stroke-width="1.4"')
    return (
        f'<g id="p-{shape}-{name}"><g clip-path="url(#c-{shape})"><use href="#q-{name}"/>{gloss}'
        f"</g>{edge}</g>"
    )


def blank(shape: Shape) -> str:
    """A medal that is not earned: a pale blank; its colours come from the page."""
    shadow = ring(shape, FULL, 'fill="var(--md-shadow)"')
    return (
        f'<g id="k-{shape}"><g transform="translate(0 2)">{shadow}</g>'
        + ring(shape, FULL, 'fill="var(--md-blank)"')
        + ring(shape, 39, 'fill="var(--md-inner)"')
        + ring(shape, 48.5, 'fill="none" stroke="var(--md-track)" stroke-width="5"')
        + f'</g><g id="t-{shape}">{ring(shape, 48.5, "")}</g>'
    )


def secret() -> str:
    """A secret keeps its gem and says nothing."""
    shade = ring("gem", FULL, 'fill="#0A0812" opacity=".5"')
    return (
        f'<g id="secret"><g transform="translate(0 2.6)">{shade}</g>'
        + ring("gem", FULL, 'fill="#1B1728"')
        + ring("gem", 50.5, 'fill="none" stroke="url(#rainbow)" stroke-width="2.4"')
        + '<use href="#e-gem-night"/><use href="#p-gem-guilloche"/>'
        + '<g transform="translate(37.2 34) scale(1.9)" fill="#CFC8FF" color="#CFC8FF">'
        + '<use href="#g-question"/></g></g>'
    )


def engraving(name: str) -> str:
    """The glyph twice: light on dark shade (`y`), dark on light shade (`z`), and plain (`o`)."""
    shift = 60 - 12 * GLYPH_SCALE
    copies = []
    for kind, shade, drop, strength in (("y", "#000", 1.9, ".34"), ("z", "#fff", 1.5, ".5")):
        copies.append(
            f'<g id="{kind}-{name}"><use href="#g-{name}" fill="{shade}" color="{shade}"'
            f' opacity="{strength}" transform="{placed(shift, drop)}"/>'
            f'<use href="#g-{name}" transform="{placed(shift, 0)}"/></g>'
        )
    plain = "translate(39.4 39.4) scale(1.72)"
    copies.append(f'<g id="o-{name}"><use href="#g-{name}" transform="{plain}"/></g>')
    return "".join(copies)


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


def patterns() -> str:
    """The engine-turned grounds under the gloss."""
    drawn = {
        "rays": rays(), "rings": rings(), "waves": waves(), "dots": dots(),
        "guilloche": guilloche(),
    }  # fmt: skip
    return "".join(f'<g id="q-{name}">{drawn[name]}</g>' for name in PATTERNS)


def rays() -> str:
    """Twenty-four wedges from the middle."""
    wedges = []
    for i in range(24):
        a, b = 2 * math.pi * i / 24, 2 * math.pi * (i + 0.5) / 24
        wedges.append(
            f"M60 60L{num(60 + 70 * math.sin(a))} {num(60 - 70 * math.cos(a))}"
            f"L{num(60 + 70 * math.sin(b))} {num(60 - 70 * math.cos(b))}Z"
        )
    return f'<path d="{"".join(wedges)}" fill="#fff" opacity=".1"/>'


def rings() -> str:
    """Six circles."""
    circles = "".join(f'<circle cx="60" cy="60" r="{r}"/>' for r in range(20, 44, 4))
    return f'<g fill="none" stroke="#fff" stroke-width="1.1" opacity=".16">{circles}</g>'


def waves() -> str:
    """Twelve rows of water."""
    rows = "".join(f"M10 {y}q12.5-7 25 0t25 0 25 0 25 0" for y in range(26, 104, 7))
    return f'<path d="{rows}" fill="none" stroke="#fff" stroke-width="1.2" opacity=".16"/>'


def dots() -> str:
    """A field of small points, drawn as round-capped strokes without length."""
    points = "".join(
        f"M{22 + x * 6 + (y % 2) * 3} {num(22 + y * 5.2)}h0" for y in range(16) for x in range(14)
    )
    return (
        f'<path d="{points}" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"'
        ' opacity=".16"/>'
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
    return f'<path d="{path}" fill="none" stroke="#fff" stroke-width=".6" opacity=".2"/>'


def medal_parts() -> str:
    """Every rim, field, face, blank and level plate."""
    pieces = [f'<g id="laurel">{rim()}</g>']
    for shape in SHAPES:
        pieces += [base(shape, metal) for metal in METALS]
        pieces += [enamel(shape, name) for name in ENAMELS]
        pieces += [face(shape, name) for name in PATTERNS]
        pieces.append(blank(shape))
    pieces += [pips(level, metal) for level, metal in enumerate(METALS, 1)]
    return "".join(pieces)
