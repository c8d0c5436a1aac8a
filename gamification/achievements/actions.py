"""Give and take back medals as counters move."""

from collections.abc import Sequence

from gamification.achievements.rules import Crossing, LevelRule, MedalRule, crossings
from gamification.case import Act, AwardState, MemberState, Movement, Rows
from gamification.world import IdSource

Given = tuple[MedalRule, LevelRule, str, AwardState]
"""A medal's level with its occurrence and the row that holds it."""


def move_awards(
    medals: dict[int, tuple[MedalRule, ...]],
    moved: Sequence[Movement],
    state: MemberState,
    rows: Rows,
    act: Act,
    ids: IdSource,
    *,
    origin: str,
) -> tuple[list[Given], list[Given]]:
    """Awards that a case gives (new or again) and those it takes back.

    An award lost and earned again is the same row, so that its points are
    posted at most once net: what could not be taken back is not given again.
    """
    given: list[Given] = []
    taken: list[Given] = []
    for movement in moved:
        for medal in medals.get(movement.measure_id, ()):
            for crossing in crossings(medal, movement):
                if movement.new > movement.old:
                    _give(medal, crossing, movement, state, rows, act, ids, origin, given)
                elif medal.on_reversal == "revoke_if_below":
                    _take(medal, crossing, state, rows, act, ids, taken)
    return given, taken


def _give(
    medal: MedalRule,
    crossing: Crossing,
    movement: Movement,
    state: MemberState,
    rows: Rows,
    act: Act,
    ids: IdSource,
    origin: str,
    given: list[Given],
) -> None:
    level, occurrence = crossing
    held = state.awards_of(medal.id)
    award = held.get((level.level, occurrence))
    if award is None:
        award = held[level.level, occurrence] = AwardState(ids(), "active", 1)
        rows.add(
            "award",
            award.id,
            state.member_id,
            medal.id,
            medal.version_id,
            level.level,
            occurrence,
            "active",
            origin,
            act.occurred,
            act.recorded,
            act.id,
            movement.new,
            1,
            None,
            level.points,
        )
        _log(rows, ids, award.id, act, None, "active", "earned")
    elif award.status == "revoked":
        award.status, award.times = "active", award.times + 1
        rows.awards[award.id] = award.row
        _log(rows, ids, award.id, act, "revoked", "active", "earned_again")
    else:
        return
    given.append((medal, level, occurrence, award))


def _take(
    medal: MedalRule,
    crossing: Crossing,
    state: MemberState,
    rows: Rows,
    act: Act,
    ids: IdSource,
    taken: list[Given],
) -> None:
    level, occurrence = crossing
    award = state.awards_of(medal.id).get((level.level, occurrence))
    if award is None or award.status != "active":
        return
    award.status = "revoked"
    rows.awards[award.id] = award.row
    rows.unsaid.append(f"award:{award.id}:{award.times}")  # the news of it
    _log(rows, ids, award.id, act, "active", "revoked", "returned")
    taken.append((medal, level, occurrence, award))


def _log(
    rows: Rows, ids: IdSource, award_id: int, act: Act, old: str | None, new: str, reason: str
) -> None:
    rows.add("award_log", ids(), award_id, act.recorded, old, new, reason, act.id, "engine")
