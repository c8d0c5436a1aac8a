"""What people decided about invitations lately, and which of it can still be taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.referrals.suspicions import UNDO_DAYS
from gamification.store import Store
from gamification.world import World

SHOWN = 100


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


def decisions_lately(world: World) -> tuple[Decision, ...]:
    """The last hundred of the days in which they can be taken back, the newest first."""
    zone = current_definitions(world.session).programme.zone
    rows = Store(world.connection).rows(
        "SELECT d.id, d.verdict, d.at, d.actor, d.why, m.name, f.name, r.state, d.undone_at,"
        " COALESCE(d.undone_by, ''), COALESCE(d.undone_why, ''),"
        " d.undone_at IS NULL AND m.status <> 'erased' AND f.status <> 'erased'"
        " AND NOT EXISTS (SELECT 1 FROM referral_decision x WHERE x.referral_id = d.referral_id"
        "  AND x.id > d.id AND x.undone_at IS NULL)"
        " FROM referral_decision d JOIN referral r ON r.id = d.referral_id"
        " JOIN member m ON m.id = r.referrer_id JOIN member f ON f.id = r.friend_id"
        f" WHERE d.at > ? AND d.at <= ? ORDER BY d.at DESC, d.id DESC LIMIT {SHOWN}",
        to_micros(world.now - timedelta(days=UNDO_DAYS)),
        to_micros(world.now),
    )
    return tuple(
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
        for row in rows
    )
