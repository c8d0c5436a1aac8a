"""The fund of invitations: what all of them together have brought, and may still bring.

One row counts the points of every act that an invitation pays by, in the transaction that
pays or takes back. Which limit it meets is said by the terms in force, for everybody: they
spend from one fund, whenever they were invited. Source: decision 0131.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from gamification.columns import to_micros
from gamification.referrals.terms import NEWEST, PICKS, ReferralTerms, terms_from
from gamification.store import Store
from gamification.world import World

FUND_ACTS = ("friend_came", "invited_bonus", "welcome_gift", "friend_bought", "friend_of_friend")
"""Acts by which invitations bring points."""
SPENT = "COALESCE((SELECT f.spent FROM referral_fund f WHERE f.id = 1), 0)"
"""Points that they have brought and nobody lost again, as a part of a statement."""
COUNT = (
    "INSERT INTO referral_fund (id, spent) VALUES (1, ?) ON CONFLICT (id)"
    " DO UPDATE SET spent = referral_fund.spent + excluded.spent"
)


@dataclass(frozen=True, slots=True)
class Fund:
    """The terms in force, and how many points invitations have brought and nobody lost again."""

    terms: ReferralTerms
    spent: int

    @property
    def left(self) -> int | None:
        """Points that invitations may still bring, none below zero; None without a limit."""
        return None if self.terms.budget is None else max(self.terms.budget - self.spent, 0)

    @property
    def offer(self) -> ReferralTerms:
        """What of the terms can be promised to somebody new."""
        return offer_of(self.terms, self.spent)

    @property
    def is_short(self) -> bool:
        """Whether something of the terms cannot be paid any more."""
        return self.offer != self.terms

    def has(self, points: int) -> bool:
        """Whether so many can be paid; all of them or none, a smaller remainder waits."""
        return not points or self.left is None or points <= self.left


def fund_now(world: World) -> Fund | None:
    """The fund as it stands, in one statement; None where there never were any terms."""
    row = Store(world.connection).first(
        f"SELECT {SPENT}, {PICKS} FROM referral_terms t WHERE {NEWEST}", to_micros(world.now)
    )
    return None if row is None else Fund(terms_from(tuple(row[1:])), int(row[0]))


def can_pay(world: World, points: int) -> bool:
    """Whether the fund has so many points; nobody else is paid until the transaction ends.

    Everybody concerned is held before.
    """
    fund = fund_now(world)
    if not points or fund is None or fund.left is None:
        return True
    # Hold before counting: two friends may come for the last gift at once.
    Store(world.connection).run(COUNT, 0)
    fund = fund_now(world)
    return fund is None or fund.has(points)


def count_paid(store: Store, code: str, points: int) -> None:
    """Count what an act brought, or with a minus what it lost; other acts are none of the fund's.

    The row is held from here on until the transaction ends: members are held before it.
    """
    if points and code in FUND_ACTS:
        store.run(COUNT, points)


def offer_of(terms: ReferralTerms, spent: int) -> ReferralTerms:
    """The terms without what the fund cannot pay to one more friend: it is nought in them."""
    if terms.budget is None:
        return terms
    left, gift = terms.budget - spent, terms.welcome_points
    both = terms.referrer_points + terms.friend_points
    if has_gift := gift <= left:
        left -= gift
    if has_both := both <= left:
        left -= both
    return cut_terms(terms, has_gift, has_both, has_both and left > 0)


@lru_cache(maxsize=256)
def cut_terms(
    terms: ReferralTerms, has_gift: bool, has_both: bool, has_shares: bool
) -> ReferralTerms:
    """The same terms without what is not to be had; few ways, and each click needs one."""
    gone = {} if has_gift else {"welcome_points": 0}
    if not has_both:
        gone |= {"referrer_points": 0, "friend_points": 0}
    if not has_shares:
        gone |= {"share_percent": 0, "second_percent": 0}
    return replace(terms, **gone)  # type: ignore[arg-type]
