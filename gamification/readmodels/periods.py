"""The days that a report is about, those before to compare with, the columns of its charts."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from gamification.columns import to_micros
from gamification.programme import day_starts, local_day
from gamification.world import World

ENDLESS = 2**62
"""Later than everything: a till may be five minutes ahead, and its points are in the books."""
DAILY, WEEKLY = 31, 100
BEFORE = -1
"""The number of the column of everything before the first day."""


@dataclass(frozen=True, slots=True)
class Period:
    """So many local days that end with today. Instants in microseconds; `until` is exclusive.

    `columns` are the first days of its parts: days, weeks that end with today, or calendar
    months, by how long it is; of weeks and months the first may be a part of one.
    """

    days: int
    first: date
    today: date
    since: int
    before: int
    until: int
    columns: tuple[date, ...]
    edges: tuple[int, ...]

    @property
    def eve(self) -> date:
        """The first day of the period before."""
        return self.first - timedelta(days=self.days)

    def last_of(self, number: int) -> date:
        """The last day of a column."""
        ends = [day - timedelta(days=1) for day in self.columns[1:]]
        return [*ends, self.today][number]


def period_of(world: World, days: int, zone: ZoneInfo) -> Period:
    """The last so many local days of a zone, today among them."""
    today = local_day(world.now, zone)
    first = today - timedelta(days=days - 1)
    columns = _columns(first, today, days)
    return Period(
        days=days,
        first=first,
        today=today,
        since=to_micros(day_starts(first, zone)),
        before=to_micros(day_starts(first - timedelta(days=days), zone)),
        until=to_micros(world.now) + 1 if world.past else ENDLESS,
        columns=columns,
        edges=tuple(to_micros(day_starts(day, zone)) for day in columns),
    )


def column_sql(name: str, period: Period) -> str:
    """The number of the column that an instant falls into, as SQL; BEFORE for earlier ones."""
    whens = "".join(
        f" WHEN {name} >= {edge:d} THEN {n}" for n, edge in reversed(list(enumerate(period.edges)))
    )
    return f"CASE{whens} ELSE {BEFORE} END"


def _columns(first: date, today: date, days: int) -> tuple[date, ...]:
    if days <= DAILY:
        return tuple(first + timedelta(days=n) for n in range(days))
    if days <= WEEKLY:
        starts = (today - timedelta(days=7 * n - 1) for n in range(1, days // 7 + 1))
        found = sorted(starts)
        return tuple(found) if found[0] == first else (first, *found)
    found = [first]
    while (following := _next_month(found[-1])) <= today:
        found.append(following)
    return tuple(found)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
