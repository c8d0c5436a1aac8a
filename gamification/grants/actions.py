"""Post what a decision asks for, and take it back: net at most once."""

from gamification.case import AwardState
from gamification.ledger.actions import Posting, claw_back, credit


def post_award_grant(posting: Posting, award: AwardState, points: int, activity_id: int) -> None:
    """The points of a medal's level, as a lot that ripens when the return window ends.

    The key counts how often the award was earned: `award:{id}:{n}`.
    """
    key = f"award:{award.id}:{award.times}"
    transfer_id = credit(posting, "grant", key, points, activity_id=activity_id, award_id=award.id)
    posting.rows.add(
        "point_grant",
        posting.ids(),
        key,
        "award",
        award.id,
        posting.state.member_id,
        points,
        "posted",
        posting.recorded,
        transfer_id,
    )


def reverse_award_grant(posting: Posting, award: AwardState, points: int, activity_id: int) -> int:
    """Take a medal's points back when the medal goes; answers how many were taken."""
    key = f"award:{award.id}:{award.times}"
    posting.rows.grants[key] = "reversed"
    return claw_back(
        posting,
        f"{key}:rev",
        points,
        own=frozenset((award.id,)),
        kind="grant_reversal",
        activity_id=activity_id,
        award_id=award.id,
    )
