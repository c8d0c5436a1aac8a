"""How rare a medal is: counted at night over active members, told in four bands."""

from datetime import timedelta
from typing import Literal

from gamification.columns import to_micros
from gamification.store import Store
from gamification.world import World

Band = Literal["common", "uncommon", "rare", "legendary"]
ACTIVE_DAYS = 365
KNOWN_DAYS = 30
LEAST_ELIGIBLE = 200
WHOLE = 10_000
ACTIVE = (
    "SELECT DISTINCT member_id FROM activity"
    " WHERE state IN ('counted', 'partly_returned') AND occurred_at > ? AND occurred_at <= ?"
)


def count_holders(world: World) -> int:
    """Count anew who holds each level among the members active in twelve months.

    A medal younger than thirty days is left out: its share would say how new it is.
    Answers how many levels were counted.
    """
    store = Store(world.connection)
    now = to_micros(world.now)
    active = (to_micros(world.now - timedelta(days=ACTIVE_DAYS)), now)
    eligible = store.rows(f"SELECT COUNT(*) FROM ({ACTIVE}) a", *active)[0][0]
    counted = store.rows(
        "SELECT l.achievement_id, l.level, COALESCE(h.holders, 0) FROM"
        " (SELECT v.achievement_id, x.level FROM achievement a"
        "  JOIN achievement_version v ON v.id = a.live_version_id"
        "  JOIN achievement_level x ON x.version_id = v.id"
        "  WHERE a.state = 'live' AND EXISTS (SELECT 1 FROM achievement_version f"
        "   WHERE f.achievement_id = a.id AND f.published_at <= ?)) l"
        " LEFT JOIN (SELECT w.achievement_id, w.level, COUNT(DISTINCT w.member_id) holders"
        f"  FROM award w JOIN ({ACTIVE}) m ON m.member_id = w.member_id"
        "  WHERE w.status = 'active' GROUP BY w.achievement_id, w.level) h"
        " ON h.achievement_id = l.achievement_id AND h.level = l.level",
        to_micros(world.now - timedelta(days=KNOWN_DAYS)),
        *active,
    )
    store.run("DELETE FROM medal_rarity")
    rows = [(medal_id, level, holders, eligible, now) for medal_id, level, holders in counted]
    store.insert("medal_rarity", rows)
    return len(rows)


def share_of(holders: int, eligible: int) -> int | None:
    """The holders in hundredths of a per cent; None while there are too few members to tell."""
    return WHOLE * holders // eligible if eligible >= LEAST_ELIGIBLE else None


def band_of(share: int) -> Band:
    """The word for a share: over 40 % common, from 10 uncommon, from 3 rare, else legendary."""
    if share > 4_000:
        return "common"
    if share >= 1_000:
        return "uncommon"
    return "rare" if share >= 300 else "legendary"
