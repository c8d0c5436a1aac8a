"""Which leaf a receipt leaves: its species, and whether it is a rare one; pure.

Nothing is stored. The draw is the SHA-256 of the programme's seed and the receipt's own
number, so that whoever holds the receipt can repeat it with any tool that hashes text.
Source: decision 0080.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

SPECIES = (
    "laurel",
    "oak",
    "maple",
    "birch",
    "ginkgo",
    "linden",
    "rowan",
    "willow",
    "aspen",
    "chestnut",
    "tulip",
    "fern",
)
Season = Literal["spring", "summer", "autumn", "winter"]
SEASONS: tuple[Season, ...] = ("winter", "spring", "summer", "autumn")

ONE_IN = 50
"""One leaf in so many is rare."""
DIGITS = 8
RARE_BELOW = f"{-(-(16**DIGITS) // ONE_IN):0{DIGITS}x}"
"""A leaf is rare when the first digits of its draw are below these, read as hexadecimal."""
GROVE = "grove-1410"
"""Salt of the categories' species, chosen so that a café's usual goods do not share one."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The draw of one receipt: the text that was hashed, and the hash in hexadecimal."""

    text: str
    digest: str

    @property
    def rare(self) -> bool:
        """Whether the leaf is rare."""
        return self.digest[:DIGITS] < RARE_BELOW

    @property
    def species(self) -> str:
        """The species of a receipt whose goods say nothing."""
        return SPECIES[int(self.digest[DIGITS : 2 * DIGITS], 16) % len(SPECIES)]


def draw_of(seed: str, receipt: str) -> Draw:
    """The draw of a receipt, by its own number."""
    text = f"{seed}:{receipt}"
    return Draw(text, hashlib.sha256(text.encode()).hexdigest())


@lru_cache(maxsize=4096)
def species_of(category: str) -> str:
    """The species that goods of a category leave, the same in every shop and for ever."""
    text = f"{GROVE}:{' '.join(category.casefold().split())}"
    return SPECIES[int(hashlib.sha256(text.encode()).hexdigest()[:DIGITS], 16) % len(SPECIES)]


def season_of(day: date) -> Season:
    """The season of a day, which tints its leaf."""
    return SEASONS[day.month % 12 // 3]
