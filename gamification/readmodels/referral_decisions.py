"""What people decided about invitations lately, and which of it can still be taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.referrals.suspicions import UNDO_DAYS
from gamification.store import Store
from gamification.world import World

SHOWN = 100
EARLIER = " AND (d.at, d.id) < (SELECT x.at, x.id FROM referral_decision x WHERE x.id = ?)"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, at an instant of the programme's zone.

    `undone_at` and `undone_by` say that it was taken back; `can_undo` that it still can be.
    """

    id: int
    verdict: str
    at: datetime
    by: str
    why: str
    referrer_name: str
    friend_name: str
    state: str
    undone_at: datetime | None
    undone_by: str
    undone_why: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class DecisionList:
    """A page of decisions, the newest first; `after` asks for the next, None at the end."""

    decisions: tuple[Decision, ...]
    after: int | None = None


def decisions_lately(world: World, *, after: int = 0) -> DecisionList:
    """Those of the days in which they can be taken back, a page at a time.

    Args:
        after: the id of a decision: only earlier ones, 0 for the newest.
    """
    zone = current_definitions(world.session).programme.zone
    rows = Store(world.connection).rows(
        "SELECT d.id, d.verdict, d.at, d.actor, d.why, m.name, f.name, r.state, d.undone_at,"
        " COALESCE(d.undone_by, ''), COALESCE(d.undone_why, ''),"
        " d.undone_at IS NULL AND m.status <> 'erased' AND f.status <> 'erased'"
        " AND NOT EXISTS (SELECT 1 FROM referral_decision x WHERE x.referral_id = d.referral_id"
        "  AND x.id > d.id AND x.undone_at IS NULL)"
        " FROM referral_decision d JOIN referral r ON r.id = d.referral_id"
        " JOIN member m ON m.id = r.referrer_id JOIN member f ON f.id = r.friend_id"
        " WHERE d.at > ? AND d.at <= ?"
        + (EARLIER if after else "")
        + f" ORDER BY d.at DESC, d.id DESC LIMIT {SHOWN + 1}",
        *(to_micros(world.now - timedelta(days=UNDO_DAYS)), to_micros(world.now)),
        *([after] if after else []),
    )
    shown = rows[:SHOWN]
    decisions = tuple(
        Decision(
            id=row[0],
            verdict=row[1],
            at=from_micros(row[2]).astimezone(zone),
            by=row[3],
            why=row[4],
            referrer_name=row[5],
            friend_name=row[6],
            state=row[7],
            undone_at=None if row[8] is None else from_micros(row[8]).astimezone(zone),
            undone_by=row[9],
            undone_why=row[10],
            can_undo=bool(row[11]),
        )
        for row in shown
    )
    return DecisionList(decisions, shown[-1][0] if len(rows) > SHOWN else None)
