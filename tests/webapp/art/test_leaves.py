"""Every leaf that a herbarium can hold is drawn, and none looks like another."""

import re

from gamification.readmodels.herbarium import SPECIES
from webapp.art.leaves import TINTS
from webapp.art.pressed import leaves, shades
from webapp.art.species import COLOURS, DRAWINGS

SPRITE = leaves()


def test_every_species_is_drawn_in_every_season_in_gold_and_pale() -> None:
    symbols = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))

    assert symbols == {f"{species}-{tint}" for species in SPECIES for tint in (*TINTS, "blank")}
    assert tuple(DRAWINGS) == SPECIES == tuple(COLOURS)


def test_no_two_species_share_an_outline() -> None:
    blades = {draw().blade for draw in DRAWINGS.values()}

    assert len(blades) == len(SPECIES) >= 12


def test_every_season_paints_a_species_anew() -> None:
    for species in SPECIES:
        assert len({shades(species, tint) for tint in TINTS}) == len(TINTS)


def test_leaves_stay_on_their_sheets() -> None:
    for draw in DRAWINGS.values():
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", draw().blade)]

        assert min(numbers) >= 0
        assert max(numbers) <= 120
