"""What becomes of invitations, by the clock, with what the entrance knows of the shop's people."""

import sqlalchemy as sa
from sqlmodel import col

from gamification.commands.referral_clock import Worker
from gamification.commands.referral_clock import settle_referrals as settle
from gamification.world import World
from webapp.accounts.rules import STAFF_ROLES
from webapp.accounts.tables import Account


def settle_referrals(world: World) -> int:
    """Look at the invitation that waits the longest; answers 1, or 0 when none is due."""
    return settle(world, staff_of)


def staff_of(world: World) -> tuple[Worker, ...]:
    """Who works in the shop now, by the e-mail they sign in with and their name."""
    found = sa.select(col(Account.email), col(Account.name)).where(
        col(Account.role).in_(STAFF_ROLES), col(Account.state) == "active"
    )
    rows = world.session.connection().execute(found)
    return tuple(Worker(email, name) for email, name in rows if email)
