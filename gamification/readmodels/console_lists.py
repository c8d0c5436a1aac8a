"""The lists behind the numbers of the overview: who was active or joined, what moved points."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from gamification.columns import from_micros
from gamification.definitions import current_definitions
from gamification.programme import local_day
from gamification.readmodels.books import SOURCE, SOURCES
from gamification.readmodels.dashboard import BUYS
from gamification.readmodels.periods import Period, period_of
from gamification.store import Store
from gamification.world import World

SHOWN = 50
WHO = ("active", "joined")
Who = Literal["active", "joined"]
GONE = {
    "spent": ("spend",),
    "given_back": ("refund",),
    "taken": ("clawback", "grant_reversal"),
    "lapsed": ("expiry",),
    "repaid": ("repayment",),
    "written_off": ("writeoff",),
    "owed": ("debt",),
}
"""Which kinds of transfer stand behind a line of the books that is no source of points."""
MOVES = (*SOURCES, *GONE)
ACTIVE = f"""
SELECT m.id, m.public_id, m.name, m.external_id, m.joined_at, COUNT(*), SUM(a.amount_left),
       MAX(a.occurred_at)
FROM activity a JOIN member m ON m.id = a.member_id
WHERE {BUYS} AND a.occurred_at >= ? AND a.occurred_at < ? AND m.id > ?
GROUP BY m.id, m.public_id, m.name, m.external_id, m.joined_at ORDER BY m.id LIMIT ?
"""
JOINED = f"""
SELECT m.id, m.public_id, m.name, m.external_id, m.joined_at, COUNT(a.id),
       COALESCE(SUM(a.amount_left), 0), MAX(a.occurred_at)
FROM (SELECT * FROM member WHERE status <> 'erased' AND joined_at >= ? AND joined_at < ?
      AND id > ? ORDER BY id LIMIT ?) m
LEFT JOIN activity a ON a.member_id = m.id AND {BUYS}
GROUP BY m.id, m.public_id, m.name, m.external_id, m.joined_at ORDER BY m.id
"""
POSTINGS = """
SELECT t.id, t.occurred_at, t.points, t.kind, a.type, m.public_id, m.name, m.external_id
FROM transfer t JOIN member m ON m.id = t.member_id
LEFT JOIN activity a ON t.kind = 'act' AND a.id = t.activity_id
WHERE t.occurred_at >= ? AND t.occurred_at < ? AND t.id < ?
"""
LAST = 2**62


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member of a list.

    Purchases and money in minor units are those of the period for active ones, all kept
    ones for those who joined.
    """

    id: int
    public_id: str
    name: str
    joined_on: date
    purchases: int
    kept: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A page of members; `after` is where the next begins, None on the last."""

    period: Period
    currency: str
    rows: tuple[PersonRow, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A transfer: when, whose, how many points, and what for (`act` is the type of an act)."""

    id: int
    on: date
    points: int
    kind: str
    act: str | None
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PostingList:
    """A page of transfers, the latest booked first; `after` is where the next page begins."""

    period: Period
    rows: tuple[PostingRow, ...]
    after: int | None


def people_of(world: World, days: int, who: Who, *, after: int = 0) -> PeopleList:
    """Members who were active in the period or joined in it, by their numbers.

    Raises:
        ProgrammeMissing: nobody has set the programme up.
    """
    store, programme = Store(world.connection), current_definitions(world.session).programme
    period = period_of(world, days, programme.zone)
    sql = ACTIVE if who == "active" else JOINED
    rows = store.rows(sql, period.since, period.until, after, SHOWN + 1)
    shown = tuple(_person(row, programme.zone) for row in rows[:SHOWN])
    following = shown[-1].id if len(rows) > SHOWN else None
    return PeopleList(period, programme.currency, shown, following)


def postings_of(world: World, days: int, move: str, *, after: int = 0) -> PostingList:
    """Transfers of the period behind one line of the books, which is one of MOVES.

    Raises:
        ProgrammeMissing: nobody has set the programme up.
    """
    assert move in MOVES, "an address that names no line is no page"
    store = Store(world.connection)
    zone = current_definitions(world.session).programme.zone
    period = period_of(world, days, zone)
    if move in GONE:
        wanted = f" AND t.kind IN ({', '.join(repr(kind) for kind in GONE[move])})"
    else:
        wanted = f" AND {SOURCE} = '{move}'"
    rows = store.rows(
        f"{POSTINGS}{wanted} ORDER BY t.id DESC LIMIT ?",
        period.since,
        period.until,
        after or LAST,
        SHOWN + 1,
    )
    shown = tuple(_posting(row, zone) for row in rows[:SHOWN])
    return PostingList(period, shown, shown[-1].id if len(rows) > SHOWN else None)


def _person(row: Any, zone: ZoneInfo) -> PersonRow:
    key, public_id, name, external_id, joined, purchases, kept, last = row
    return PersonRow(
        id=key,
        public_id=public_id,
        name=name or external_id or "",
        joined_on=local_day(from_micros(joined), zone),
        purchases=int(purchases),
        kept=int(kept),
        last_on=None if last is None else local_day(from_micros(last), zone),
    )


def _posting(row: Any, zone: ZoneInfo) -> PostingRow:
    key, at, points, kind, act, public_id, name, external_id = row
    return PostingRow(
        id=key,
        on=local_day(from_micros(at), zone),
        points=int(points),
        kind=kind,
        act=act,
        public_id=public_id,
        name=name or external_id or "",
    )
