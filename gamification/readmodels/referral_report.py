"""What invitations bring: the way of friends by channel and week, what it costs, who brings them.

Friends are counted in the week in which they were invited, in the programme's zone; what
became of them since stands in the same row. Six statements, however many friends there are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gamification.activities.registry import OWN_SOURCE
from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.programme import day_starts, local_day
from gamification.store import Store
from gamification.world import World

MOST_REFERRERS = 10
LEAST_COMPARED = 20
"""Fewer people than this on a side are not compared: one of them would be the answer."""
FIRST_DAYS = 30
STEPS = ("opened", "joined", "bought", "qualified", "paid")
COSTS = {
    "friend_came": "referrers", "invited_bonus": "friends", "welcome_gift": "welcome",
    "friend_bought": "shares", "friend_of_friend": "second",
}  # fmt: skip
"""What each act of the programme's own pays for."""
PAYING = ", ".join(f"'{code}'" for code in COSTS)
BOUGHT = "a.type = 'purchase' AND a.state IN ('counted', 'partly_returned', 'returned')"
INVITED = f"""
SELECT r.id, r.referrer_id, r.how, r.channel, r.state, r.reason, r.bound_at,
       r.referrer_points, r.friend_points,
       EXISTS (SELECT 1 FROM activity a WHERE a.member_id = r.friend_id AND {BOUGHT})
FROM referral r WHERE r.bound_at >= ? AND r.bound_at <= ? ORDER BY r.id
"""
OPENED = """
SELECT day, channel, SUM(opened) FROM referral_visits WHERE day >= ? AND day <= ?
GROUP BY day, channel
"""
PAID = f"""
SELECT type, external_id, points_left FROM activity
WHERE source = '{OWN_SOURCE}' AND points_left > 0 AND type IN ({PAYING})
  AND member_id IN (
    SELECT referrer_id FROM referral WHERE bound_at >= ?
    UNION SELECT friend_id FROM referral WHERE bound_at >= ?
    UNION SELECT u.referrer_id FROM referral u JOIN referral r ON u.friend_id = r.referrer_id
          WHERE r.bound_at >= ?)
"""
SPENT = f"""
SELECT m.joined_at, r.state, COALESCE(SUM(a.amount_left), 0)
FROM member m LEFT JOIN referral r ON r.friend_id = m.id
LEFT JOIN activity a ON a.member_id = m.id AND {BOUGHT}
     AND a.occurred_at >= m.joined_at - ? AND a.occurred_at < m.joined_at + ?
WHERE m.joined_at >= ? AND m.joined_at <= ? AND m.status <> 'erased' AND m.origin <> 'import'
GROUP BY m.id, m.joined_at, r.state
"""
SIGNALS = """
SELECT s.rule, s.state, COUNT(*) FROM referral_signal s JOIN referral r ON r.id = s.referral_id
WHERE r.bound_at >= ? AND r.bound_at <= ? GROUP BY s.rule, s.state ORDER BY s.rule, s.state
"""


@dataclass(frozen=True, slots=True)
class Steps:
    """How many people got how far. `opened` counts openings, the others are people."""

    opened: int = 0
    joined: int = 0
    bought: int = 0
    qualified: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel in one week, which is named by its Monday."""

    week: date
    channel: str
    steps: Steps


@dataclass(frozen=True, slots=True)
class Cost:
    """Points that these invitations have brought and nobody lost again.

    `each` is what a qualified friend cost, rounded up; None while there is none.
    """

    referrers: int
    friends: int
    welcome: int
    shares: int
    second: int
    total: int
    each: int | None
    point_worth: int


@dataclass(frozen=True, slots=True)
class Spending:
    """What newcomers kept of their first days' purchases; None where they are too few."""

    people: int
    median_minor: int | None
    mean_minor: int | None


@dataclass(frozen=True, slots=True)
class Ended:
    """How many invitations stand at a state that brings nothing yet or any more, and why."""

    state: str
    reason: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Suspected:
    """How often a rule spoke, by what a person made of it."""

    rule: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Referrer:
    """Somebody who brings friends, with the points of their own reward."""

    member_id: int
    name: str
    joined: int
    qualified: int
    held: int
    rejected: int
    points: int


@dataclass(frozen=True, slots=True)
class ReferralReport:
    """Everything that the page says, for whole weeks that end with the present one."""

    currency: str
    first: date
    today: date
    weeks: tuple[date, ...]
    cells: tuple[Cell, ...]
    cost: Cost
    friends: Spending
    others: Spending
    ended: tuple[Ended, ...]
    suspected: tuple[Suspected, ...]
    referrers: tuple[Referrer, ...]

    def by_week(self) -> tuple[tuple[date, Steps], ...]:
        """Every week, also one in which nothing happened."""
        return tuple(
            (week, summed(cell.steps for cell in self.cells if cell.week == week))
            for week in self.weeks
        )

    def by_channel(self) -> tuple[tuple[str, Steps], ...]:
        """The channels that were used, the one with the most friends first."""
        names = {cell.channel for cell in self.cells}
        found = [
            (name, summed(cell.steps for cell in self.cells if cell.channel == name))
            for name in names
        ]
        return tuple(sorted(found, key=lambda one: (-one[1].joined, -one[1].opened, one[0])))

    def total(self) -> Steps:
        """The whole way."""
        return summed(cell.steps for cell in self.cells)


@dataclass(frozen=True, slots=True)
class _Friend:
    """One invitation as it stands."""

    id: int
    referrer_id: int
    how: str
    channel: str | None
    state: str
    reason: str | None
    bound_at: int
    referrer_points: int
    friend_points: int
    bought: bool

    @property
    def qualified(self) -> bool:
        return self.state in ("qualified", "rewarded")

    @property
    def place(self) -> str:
        """The channel, or the way they told it where no link was opened."""
        return self.channel or self.how

    def steps(self) -> Counter[str]:
        """Which steps this friend has made."""
        paid = self.qualified and self.referrer_points + self.friend_points > 0
        made = {
            "joined": True, "bought": self.bought or self.qualified,
            "qualified": self.qualified, "paid": paid,
        }  # fmt: skip
        return Counter({name: int(is_made) for name, is_made in made.items()})


def referral_report(world: World, *, weeks: int = 12) -> ReferralReport:
    """The report of so many weeks, of which the last is under way. Raises ProgrammeMissing."""
    programme = current_definitions(world.session).programme
    zone, store = programme.zone, Store(world.session.connection())
    today = local_day(world.now, zone)
    first = monday_of(today) - timedelta(weeks=weeks - 1)
    since, now = to_micros(day_starts(first, zone)), to_micros(world.now)
    friends = [_Friend(*row) for row in store.rows(INVITED, since, now)]
    openings = store.rows(OPENED, first.isoformat(), today.isoformat())
    invited, others = _spending(store, zone, since, now)
    return ReferralReport(
        currency=programme.currency,
        first=first,
        today=today,
        weeks=tuple(first + timedelta(weeks=n) for n in range(weeks)),
        cells=_cells(friends, openings, zone),
        cost=_cost(store, friends, since, programme.point_worth),
        friends=invited,
        others=others,
        ended=_ended(friends),
        suspected=tuple(
            Suspected(row[0], row[1], int(row[2])) for row in store.rows(SIGNALS, since, now)
        ),
        referrers=_referrers(store, friends),
    )


def monday_of(day: date) -> date:
    """The first day of a week."""
    return day - timedelta(days=day.weekday())


def summed(parts: Iterable[Steps]) -> Steps:
    """Several ways as one."""
    found: Counter[str] = Counter()
    for part in parts:
        found.update({name: getattr(part, name) for name in STEPS})
    return Steps(**found)


def _cells(friends: Sequence[_Friend], openings: Iterable[Any], zone: ZoneInfo) -> tuple[Cell, ...]:
    found: dict[tuple[date, str], Counter[str]] = {}
    for day, channel, opened in openings:
        week = monday_of(date.fromisoformat(day))
        found.setdefault((week, channel), Counter()).update(opened=int(opened))
    for friend in friends:
        week = monday_of(local_day(from_micros(friend.bound_at), zone))
        found.setdefault((week, friend.place), Counter()).update(friend.steps())
    return tuple(Cell(*key, Steps(**found[key])) for key in sorted(found))


def _cost(store: Store, friends: Sequence[_Friend], since: int, point_worth: int) -> Cost:
    """Points by what they were for: an act of the programme's own names its invitation."""
    known = {str(friend.id) for friend in friends}
    sums: Counter[str] = Counter(dict.fromkeys(COSTS.values(), 0))
    for code, external_id, points in store.rows(PAID, since, since, since):
        key = external_id.split(":")[2].partition(".")[0]  # paid once more: `id.1`
        if key in known:
            sums[COSTS[code]] += int(points)
    total, qualified = sum(sums.values()), sum(friend.qualified for friend in friends)
    each = -(-total // qualified) if qualified else None
    return Cost(**sums, total=total, each=each, point_worth=point_worth)


def _spending(store: Store, zone: ZoneInfo, since: int, now: int) -> tuple[Spending, Spending]:
    """Invited newcomers and others of the same weeks, who all had their first days.

    Those whom an import brought were customers before; a blocked invitation is neither.
    """
    day = 86_400_000_000
    joined_by = now - FIRST_DAYS * day
    friends: dict[date, list[int]] = {}
    others: dict[date, list[int]] = {}
    for joined, state, kept in store.rows(SPENT, day, FIRST_DAYS * day, since, joined_by):
        side = others if state is None else friends
        if state != "blocked":
            week = monday_of(local_day(from_micros(joined), zone))
            side.setdefault(week, []).append(int(kept))
    same = [kept for week in friends for kept in others.get(week, ())]
    return _spent([kept for week in friends.values() for kept in week]), _spent(same)


def _spent(kept: Sequence[int]) -> Spending:
    """The middle and the mean in minor units, rounded down."""
    if len(kept) < LEAST_COMPARED:
        return Spending(len(kept), None, None)
    ordered, half = sorted(kept), len(kept) // 2
    middle = ordered[half] if len(kept) % 2 else (ordered[half - 1] + ordered[half]) // 2
    return Spending(len(kept), middle, sum(kept) // len(kept))


def _ended(friends: Iterable[_Friend]) -> tuple[Ended, ...]:
    """Held, rejected, returned, too late, and qualified without a reward."""
    kinds = ("in_review", "blocked", "reversed", "expired", "qualified")
    found = Counter(
        (kinds.index(friend.state), friend.reason or "")
        for friend in friends
        if friend.state in kinds and (friend.state != "qualified" or friend.reason)
    )
    return tuple(
        Ended(kinds[kind], reason or None, found[kind, reason]) for kind, reason in sorted(found)
    )


def _referrers(store: Store, friends: Iterable[_Friend]) -> tuple[Referrer, ...]:
    """Who brought the most friends that stayed."""
    sums: dict[int, Counter[str]] = {}
    for friend in friends:
        found = sums.setdefault(friend.referrer_id, Counter())
        found.update(
            joined=1, qualified=int(friend.qualified), held=int(friend.state == "in_review"),
            rejected=int(friend.state == "blocked"), points=friend.referrer_points,
        )  # fmt: skip
    best = sorted(sums, key=lambda who: (-sums[who]["qualified"], -sums[who]["joined"], who))
    best = best[:MOST_REFERRERS]
    names = dict(store.in_list("SELECT id, name FROM member WHERE id IN (?*)", best))
    return tuple(Referrer(who, names[who], **sums[who]) for who in best)
