"""What a challenge brought, as the face may see it."""

from gamification.challenges.intervals import FEWEST, Arm, Kind
from gamification.challenges.planning import smallest_visible_mean, smallest_visible_share
from gamification.challenges.uplift import (
    ExtraCost,
    Uplift,
    Verdict,
    cost_per_extra,
    counted,
    uplift,
    verdict,
)

__all__ = [
    "FEWEST",
    "Arm",
    "ExtraCost",
    "Kind",
    "Uplift",
    "Verdict",
    "cost_per_extra",
    "counted",
    "smallest_visible_mean",
    "smallest_visible_share",
    "uplift",
    "verdict",
]
