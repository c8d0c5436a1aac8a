"""How the fund of invitations stands, and what it still means for whoever has just joined."""

from dataclasses import dataclass

from gamification.referrals.fund import Fund, fund_now
from gamification.referrals.terms import PICKS, terms_from
from gamification.store import Store
from gamification.world import World

__all__ = ["Came", "Fund", "came_by_invitation", "fund_now"]


@dataclass(frozen=True, slots=True)
class Came:
    """What an invitation means for the friend who came by it.

    `points` come for a first purchase of `minimum` (minor units) or more, none where the fund
    cannot pay them; `is_short` says that it is so. `gift_unpaid`: nor had it the welcome gift.
    """

    points: int
    minimum: int
    is_short: bool
    gift_unpaid: bool


def came_by_invitation(world: World, member_id: int) -> Came | None:
    """What awaits somebody who has just joined by an invitation; None for everybody else."""
    store, fund = Store(world.connection), fund_now(world)
    row = store.first(
        "SELECT (SELECT MAX(a.points) FROM activity a WHERE a.member_id = r.friend_id"
        f" AND a.type = 'welcome_gift' AND a.state = 'counted'), {PICKS}"
        " FROM referral r JOIN referral_terms t ON t.id = r.terms_id WHERE r.friend_id = ?",
        member_id,
    )
    if row is None:
        return None
    terms = terms_from(tuple(row[1:]))
    pays = fund is None or fund.has(terms.referrer_points + terms.friend_points)
    return Came(
        points=terms.friend_points if pays else 0,
        minimum=terms.minimum,
        is_short=not pays and terms.friend_points > 0,
        gift_unpaid=row[0] == 0,
    )
