"""A member's points at an instant: what can be spent, what is on the way, what will burn.

Availability and expiry are facts of the instant that is read; no job has to
run for them. In the past, lots are put back as they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from gamification.case import LotState
from gamification.columns import from_micros, to_micros
from gamification.programme import Programme, local_day
from gamification.readmodels.views import ExpiringLot, PendingLot
from gamification.sources import LOT_COLUMNS
from gamification.store import Store

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Wallet:
    """Whole points at one instant; lots by date, soonest first."""

    balance: int
    pending: tuple[PendingLot, ...]
    expiring: tuple[ExpiringLot, ...]

    @property
    def pending_points(self) -> int:
        """Everything that is on the way."""
        return sum(lot.points for lot in self.pending)


def lots_now(store: Store, member_id: int) -> list[LotState]:
    """The member's lots with something remaining."""
    sql = f"SELECT {LOT_COLUMNS} FROM lot WHERE member_id = ? AND remaining > 0"
    return [LotState(*row) for row in store.rows(sql, member_id)]


def open_lots(rows: Sequence[Any]) -> list[LotState]:
    """Rows of `read_lots` that hold something, as lots."""
    return [LotState(r[5], r[0], r[6], r[4], r[7], r[2], r[3]) for r in rows if r[4] > 0]


def lots_at(store: Store, member_id: int, at: datetime) -> list[LotState]:
    """The member's lots as they were at an instant: later credits and draws undone."""
    instant = to_micros(at)
    rows = store.rows(
        """
        SELECT l.id, l.cause_id, l.amount,
               l.amount - COALESCE((SELECT SUM(a.points) FROM allocation a
                                    JOIN transfer d ON d.id = a.transfer_id
                                    WHERE a.lot_id = l.id AND d.occurred_at <= ?), 0),
               0, l.available_at, l.expires_at
        FROM lot l JOIN transfer t ON t.id = l.transfer_id
        WHERE l.member_id = ? AND t.occurred_at <= ?
        """,
        instant,
        member_id,
        instant,
    )
    return [lot for lot in (LotState(*row) for row in rows) if lot.remaining > 0]


def wallets_at(store: Store, ids: Sequence[int], instant: int) -> dict[int, tuple[int, int]]:
    """What many members could spend and what was on the way at an instant, later draws undone.

    Expiry is computed from the lots, not read from what a job booked.
    """
    found: dict[int, tuple[int, int]] = {}
    for member_id, left, available, expires in store.in_list(
        "SELECT l.member_id, l.amount - COALESCE("
        f"SUM(CASE WHEN d.occurred_at <= {instant:d} THEN a.points ELSE 0 END), 0),"
        " l.available_at, l.expires_at"
        " FROM lot l JOIN transfer t ON t.id = l.transfer_id"
        " LEFT JOIN allocation a ON a.lot_id = l.id LEFT JOIN transfer d ON d.id = a.transfer_id"
        " WHERE l.member_id IN (?*) AND t.occurred_at <= ?"
        " GROUP BY l.id, l.member_id, l.amount, l.available_at, l.expires_at",
        ids,
        instant,
    ):
        balance, pending = found.get(member_id, (0, 0))
        if available > instant:
            pending += int(left)
        elif expires is None or expires > instant:
            balance += int(left)
        found[member_id] = (balance, pending)
    return found


def wallet_of_lots(lots: Sequence[LotState], at: datetime, programme: Programme) -> Wallet:
    """Sort lots into what can be spent, what is on the way, and what burns soon."""
    instant, today = to_micros(at), local_day(at, programme.zone)
    balance = 0
    pending: dict[date, int] = {}
    expiring: dict[date, int] = {}
    for lot in lots:
        points = lot.remaining - lot.reserved
        if lot.available > instant:
            day = local_day(from_micros(lot.available), programme.zone)
            pending[day] = pending.get(day, 0) + points
        elif lot.is_open(instant):
            balance += points
            if lot.expires is not None:
                last = local_day(from_micros(lot.expires - 1), programme.zone)
                if last - today <= SOON:
                    expiring[last] = expiring.get(last, 0) + points
    return Wallet(
        balance=balance,
        pending=tuple(PendingLot(points, day) for day, points in sorted(pending.items())),
        expiring=tuple(
            ExpiringLot(points, day, (day - today).days) for day, points in sorted(expiring.items())
        ),
    )
