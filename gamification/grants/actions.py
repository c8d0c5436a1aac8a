"""Post what a decision asks for, and take it back: net at most once."""

from gamification.case import AwardState
from gamification.ledger.actions import Posting, claw_back, credit


def post_award_grant(posting: Posting, award: AwardState, points: int, activity_id: int) -> int:
    """The points of a medal's level, as a lot that ripens when the return window ends.

    An award that was lost and is earned again brings what was taken back with it, not what was
    written off then. The key counts how often it was earned: `award:{id}:{n}`. Answers how many
    points were credited.
    """
    key = f"award:{award.id}:{award.times}"
    due = max(points - award.held, 0)
    transfer_id = None
    if due:
        transfer_id = credit(posting, "grant", key, due, activity_id=activity_id, award_id=award.id)
        award.held += due
    if award.times > 1:
        posting.rows.awards[award.id] = award.row
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
    return due


def reverse_award_grant(posting: Posting, award: AwardState, activity_id: int) -> int:
    """Take a medal's points back when the medal goes; answers how many were taken.

    What is written off stays with the award as held.
    """
    if not award.held:
        return 0
    key = f"award:{award.id}:{award.times}"
    posting.rows.grants[key] = "reversed"
    clawed = claw_back(
        posting,
        f"{key}:rev",
        award.held,
        own=frozenset((award.id,)),
        left=award.held,
        kind="grant_reversal",
        activity_id=activity_id,
        award_id=award.id,
    )
    award.held = clawed.forgiven
    posting.rows.awards[award.id] = award.row
    return clawed.taken
