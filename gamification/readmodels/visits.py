"""Looking in, as Home shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckInCard:
    """Whether the member was here today, the run of days that would go on, and its points."""

    done: bool
    run: int
    points: int
