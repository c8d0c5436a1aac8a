"""An invitation while it is settled."""

from dataclasses import dataclass, field
from datetime import datetime

from gamification.referrals.terms import ReferralTerms

PICKS = (
    "id, referrer_id, friend_id, terms_id, state, bound_at, qualify_by, purchase_id,"
    " qualified_at, referrer_points, friend_points, reason, hold_until, withdrawals"
)


@dataclass(slots=True)
class Invited:
    """An invitation as it stands, while everybody in it is held."""

    id: int
    referrer_id: int
    friend_id: int
    terms_id: int
    state: str
    bound_at: int
    qualify_by: str
    purchase_id: int | None
    qualified_at: int | None
    referrer_points: int
    friend_points: int
    reason: str | None
    hold_until: int | None
    withdrawals: int
    terms: ReferralTerms = field(default_factory=ReferralTerms)
    due_at: datetime | None = None
    active: frozenset[int] = frozenset()
    erased: frozenset[int] = frozenset()

    @property
    def key(self) -> str:
        """What its acts are told by: another one after each payment that was withdrawn."""
        return f"{self.id}.{self.withdrawals}" if self.withdrawals else str(self.id)
