"""Which shape, enamel, pattern and glyph each shipped medal has; the metal is its level."""

from dataclasses import dataclass

from webapp.art.geometry import Shape
from webapp.art.palette import METALS, PALE_ENAMELS, Enamel, Metal, Pattern


@dataclass(frozen=True, slots=True)
class MedalArt:
    """The look of one medal in any metal."""

    shape: Shape
    enamel: Enamel
    pattern: Pattern
    glyph: str

    @property
    def engraving(self) -> str:
        """`y` is a light engraving, `z` a dark one for pale enamels."""
        return "z" if self.enamel in PALE_ENAMELS else "y"


# Shape = family: circle tastes, hexagon rituals, squircle places, shield records,
# gem secrets, burst first steps, octagon hours, drop friends. Neighbours never share an enamel.
ART: dict[str, MedalArt] = {
    "first_purchase": MedalArt("burst", "forest", "rays", "bag"),
    "second_visit": MedalArt("burst", "sky", "rings", "again"),
    "regular": MedalArt("hex", "coral", "rays", "star"),
    "weekly_rhythm": MedalArt("hex", "iris", "rings", "flame"),
    "explorer": MedalArt("coin", "teal", "dots", "compass"),
    "store_hopper": MedalArt("squircle", "berry", "waves", "pin"),
    "full_basket": MedalArt("shield", "coral", "rays", "basket"),
    "connoisseur": MedalArt("coin", "iris", "guilloche", "crown"),
    "eleventh_on_us": MedalArt("coin", "forest", "waves", "gift"),
    "early_bird": MedalArt("hex", "sun", "rays", "sun"),
    "night_owl": MedalArt("hex", "night", "dots", "moon"),
    "weekender": MedalArt("hex", "teal", "waves", "umbrella"),
    "happy_hour": MedalArt("oct", "berry", "guilloche", "clock"),
    "saver": MedalArt("shield", "sand", "rings", "coins"),
    "welcome_back": MedalArt("gem", "night", "guilloche", "key"),
    "both_worlds": MedalArt("squircle", "sky", "dots", "globe"),
    "nice_to_meet": MedalArt("burst", "coral", "waves", "people"),
    "stay_in_touch": MedalArt("burst", "teal", "dots", "chat"),
    "daily_visitor": MedalArt("hex", "sun", "guilloche", "spark"),
    "birthday_guest": MedalArt("hex", "berry", "rings", "cake"),
    "ambassador": MedalArt("drop", "forest", "rays", "people"),
    "life_of_party": MedalArt("drop", "berry", "rings", "heart"),
}

PLAIN = MedalArt("coin", "forest", "rays", "medal")


def art_of(code: str) -> MedalArt:
    """The look of a medal; one made elsewhere gets the plain medal."""
    return ART.get(code, PLAIN)


def metal_of(level: int) -> Metal:
    """Bronze is level 1, obsidian level 5 and above."""
    return METALS[min(max(level, 1), len(METALS)) - 1]
