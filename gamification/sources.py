"""Where a member's state finds what it was not handed: the tables, now or read beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gamification.activities.queries import acts_since
from gamification.audiences.conditions import parse_audience
from gamification.audiences.sets import members_of
from gamification.case import (
    Act,
    AwardState,
    CounterValue,
    Decision,
    EntryState,
    LotState,
    StandingState,
)
from gamification.challenges.queries import member_entries
from gamification.definitions import Definitions
from gamification.store import Store

LOT_COLUMNS = "id, cause_id, amount, remaining, reserved, available_at, expires_at"


def day_of(text: str | None) -> date | None:
    """A stored local date."""
    return None if text is None else date.fromisoformat(text)


class TableSource:
    """Answers a state's questions from the tables, when they are asked."""

    def __init__(self, store: Store, definitions: Definitions, member_id: int) -> None:
        self._store = store
        self._definitions = definitions
        self._member_id = member_id

    def counter_values(self, measure_id: int) -> dict[str, CounterValue]:
        rows = self._store.rows(
            "SELECT period, value, state FROM counter WHERE member_id = ? AND measure_id = ?",
            self._member_id,
            measure_id,
        )
        return {period: (value, state) for period, value, state in rows}

    def key_counts(self, measure_id: int, period: str) -> dict[str, int]:
        rows = self._store.rows(
            "SELECT key, n FROM counter_key WHERE member_id = ? AND measure_id = ? AND period = ?",
            self._member_id,
            measure_id,
            period,
        )
        return dict(rows)

    def day_sums(self, measure_id: int, since: date) -> dict[date, int]:
        rows = self._store.rows(
            "SELECT day, value FROM day_sum WHERE member_id = ? AND measure_id = ? AND day >= ?",
            self._member_id,
            measure_id,
            since.isoformat(),
        )
        return {date.fromisoformat(day): value for day, value in rows}

    def timeline(self) -> list[Decision]:
        return read_timeline(self._store, self._definitions, self._member_id)

    def lots(self) -> list[LotState]:
        sql = f"SELECT {LOT_COLUMNS} FROM lot WHERE member_id = ? AND remaining > 0 ORDER BY id"
        return [LotState(*row) for row in self._store.rows(sql, self._member_id)]

    def debt(self) -> int:
        return read_debts(self._store, [self._member_id]).get(self._member_id, 0)

    def spent_lots(self, activity_id: int) -> tuple[int, list[tuple[LotState, int]]]:
        return read_spent_lots(self._store, activity_id)

    def own_points(self, own: frozenset[int]) -> tuple[int, int, int]:
        return read_own_points(self._store, self._member_id, own)

    def awards(self, achievement_id: int) -> dict[tuple[int, str], AwardState]:
        rows = self._store.rows(
            "SELECT level, occurrence, id, status, times, held FROM award"
            " WHERE member_id = ? AND achievement_id = ?",
            self._member_id,
            achievement_id,
        )
        return {(level, key): AwardState(*award) for level, key, *award in rows}

    def entries(self, challenge_ids: Sequence[int]) -> list[EntryState]:
        return member_entries(self._store, self._member_id, challenge_ids)

    def acts_since(self, instant: int) -> list[Act]:
        return acts_since(self._store, self._member_id, instant)

    def is_meant(self, audience: dict[str, Any], at: int) -> bool:
        zone, only = self._definitions.programme.zone, (self._member_id,)
        return bool(members_of(self._store, parse_audience(audience), at, zone, only=only))


@dataclass
class PageSource:
    """Everything about one member, read beforehand with a page of others.

    The standing log and what challenges ask for are read when they are asked for: late
    facts are rare, and so are imports while a challenge runs.
    """

    tables: TableSource
    counters: dict[int, dict[str, CounterValue]] = field(default_factory=dict)
    keys: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)
    days: dict[int, dict[date, int]] = field(default_factory=dict)
    open_lots: list[LotState] = field(default_factory=list)
    held: dict[int, dict[tuple[int, str], AwardState]] = field(default_factory=dict)
    owed: int = 0

    def counter_values(self, measure_id: int) -> dict[str, CounterValue]:
        return dict(self.counters.get(measure_id, {}))

    def key_counts(self, measure_id: int, period: str) -> dict[str, int]:
        return dict(self.keys.get((measure_id, period), {}))

    def day_sums(self, measure_id: int, since: date) -> dict[date, int]:
        return dict(self.days.get(measure_id, {}))

    def timeline(self) -> list[Decision]:
        return self.tables.timeline()

    def lots(self) -> list[LotState]:
        return list(self.open_lots)

    def debt(self) -> int:
        return self.owed

    def spent_lots(self, activity_id: int) -> tuple[int, list[tuple[LotState, int]]]:
        return self.tables.spent_lots(activity_id)

    def own_points(self, own: frozenset[int]) -> tuple[int, int, int]:
        return self.tables.own_points(own)

    def awards(self, achievement_id: int) -> dict[tuple[int, str], AwardState]:
        return dict(self.held.get(achievement_id, {}))

    def entries(self, challenge_ids: Sequence[int]) -> list[EntryState]:
        return self.tables.entries(challenge_ids)

    def acts_since(self, instant: int) -> list[Act]:
        return self.tables.acts_since(instant)

    def is_meant(self, audience: dict[str, Any], at: int) -> bool:
        return self.tables.is_meant(audience, at)


def read_timeline(store: Store, definitions: Definitions, member_id: int) -> list[Decision]:
    """The standing log without voided rows, oldest first."""
    rows = store.rows(
        "SELECT id, effective_from, tier_id, since, term_ends, grace_until, reason"
        " FROM standing_log WHERE member_id = ? AND voided_by IS NULL"
        " ORDER BY effective_from, id",
        member_id,
    )
    return [
        Decision(
            id=i,
            day=date.fromisoformat(day),
            after=StandingState(
                definitions.position_of(tier),
                date.fromisoformat(since),
                day_of(term),
                day_of(grace),
            ),
            reason=reason,
        )
        for i, day, tier, since, term, grace, reason in rows
    ]


def read_debts(store: Store, members: Sequence[int]) -> dict[int, int]:
    """What members owe, in points: debts less repayments. Who never owed is not there."""
    rows = store.in_list(
        "SELECT member_id, SUM(CASE WHEN kind = 'debt' THEN points ELSE -points END)"
        " FROM transfer WHERE member_id IN (?*) AND kind IN ('debt', 'repayment')"
        " GROUP BY member_id",
        members,
    )
    return {member_id: int(owed) for member_id, owed in rows}


def read_own_points(store: Store, member_id: int, own: frozenset[int]) -> tuple[int, int, int]:
    """What lots of these causes were credited with, and of that lapsed and was taken back."""
    rows = store.in_list(
        "SELECT l.id, l.amount, SUM(CASE WHEN t.kind = 'expiry' THEN a.points ELSE 0 END),"
        " SUM(CASE WHEN t.kind IN ('clawback', 'grant_reversal') THEN a.points ELSE 0 END)"
        " FROM lot l LEFT JOIN allocation a ON a.lot_id = l.id"
        " LEFT JOIN transfer t ON t.id = a.transfer_id"
        " WHERE l.cause_id IN (?*) AND l.member_id = ? GROUP BY l.id, l.amount",
        sorted(own),
        member_id,
    )
    sums = [(amount, int(lapsed or 0), int(taken or 0)) for _, amount, lapsed, taken in rows]
    return sum(x[0] for x in sums), sum(x[1] for x in sums), sum(x[2] for x in sums)


def read_spent_lots(store: Store, activity_id: int) -> tuple[int, list[tuple[LotState, int]]]:
    """The spend of a purchase (its transfer's id) and what it still has out of each lot."""
    row = store.first(
        "SELECT id FROM transfer WHERE activity_id = ? AND kind = 'spend'", activity_id
    )
    assert row is not None, "points go back to a purchase that was paid with points"
    columns = ", ".join(f"l.{name.strip()}" for name in LOT_COLUMNS.split(","))
    rows = store.rows(
        f"SELECT {columns}, SUM(a.points) FROM transfer t"
        " JOIN allocation a ON a.transfer_id = t.id JOIN lot l ON l.id = a.lot_id"
        " WHERE t.id = ? OR t.reverses_id = ?"
        f" GROUP BY {columns} ORDER BY l.expires_at IS NULL, l.expires_at, l.available_at, l.id",
        row[0],
        row[0],
    )
    return row[0], [(LotState(*lot), int(out)) for *lot, out in rows]
