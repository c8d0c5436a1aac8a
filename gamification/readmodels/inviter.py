"""Who invites, as far as a stranger may know."""

from gamification.readmodels.friends import short_name
from gamification.store import Store
from gamification.world import World

AGREED = """
SELECT m.name, (SELECT c.given FROM consent c WHERE c.member_id = m.id AND c.purpose = 'friends'
                ORDER BY c.at DESC, c.id DESC LIMIT 1)
FROM member m WHERE m.id = ? AND m.status = 'active'
"""


def inviter_name(world: World, member_id: int) -> str | None:
    """The first name and the first letter of the next; None unless friends may see the name."""
    row = Store(world.connection).first(AGREED, member_id)
    return short_name(row[0]) if row is not None and row[1] else None
