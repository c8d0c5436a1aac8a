"""The metals and enamels of the medals."""

from dataclasses import dataclass
from typing import Literal, get_args

Metal = Literal["bronze", "silver", "gold", "platinum", "obsidian"]
Enamel = Literal["forest", "coral", "sky", "iris", "sun", "berry", "teal", "night", "ink", "sand"]
Pattern = Literal["rays", "rings", "waves", "dots", "guilloche"]
METALS: tuple[Metal, ...] = get_args(Metal)
ENAMELS: tuple[Enamel, ...] = get_args(Enamel)
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)


@dataclass(frozen=True, slots=True)
class Alloy:
    """Four tones of one metal, and the tones of its wreath and its engraving."""

    light: str
    mid: str
    dark: str
    deep: str
    leaf: tuple[str, str]
    pip: str


ALLOYS: dict[Metal, Alloy] = {
    "bronze": Alloy("#FFE0C2", "#D89A66", "#9A5B2E", "#5E3214", ("#D89A66", "#9A5B2E"), "#5E3214"),
    "silver": Alloy("#FFFFFF", "#C9D1D6", "#87939B", "#4C565D", ("#C9D1D6", "#87939B"), "#4C565D"),
    "gold": Alloy("#FFF6D2", "#F0C551", "#B8831B", "#6B4708", ("#F0C551", "#B8831B"), "#6B4708"),
    "platinum": Alloy(
        "#FFFFFF", "#D5E6EE", "#7FA3B6", "#35566A", ("#D5E6EE", "#7FA3B6"), "#35566A"
    ),
    "obsidian": Alloy(
        "#8E86B8", "#3A3552", "#15121F", "#0A0812", ("#A9A1D6", "#4A4469"), "#CFC8FF"
    ),
}

ENAMEL_TONES: dict[Enamel, tuple[str, str, str]] = {
    "forest": ("#2FB57C", "#0A6B45", "#044229"),
    "coral": ("#FF9A7E", "#DB4222", "#9A260D"),
    "sky": ("#7CCBFF", "#1A74B6", "#0B4A7C"),
    "iris": ("#A99EFF", "#5B49D8", "#31238F"),
    "sun": ("#FFDD7A", "#F0A51B", "#A96400"),
    "berry": ("#FF95C0", "#C43173", "#861747"),
    "teal": ("#6FE3DC", "#0E817A", "#075852"),
    "night": ("#6B6496", "#2A2544", "#0F0C1C"),
    "ink": ("#5B6B62", "#26332C", "#0E1612"),
    "sand": ("#F6E2C0", "#D2AE79", "#8F6B39"),
}

# On these enamels a light engraving would be too pale: they take a dark one.
PALE_ENAMELS: frozenset[Enamel] = frozenset({"sun", "sand"})
