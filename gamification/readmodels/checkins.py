"""Whether a member was here today, and for how many days in a row: pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from gamification.columns import to_micros
from gamification.measures.catalogue import Streak
from gamification.measures.runs import run_of, streak_step
from gamification.readmodels.faces import Faces
from gamification.readmodels.visits import CheckInCard

CHECK_IN = "daily_check_in"


def check_in_card(
    faces: Faces, memory: str | None, now: datetime, zone: ZoneInfo
) -> CheckInCard | None:
    """What Home says about looking in; None where nothing counts it.

    Args:
        memory: what the counter of the run remembers.
        zone: the member's own; its midnight decides.
    """
    terms = faces.definitions.acts.at(CHECK_IN, to_micros(now))
    spec = None if faces.visits is None else faces.definitions.book.specs[faces.visits]
    if not terms.on or not isinstance(spec, Streak):
        return None
    local = now.astimezone(zone)
    run = run_of(memory)
    if run is not None and run.last >= local.date().toordinal():
        return CheckInCard(True, run.length, terms.points)
    key = f"{local:%Y-%m-%dT%H:%M} {zone.key}"
    _, following = streak_step(spec)((0, memory), key)
    would = run_of(following)
    assert would is not None, "a step leaves a memory"
    return CheckInCard(False, would.length - 1, terms.points)
