"""The sprite of the herbarium: every species pressed, painted and laid on its sheet."""

from webapp.art.geometry import num
from webapp.art.leaves import FOOT, MIDDLE, TINTS, Drawing
from webapp.art.parts import linear
from webapp.art.species import COLOURS, DRAWINGS

GOLD = ("#FFF3C4", "#F0BC3F", "#A9690C")
SPARKS = ((18, 24, 7), (104, 34, 5), (96, 96, 6), (20, 88, 4.5))


def mixed(one: str, two: str, share: float) -> str:
    """A colour between two, `share` of the way to the second."""
    channels = [(int(one[i : i + 2], 16), int(two[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in channels)


def colour_of(species: str, tint: str) -> str:
    """The colour of a species in a season."""
    green, autumn = COLOURS[species]
    return {
        "spring": mixed(green, "#C6EE5E", 0.42),
        "summer": green,
        "autumn": autumn,
        "winter": mixed(mixed(green, autumn, 0.2), "#9CC3E4", 0.56),
    }[tint]


def shades(species: str, tint: str) -> tuple[str, str, str]:
    """Light, middle and deep of a painted leaf."""
    if tint == "rare":
        return GOLD
    middle = colour_of(species, tint)
    return mixed(middle, "#FFF9D6", 0.34), middle, mixed(middle, "#06251F", 0.34)


def leaves() -> str:
    """Outlines, paints and one symbol for every species and tint, and its pale outline."""
    parts = [
        '<linearGradient id="fold"><stop offset=".5" stop-color="#000" stop-opacity="0"/>'
        '<stop offset=".5" stop-color="#02150E" stop-opacity=".13"/></linearGradient>',
        '<radialGradient id="gloss" cx=".3" cy=".2" r=".7"><stop stop-color="#fff"'
        ' stop-opacity=".42"/><stop offset="1" stop-color="#fff" stop-opacity="0"/>'
        "</radialGradient>",
    ]
    for species, draw in DRAWINGS.items():
        drawing = draw()
        parts.append(f'<path id="b-{species}" d="{drawing.blade}"/>')
        parts.append(f'<path id="v-{species}" d="{drawing.veins}"/>')
        parts.append(blank(species, drawing))
        for tint in TINTS:
            light, middle, deep = shades(species, tint)
            stops = [(0, light), (0.5, middle), (1, deep)]
            parts.append(linear(f"p-{species}-{tint}", 'x1=".2" x2=".8" y2="1"', stops))
            parts.append(pressed(species, tint, drawing))
    return "".join(parts)


def pressed(species: str, tint: str, drawing: Drawing) -> str:
    """A painted leaf with its stalk, its fold and its veins; a rare one sparkles."""
    light, _, deep = shades(species, tint)
    blade = f'href="#b-{species}"'
    stalk = f"M{num(MIDDLE)} {num(drawing.stalk - 4)}Q{num(MIDDLE)} {num(FOOT - 8)} 57 {num(FOOT)}"
    edge = (
        'stroke="#FFF8DC" stroke-width="1.1"'
        if tint == "rare"
        else f'stroke="{deep}" stroke-width=".6"'
    )
    fold = f'<use {blade} fill="url(#fold)"/>' if drawing.folded else ""
    sparks = "".join(spark(*each) for each in SPARKS) if tint == "rare" else ""
    return (
        f'<symbol id="{species}-{tint}" viewBox="0 0 120 120">'
        f'<use {blade} transform="translate(1.4 2.6)" fill="#03120C" opacity=".15"/>'
        f'<path d="{stalk}" fill="none" stroke="{deep}" stroke-width="2.6" stroke-linecap="round"/>'
        f'<use {blade} fill="url(#p-{species}-{tint})" {edge} stroke-linejoin="round"/>'
        f'{fold}<use {blade} fill="url(#gloss)"/>'
        f'<use href="#v-{species}" fill="none" stroke="{light}" stroke-opacity=".72"'
        f' stroke-width="1.15" stroke-linecap="round"/>{sparks}</symbol>'
    )


def blank(species: str, drawing: Drawing) -> str:
    """A species that was not found yet; its colours come from the page."""
    line = 'stroke="var(--md-glyph)" stroke-width="1.4" stroke-dasharray="3.5 3.5"'
    return (
        f'<symbol id="{species}-blank" viewBox="0 0 120 120"><use href="#b-{species}"'
        f' fill="var(--md-blank)" {line if drawing.folded else thin_line()}/></symbol>'
    )


def thin_line() -> str:
    """Leaflets are too small for dashes."""
    return 'stroke="var(--md-glyph)" stroke-width=".7"'


def spark(x: float, y: float, size: float) -> str:
    """A star of four points."""
    thin = size * 0.2
    turns = ((0, -size), (thin, -thin), (size, 0), (thin, thin), (0, size), (-thin, thin),
             (-size, 0), (-thin, -thin))  # fmt: skip
    path = "L".join(f"{num(x + dx)} {num(y + dy)}" for dx, dy in turns)
    return f'<path d="M{path}Z" fill="#F5B829"/>'
