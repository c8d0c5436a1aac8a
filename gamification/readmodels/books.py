"""What the books say of a period: how many points came, where they went, what is owed now.

Opening, issued, given back, spent, taken back, lapsed, repaid and closing add up to the last
point, because each transfer stands in exactly one of them. Opening and movements are read from
the transfers, closing from the lots. Four statements, however many members there are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gamification.activities.registry import OWN_SOURCE
from gamification.columns import to_micros
from gamification.definitions import current_definitions
from gamification.readmodels.periods import BEFORE, Period, column_sql, period_of
from gamification.readmodels.referral_report import PAYING
from gamification.store import Store
from gamification.world import World

DAY = 86_400_000_000
SOON_DAYS = 30
CHALLENGES = "'challenge_step', 'challenge_completed', 'challenge_compensation'"
SOURCE = f"""
CASE WHEN t.kind <> 'act' THEN t.kind ELSE COALESCE((
    SELECT CASE WHEN a.source <> '{OWN_SOURCE}' THEN 'act'
                WHEN a.type IN ({CHALLENGES}) THEN 'challenge'
                WHEN a.type IN ({PAYING}) THEN 'invitation' ELSE 'act' END
    FROM activity a WHERE a.id = t.activity_id), 'act') END
"""
"""What a transfer is for: its kind, and of an act which part of the programme asked for it.

A question within, no join: only acts are looked up, and most transfers are none."""
SOURCES = ("purchase", "grant", "challenge", "invitation", "act", "opening", "correction")
"""Where points come from, in the order in which they are told."""
WENT = {
    "spend": "spent", "clawback": "taken", "grant_reversal": "taken", "expiry": "lapsed",
    "repayment": "repaid",
}  # fmt: skip
"""By which kinds of transfer points leave wallets, and what that is called here."""
TO_WALLET = "CASE WHEN t.credit_account_id > 0 AND t.credit_account_id % 2 = 0 THEN t.points END"
FROM_WALLET = "CASE WHEN t.debit_account_id > 0 AND t.debit_account_id % 2 = 0 THEN t.points END"
OPENING = f"""
SELECT COALESCE(SUM({TO_WALLET}), 0) - COALESCE(SUM({FROM_WALLET}), 0)
FROM transfer t WHERE t.occurred_at < ?
"""
LEFT_NOW = """
SELECT l.available_at, l.expires_at, l.remaining AS points FROM lot l WHERE l.remaining > 0
"""
LEFT_THEN = """
SELECT l.available_at, l.expires_at,
       CASE WHEN t.occurred_at < {until:d} THEN l.amount ELSE 0 END - COALESCE((
           SELECT SUM(w.points) FROM allocation w JOIN transfer d ON d.id = w.transfer_id
           WHERE w.lot_id = l.id AND d.occurred_at < {until:d}), 0) AS points
FROM lot l JOIN transfer t ON t.id = l.transfer_id
"""
AGES = (30, 90, 180, 365)
"""Points are told apart by how many days ago they could first be spent: up to so many."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Points that moved within a span. All are whole and at least zero.

    `issued` is by source. `given_back` are spent points that a return brought back, `taken`
    what a return took again. `written_off` could not be taken from anybody and `owed` became
    a debt: neither was in a wallet, so that they change nothing of what is outstanding.
    """

    issued: dict[str, int] = field(default_factory=dict)
    given_back: int = 0
    spent: int = 0
    taken: int = 0
    lapsed: int = 0
    repaid: int = 0
    written_off: int = 0
    owed: int = 0

    @property
    def came(self) -> int:
        """All points issued."""
        return sum(self.issued.values())

    @property
    def change(self) -> int:
        """By how much what is outstanding grew."""
        went = self.spent + self.taken + self.lapsed + self.repaid
        return self.came + self.given_back - went


@dataclass(frozen=True, slots=True)
class Ages:
    """Points that are outstanding: on the way, by age, and lapsed but not booked yet.

    `by_age` has a number for each of AGES and one for what is older. `soon` are those that
    can be spent now and lapse within SOON_DAYS.
    """

    on_the_way: int
    by_age: tuple[int, ...]
    lapsed: int
    soon: int

    @property
    def owed(self) -> int:
        """What the shop owes: everything but what has lapsed."""
        return self.on_the_way + sum(self.by_age)


@dataclass(frozen=True, slots=True)
class Books:
    """The books of a period and of the one before.

    `closing` is the sum over all lots; `opening + now.change == closing` holds always.
    `columns` are the movements of each column of the period. Worth in minor units a point.
    """

    period: Period
    currency: str
    point_worth: int
    opening: int
    now: Moved
    before: Moved
    columns: tuple[Moved, ...]
    ages: Ages
    closing: int

    @property
    def liability_minor(self) -> int:
        """What the shop owes, in minor units."""
        return self.ages.owed * self.point_worth

    def outstanding(self) -> tuple[int, ...]:
        """What was outstanding at the end of each column; the last is `closing`."""
        found, left = [], self.opening
        for moved in self.columns:
            left += moved.change
            found.append(left)
        return tuple(found)


def books_of(world: World, days: int) -> Books:
    """The books of the last so many local days. Raises ProgrammeMissing."""
    store = Store(world.connection)
    programme = current_definitions(world.session).programme
    period = period_of(world, days, programme.zone)
    columns, before = _movements(store, period)
    ages, closing = _ages(store, period, to_micros(world.now), past=world.past)
    return Books(
        period=period,
        currency=programme.currency,
        point_worth=programme.point_worth,
        opening=int(_one(store, OPENING, period.since)[0]),
        now=_summed(columns),
        before=before,
        columns=columns,
        ages=ages,
        closing=closing,
    )


def _one(store: Store, sql: str, *params: Any) -> Any:
    row = store.first(sql, *params)
    assert row is not None, "a sum always answers"
    return row


def _movements(store: Store, period: Period) -> tuple[tuple[Moved, ...], Moved]:
    """The movements of each column, and of the whole period before."""
    rows = store.rows(
        f"SELECT {column_sql('t.occurred_at', period)}, {SOURCE}, COALESCE(SUM({TO_WALLET}), 0),"
        f" COALESCE(SUM({FROM_WALLET}), 0), COALESCE(SUM(t.points), 0) FROM transfer t"
        " WHERE t.occurred_at >= ? AND t.occurred_at < ? GROUP BY 1, 2",
        period.before,
        period.until,
    )
    parts: dict[int, list[Any]] = {}
    for number, *row in rows:
        parts.setdefault(int(number), []).append(row)
    columns = tuple(_moved(parts.get(n, ())) for n in range(len(period.columns)))
    return columns, _moved(parts.get(BEFORE, ()))


def _moved(rows: Iterable[Sequence[Any]]) -> Moved:
    issued: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for source, to_wallets, from_wallets, whole in rows:
        if source == "refund":
            sums["given_back"] += int(to_wallets)
        elif to_wallets:
            issued[source] += int(to_wallets)
        elif source == "writeoff":
            sums["written_off"] += int(whole)
        elif source == "debt":
            sums["owed"] += int(whole)
        sums[WENT.get(source, "taken")] += int(from_wallets)
    return Moved(issued=dict(issued), **sums)


def _summed(parts: Iterable[Moved]) -> Moved:
    issued: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for part in parts:
        issued.update(part.issued)
        for name in ("given_back", "spent", "taken", "lapsed", "repaid", "written_off", "owed"):
            sums[name] += getattr(part, name)
    return Moved(issued=dict(issued), **sums)


def _ages(store: Store, period: Period, now: int, *, past: bool) -> tuple[Ages, int]:
    """What is left in lots by age, and all of it together."""
    lots = LEFT_THEN.format(until=period.until) if past else LEFT_NOW
    steps = "".join(
        f" WHEN x.available_at > {now - days * DAY:d} THEN {n}" for n, days in enumerate(AGES)
    )
    rows = store.rows(
        f"SELECT CASE WHEN x.expires_at <= {now:d} THEN -2 WHEN x.available_at > {now:d} THEN -1"
        f"{steps} ELSE {len(AGES)} END, COALESCE(SUM(x.points), 0),"
        f" COALESCE(SUM(CASE WHEN x.expires_at <= {now + SOON_DAYS * DAY:d} THEN x.points END), 0)"
        f" FROM ({lots}) x GROUP BY 1"
    )
    points = {int(number): int(left) for number, left, _ in rows}
    soon = sum(int(lapsing) for number, _, lapsing in rows if int(number) >= 0)
    by_age = tuple(points.get(n, 0) for n in range(len(AGES) + 1))
    ages = Ages(points.get(-1, 0), by_age, points.get(-2, 0), soon)
    return ages, sum(points.values())
