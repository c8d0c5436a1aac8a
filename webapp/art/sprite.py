"""Writes the sprites and the icon into static/: `python -m webapp.art.sprite`."""

import re
from pathlib import Path

from webapp.art.geometry import leaf, num
from webapp.art.parts import engraving, gradients, medal_parts, outlines, patterns, secret
from webapp.art.pressed import leaves
from webapp.art.wreath import LEAVES, mark, stems, twig

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "static"
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


def medals() -> str:
    """All parts of all medals."""
    glyphs = drawings("glyphs")
    engraved = "".join(f'<g id="g-{name}">{body}</g>' for name, body in glyphs.items())
    engraved += "".join(engraving(name) for name in glyphs)
    inner = gradients() + outlines() + patterns() + engraved + medal_parts() + secret()
    return OPENING + "<defs>" + inner + "</defs></svg>\n"


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
        "medals.svg": medals(),
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
