"""What a member does with their medals: keep one in sight, look at a new one."""

from gamification.columns import to_micros
from gamification.store import Store
from gamification.world import World

KNOWN = (
    "SELECT a.id FROM achievement a WHERE a.code = ? AND a.state = 'live'"
    " AND (a.visibility NOT IN ('secret', 'hidden') OR EXISTS (SELECT 1 FROM award w"
    "  WHERE w.achievement_id = a.id AND w.member_id = ? AND w.status = 'active'))"
)


def pin_medal(world: World, *, member_id: int, code: str, pinned: bool) -> bool:
    """Keep a medal in sight, or no longer; a repeat changes nothing.

    Answers False when there is no such medal, or none that this member may know of.
    """
    store = Store(world.connection)
    found = store.first(KNOWN, code, member_id)
    if found is None:
        return False
    if pinned:
        store.insert("medal_pin", [(member_id, found[0], to_micros(world.now))], conflict="ignore")
    else:
        store.run(
            "DELETE FROM medal_pin WHERE member_id = ? AND achievement_id = ?", member_id, found[0]
        )
    return True


def see_medal(world: World, *, member_id: int, code: str) -> int:
    """The member has looked at a medal: its awards are no longer new. Answers how many were."""
    return Store(world.connection).run(
        "UPDATE award SET seen_at = ? WHERE member_id = ? AND seen_at IS NULL"
        " AND achievement_id = (SELECT id FROM achievement WHERE code = ?)",
        to_micros(world.now),
        member_id,
        code,
    )
