"""What the night does for members who left: the programme's part and the entrance's, at once."""

from gamification.commands.farewell import Gone, erase_next
from gamification.commands.farewell import erase_member as erase_by_number
from gamification.world import World
from webapp.accounts.actions import forget_member
from webapp.log import LOG
from webapp.rehearsing.runs import forget_runs


def erase_member(world: World) -> int:
    """Erase one member whose time to think it over has run out; answers how many, 0 or 1.

    The line in the log holds the number of the row and nothing else: after an older backup
    was restored it says whom to erase once more.
    """
    gone = erase_next(world)
    if gone is None:
        return 0
    forget(world, gone)
    return 1


def erase_now(world: World, member_id: int) -> None:
    """Erase one member at once: somebody asked by letter, or an older backup brought them back.

    Raises:
        UnknownMember: there is nobody with this number, or nobody any more.
    """
    forget(world, erase_by_number(world, member_id))


def forget(world: World, gone: Gone) -> None:
    """The entrance forgets them too; the log keeps the number."""
    forget_member(world, gone.member_id, gone.contacts)
    forget_runs(world)
    LOG.info("member_erased", member=gone.member_id)
