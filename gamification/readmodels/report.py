"""The member report: everybody in one row, as of the end of a local day.

It reads what was recorded and writes nothing. Money, dates and counts come from
the receipts themselves, whatever the counters say, so that it can be checked
against the file that they came from.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions, current_definitions
from gamification.programme import day_starts, local_day
from gamification.readmodels.pasts import medals_held, tier_codes
from gamification.readmodels.wallet import wallets_at
from gamification.store import Store
from gamification.world import World

PAGE = 400
YEAR_DAYS = 365
ACCEPTED = "('counted', 'partly_returned', 'returned', 'parked')"
"""Receipts that happened. A parked return counts on its own date, though it waits for its
purchase; what waits for a person, was refused or was corrected by another does not."""

RECEIPTS = f"type IN ('purchase', 'return') AND state IN {ACCEPTED}"

EARNED = ("purchase", "correction", "grant", "opening", "act")
REVERSED = ("clawback", "grant_reversal")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One member. Money in minor units, `returned` negative; dates are local to the receipts.

    `orders` are sales above zero: first and last order, months and streaks are
    theirs, and a later return does not undo them. `medals` counts the awards
    held: every level of every medal, and each occurrence of one that can be
    earned again.
    """

    external_id: str
    net: int
    sales: int
    returned: int
    sale_documents: int
    orders: int
    return_documents: int
    first_order: date | None
    last_order: date | None
    active_months: int
    longest_month_streak: int
    net_365d: int
    points_earned: int
    points_reversed: int
    balance: int
    pending: int
    tier: str
    medals: int


@dataclass(slots=True)
class Bought:
    """What the receipts of one member come to."""

    since: str
    sales: int = 0
    returned: int = 0
    recent: int = 0
    sale_documents: int = 0
    return_documents: int = 0
    order_days: list[str] = field(default_factory=list)

    def count(self, kind: str, amount: int, day: str) -> None:
        """Add a receipt; a return counts on its own date."""
        if day >= self.since:
            self.recent += amount
        if kind == "return":
            self.returned += amount
            self.return_documents += 1
            return
        self.sales += amount
        self.sale_documents += 1
        if amount > 0:
            self.order_days.append(day)


def last_document_day(world: World) -> date | None:
    """The day of the last receipt; None when there is none.

    That is the later of the receipts' own local dates and the programme's, where a shop lies
    west of it: at the end of that day their points count, too.
    """
    store = Store(world.session.connection())
    row = store.first(f"SELECT MAX(local_date), MAX(occurred_at) FROM activity WHERE {RECEIPTS}")
    if row is None or row[0] is None:
        return None
    zone = current_definitions(world.session).programme.zone
    return max(date.fromisoformat(row[0]), local_day(from_micros(int(row[1])), zone))


def member_report(world: World, as_of: date) -> Iterator[ReportRow]:
    """Every member by external id, those without one last; a page is read at a time.

    Raises:
        ProgrammeMissing: nobody has set the programme up.
    """
    store = Store(world.session.connection())
    definitions = current_definitions(world.session)
    people = store.rows("SELECT id, external_id FROM member WHERE status <> 'erased'")
    people.sort(key=lambda row: (row[1] is None, row[1] or "", row[0]))
    for start in range(0, len(people), PAGE):
        yield from _page(store, definitions, people[start : start + PAGE], as_of)


def _page(
    store: Store, definitions: Definitions, people: Sequence[tuple[int, str | None]], as_of: date
) -> Iterator[ReportRow]:
    ids = [member_id for member_id, _ in people]
    instant = end_of_day(definitions, as_of)
    bought = _bought(store, ids, as_of)
    points = _points_moved(store, ids, instant)
    wallets = wallets_at(store, ids, instant)
    tiers = tier_codes(store, definitions, ids, as_of, instant)
    medals = medals_held(store, ids, instant)
    for member_id, external_id in people:
        found, moved = bought[member_id], points.get(member_id, {})
        balance, pending = wallets.get(member_id, (0, 0))
        days = found.order_days
        yield ReportRow(
            external_id=external_id or "",
            net=found.sales + found.returned,
            sales=found.sales,
            returned=found.returned,
            sale_documents=found.sale_documents,
            orders=len(days),
            return_documents=found.return_documents,
            first_order=date.fromisoformat(min(days)) if days else None,
            last_order=date.fromisoformat(max(days)) if days else None,
            active_months=len({day[:7] for day in days}),
            longest_month_streak=longest_streak(day[:7] for day in days),
            net_365d=found.recent,
            points_earned=sum(moved.get(kind, 0) for kind in EARNED),
            points_reversed=sum(moved.get(kind, 0) for kind in REVERSED),
            balance=balance,
            pending=pending,
            tier=tiers[member_id],
            medals=medals.get(member_id, 0),
        )


def end_of_day(definitions: Definitions, day: date) -> int:
    """The last microsecond of a local day of the programme."""
    return to_micros(day_starts(day + timedelta(days=1), definitions.programme.zone)) - 1


def longest_streak(months: Iterable[str]) -> int:
    """The longest run of calendar months that follow each other, from `2026-11` texts."""
    best = run = 0
    last: int | None = None
    for month in sorted(set(months)):
        index = int(month[:4]) * 12 + int(month[5:7])
        run = run + 1 if last is not None and index == last + 1 else 1
        best, last = max(best, run), index
    return best


def _bought(store: Store, ids: Sequence[int], as_of: date) -> dict[int, Bought]:
    since = (as_of - timedelta(days=YEAR_DAYS - 1)).isoformat()
    found = {member_id: Bought(since) for member_id in ids}
    for member_id, kind, amount, day in store.in_list(
        "SELECT member_id, type, amount, local_date FROM activity"
        f" WHERE member_id IN (?*) AND local_date <= ? AND {RECEIPTS}",
        ids,
        as_of.isoformat(),
    ):
        found[member_id].count(kind, amount, day)
    return found


def _points_moved(store: Store, ids: Sequence[int], instant: int) -> dict[int, dict[str, int]]:
    """Points by kind of transfer, up to an instant."""
    found: dict[int, dict[str, int]] = {}
    for member_id, kind, total in store.in_list(
        "SELECT member_id, kind, SUM(points) FROM transfer"
        " WHERE member_id IN (?*) AND occurred_at <= ? GROUP BY member_id, kind",
        ids,
        instant,
    ):
        found.setdefault(member_id, {})[kind] = int(total)
    return found
