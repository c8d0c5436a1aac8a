"""Every version of the terms of invitations, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.referrals.terms import PICKS, ReferralTerms, terms_from
from gamification.store import Store
from gamification.world import World

SHOWN = 50


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """Terms that held from an instant of the programme's zone on.

    `friends` is how many people were invited under them; `by` is the account that
    published them.
    """

    terms: ReferralTerms
    since: datetime
    by: str
    friends: int

    @property
    def id(self) -> int:
        assert self.terms.id is not None, "it was read from a row"
        return self.terms.id


def terms_versions(world: World) -> tuple[TermsVersion, ...]:
    """The last versions, the one in force first. Raises ProgrammeMissing."""
    zone = current_definitions(world.session).programme.zone
    rows = Store(world.session.connection()).rows(
        f"SELECT {PICKS}, t.valid_from, t.actor,"
        " (SELECT COUNT(*) FROM referral r WHERE r.terms_id = t.id)"
        " FROM referral_terms t WHERE t.valid_from <= ?"
        f" ORDER BY t.valid_from DESC, t.id DESC LIMIT {SHOWN}",
        to_micros(world.now),
    )
    return tuple(
        TermsVersion(
            terms_from(tuple(row[:-3])), from_micros(row[-3]).astimezone(zone), row[-2], row[-1]
        )
        for row in rows
    )
