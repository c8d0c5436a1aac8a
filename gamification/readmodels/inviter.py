"""Who invites, as far as a stranger may know, and what is promised in their name."""

from dataclasses import dataclass
from datetime import date

from gamification.definitions import definitions_now
from gamification.programme import local_day
from gamification.readmodels.friends import short_name
from gamification.store import Store
from gamification.world import World

AGREED = """
SELECT m.name, (SELECT c.given FROM consent c WHERE c.member_id = m.id AND c.purpose = 'friends'
                ORDER BY c.at DESC, c.id DESC LIMIT 1)
FROM member m WHERE m.id = ? AND m.status = 'active'
"""


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who invites, a point's worth in minor units, and the programme's local date.

    The name is the first one and the first letter of the next; None unless friends may see it.
    """

    name: str | None
    point_worth: int
    today: date


def inviter_of(world: World, member_id: int) -> Inviter:
    """What the page of an invitation says of its programme. Raises ProgrammeMissing."""
    programme = definitions_now(world).programme
    today = local_day(world.now, programme.zone)
    return Inviter(inviter_name(world, member_id), programme.point_worth, today)


def inviter_name(world: World, member_id: int) -> str | None:
    """The first name and the first letter of the next; None unless friends may see the name."""
    row = Store(world.connection).first(AGREED, member_id)
    return short_name(row[0]) if row is not None and row[1] else None
