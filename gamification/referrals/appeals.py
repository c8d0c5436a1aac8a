"""When a referrer may say that an invitation is held or was ended by mistake: pure.

Source: domain, 13: a plain reason from a fixed list, and one appeal.
"""

from datetime import datetime, timedelta

APPEAL_DAYS = 30
"""So long after an invitation was ended it can be objected to; while it is held, always."""
LONGEST_TEXT = 500
PLAIN_REASONS = ("same_person", "not_new", "rejected")
"""What a referrer may be told, and nothing else: no rule, no evidence."""
ENDED_AT = (
    "COALESCE((SELECT MAX(COALESCE(s.decided_at, s.created_at)) FROM referral_signal s"
    " WHERE s.referral_id = r.id), r.hold_until, r.bound_at)"
)
"""When an invitation `r` was judged last, as a part of a statement."""


def may_appeal(state: str, ended_at: datetime, now: datetime) -> bool:
    """Whether a first appeal is in time; `ended_at` is when it was judged last."""
    if state == "in_review":
        return True
    return state == "blocked" and now < ended_at + timedelta(days=APPEAL_DAYS)
