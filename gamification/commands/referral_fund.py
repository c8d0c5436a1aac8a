"""What an invitation brings besides the rewards of both sides, as far as the fund goes."""

from datetime import datetime

from gamification.commands.acts import note_reward
from gamification.referrals.fund import can_pay
from gamification.world import World

USED_UP = "referral_budget"
"""Why an act brings nothing: the fund had less left."""


def pay_from_fund(
    world: World, member_id: int, code: str, *, key: str, points: int, at: datetime
) -> bool:
    """Pay a gift or a share whole, or note it without points and say why; once per key.

    Answers whether it was paid. Everybody concerned is held before; what was not paid stays
    unpaid, whatever comes back to the fund later.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    paid = can_pay(world, points)
    brings, why = (points, "") if paid else (0, USED_UP)
    note_reward(world, member_id, code, key=key, points=brings, at=at, why=why)
    return paid
