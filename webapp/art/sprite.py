"""Writes the sprites and the icon into static/: `python -m webapp.art.sprite`."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import product
from pathlib import Path
from typing import TypeVar

from webapp.art.geometry import SHAPES, leaf, num
from webapp.art.medals import ART, PLAIN, MedalArt
from webapp.art.palette import ENAMELS, METALS, PATTERNS, Metal
from webapp.art.parts import (
    SECRET,
    Face,
    base,
    blank,
    edge,
    enamel_paint,
    engraving,
    face,
    laurel,
    lights,
    metal_paint,
    pattern,
    pips,
    plain,
    secret,
)
from webapp.art.pressed import leaves
from webapp.art.wreath import LEAVES, mark, stems, twig

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "static"
Kind = TypeVar("Kind", bound=str)
OPENING = '<svg xmlns="http://www.w3.org/2000/svg">'


def drawings(folder: str) -> dict[str, str]:
    """What is inside each drawing of a folder, by its name."""
    found = {}
    for path in sorted((HERE / folder).glob("*.svg")):
        text = re.sub(r">\s+<", "><", path.read_text(encoding="utf-8").strip())
        found[path.stem] = text[text.index(">") + 1 : -len("</svg>")]
    return found


def icons() -> str:
    """Line icons, solid glyphs, the mark, the leaf and the twigs of the wreath."""
    parts = [symbol(f"i-{name}", "0 0 24 24", body) for name, body in drawings("icons").items()]
    parts += [symbol(f"y-{name}", "0 0 24 24", body) for name, body in drawings("glyphs").items()]
    parts.append(symbol("mark", "0 0 32 32", mark()))
    parts.append(symbol("leaf", "0 -6 24 12", f'<path d="{leaf(24, 6)}"/>'))
    parts.append(f'<g id="stems">{stems()}</g>')
    parts += [f'<g id="w{n}">{twig(n)}</g>' for n in range(LEAVES)]
    whole = "".join(f'<use href="#w{n}"/>' for n in range(LEAVES))
    parts.append(f'<g id="wreath">{whole}</g>')
    return OPENING + "<defs>" + "".join(parts) + "</defs></svg>\n"


def symbol(name: str, box: str, body: str) -> str:
    """A part with a field of its own."""
    return f'<symbol id="{name}" viewBox="{box}">{body}</symbol>'


def medals(arts: Sequence[MedalArt]) -> str:
    """The parts of these medals in every metal, and of what stands for one that is secret."""
    glyphs = drawings("glyphs")
    faces = [Face(art.shape, art.enamel, art.pattern) for art in arts]
    shapes = listed(SHAPES, {SECRET.shape, *(face.shape for face in faces)})
    hands = sorted({(art.glyph, art.engraving) for art in arts})
    parts = [
        lights(),
        *map(metal_paint, METALS),
        *map(enamel_paint, listed(ENAMELS, {SECRET.enamel, *(face.enamel for face in faces)})),
        *map(edge, shapes),
        *map(pattern, listed(PATTERNS, {SECRET.pattern, *(face.pattern for face in faces)})),
        *(engraving(name, glyphs[name], hand) for name, hand in hands),
        *(plain(name, glyphs[name]) for name in sorted({name for name, _ in hands})),
        *map(laurel, METALS[3:]),
        *(base(shape, metal) for shape in shapes for metal in METALS),
        *map(face, sorted(set(faces))),
        *map(blank, shapes),
        *(pips(level, metal) for level, metal in enumerate(METALS, 1)),
        secret(glyphs["question"]),
    ]
    return OPENING + "<defs>" + "".join(parts) + "</defs></svg>\n"


def listed(order: Sequence[Kind], wanted: AbstractSet[Kind]) -> list[Kind]:
    """The wanted ones in their order."""
    return [one for one in order if one in wanted]


def kit() -> Iterator[tuple[Metal, MedalArt]]:
    """Each shape in each metal, and all else by turns: what the page of the design shows."""
    glyphs = sorted(drawings("glyphs"))
    for number, (shape, metal) in enumerate(product(SHAPES, METALS)):
        row = number // len(METALS)
        enamel = ENAMELS[(number * 3 + row) % len(ENAMELS)]
        picture = PATTERNS[(number + row) % len(PATTERNS)]
        yield metal, MedalArt(shape, enamel, picture, glyphs[number % len(glyphs)])


def herbarium() -> str:
    """All leaves of the herbarium."""
    return OPENING + "<defs>" + leaves() + "</defs></svg>\n"


def favicon() -> str:
    """The mark on its own ground, for the browser's tab."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        '<rect width="32" height="32" rx="8" fill="#0A6B45"/>'
        f'<g fill="#EFF7F1" transform="translate(3 3) scale(.8125)">{mark()}</g></svg>\n'
    )


def falling(width: int, height: int, count: int, free: tuple[int, int, int, int]) -> str:
    """Leaves in the air of a scene, the same every time; `free` stays empty for the words."""
    colours = ("#0A6B45", "#2FB57C", "#E9502F", "#5B49D8", "#FFFFFF", "#1E7FC4")
    left, top, right, bottom = free
    leaves: list[str] = []
    number = 0
    while len(leaves) < count:
        number += 1
        # Two irrational steps spread points evenly without chance.
        x, y = width * (number * 0.754877666 % 1), height * (number * 0.569840296 % 1)
        if left < x < right and top < y < bottom:
            continue
        size = 14 + 14 * (number * 0.618033989 % 1)
        leaves.append(
            f'<path transform="translate({num(x, 0)} {num(y, 0)}) rotate({number * 137 % 360})"'
            f' d="{leaf(size, size * 0.25)}" fill="{colours[number % len(colours)]}"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' preserveAspectRatio="xMidYMid slice">{"".join(leaves)}</svg>\n'
    )


def drawn() -> dict[str, str]:
    """Every file this module answers for, by name."""
    return {
        "icons.svg": icons(),
        "medals.svg": medals([*ART.values(), PLAIN]),
        "kit.svg": medals([art for _, art in kit()]),
        "leaves.svg": herbarium(),
        "favicon.svg": favicon(),
        "falling-tall.svg": falling(390, 844, 26, (16, 0, 374, 844)),
        "falling-wide.svg": falling(1280, 900, 70, (330, 40, 950, 900)),
    }


def write(folder: Path = STATIC) -> list[Path]:
    """Draw all of them into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in drawn().items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in drawn()]


if __name__ == "__main__":
    for path in write():
        print(f"{path.name}: {path.stat().st_size:,} bytes")
