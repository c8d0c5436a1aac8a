"""What the console opens with: people, challenges, invitations, and what waits for a decision.

The books of points stand beside it in `books`. Eight statements, however many members there are.
What a challenge brought stands on its own page: that looks at every member, for each of them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.programme import local_day
from gamification.readmodels.periods import BEFORE, Period, column_sql, period_of
from gamification.readmodels.referral_reviews import held_count
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.world import World

ALMOST_SPENT = 80
"""From so many hundredths of its budget on a challenge asks for a look."""
MOST_CHALLENGES = 12
BUYS = "a.type = 'purchase' AND a.state IN ('counted', 'partly_returned')"
"""A purchase of which something is kept."""
WHOLE = -2
ACTIVE = f"""
WITH pairs AS MATERIALIZED (
    SELECT DISTINCT {{column}} AS number, a.member_id FROM activity a
    WHERE {BUYS} AND a.occurred_at >= ? AND a.occurred_at < ?)
SELECT number, COUNT(*) FROM pairs GROUP BY number
UNION ALL SELECT {WHOLE}, COUNT(DISTINCT member_id) FROM pairs WHERE number <> {BEFORE}
"""
"""One look at the receipts: who bought in which column, by column and altogether."""
MEMBERS = """
SELECT COUNT(*), COUNT(CASE WHEN joined_at >= ? THEN 1 END),
       COUNT(CASE WHEN joined_at >= ? AND joined_at < ? THEN 1 END), MIN(joined_at)
FROM member WHERE status <> 'erased' AND joined_at < ?
"""
OPENED = """
SELECT CASE WHEN day >= ? THEN 0 ELSE 1 END, COALESCE(SUM(opened), 0) FROM referral_visits
WHERE day >= ? AND day <= ? GROUP BY 1
"""
INVITED = f"""
SELECT CASE WHEN r.bound_at >= ? THEN 0 ELSE 1 END, COUNT(*),
       COUNT(CASE WHEN r.state IN ('qualified', 'rewarded') OR EXISTS (
           SELECT 1 FROM activity a WHERE a.member_id = r.friend_id AND {BUYS}) THEN 1 END),
       COUNT(CASE WHEN r.state IN ('qualified', 'rewarded') THEN 1 END),
       COUNT(CASE WHEN r.state IN ('qualified', 'rewarded')
                   AND r.referrer_points + r.friend_points > 0 THEN 1 END)
FROM referral r WHERE r.bound_at >= ? AND r.bound_at < ? GROUP BY 1
"""
CHALLENGES = """
SELECT c.id, c.state, c.spent, c.budget, c.starts_at, c.ends_at,
       COUNT(DISTINCT CASE WHEN e.state <> 'outside' THEN e.member_id END),
       COUNT(DISTINCT CASE WHEN e.completed_at IS NOT NULL THEN e.member_id END)
FROM challenge c LEFT JOIN challenge_entry e ON e.challenge_id = c.id AND e.arm = 'treatment'
WHERE c.state IN ('live', 'paused', 'ending', 'scheduled')
GROUP BY c.id, c.state, c.spent, c.budget, c.starts_at, c.ends_at
ORDER BY CASE c.state WHEN 'scheduled' THEN 1 ELSE 0 END, c.ends_at, c.id LIMIT ?
"""
NAMES = "SELECT challenge_id, locale, name FROM challenge_text WHERE challenge_id IN (?*)"
COUNTS = f"""
SELECT (SELECT COUNT(*) FROM activity
        WHERE state IN ('parked', 'under_review') AND state = 'under_review'),
       (SELECT COUNT(*) FROM referral_appeal WHERE state = 'open'),
       (SELECT COUNT(*) FROM challenge WHERE state IN ('live', 'paused', 'ending')
         AND budget IS NOT NULL AND spent * 100 > budget * {ALMOST_SPENT}),
       (SELECT COUNT(*) FROM challenge),
       (SELECT COUNT(*) FROM (SELECT 1 FROM activity WHERE type = 'purchase' LIMIT 1) x)
"""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of the period and of the one before."""

    now: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far friends got who were invited in the period. `opened` are openings, no people."""

    opened: Count
    joined: Count
    bought: Count
    qualified: Count
    paid: Count


@dataclass(frozen=True, slots=True)
class RunningChallenge:
    """A challenge under way or about to begin. `days_left` counts today; 0 when it is over.

    Points in `spent` and `budget`; no budget where points are no reward.
    """

    id: int
    name: Named
    state: str
    spent: int
    budget: int | None
    starts_on: date | None
    ends_on: date | None
    days_left: int
    entered: int
    completed: int

    @property
    def share(self) -> int:
        """How much of the budget is spent, in hundredths, rounded down."""
        return min(self.spent * 100 // self.budget, 100) if self.budget else 0

    @property
    def is_almost_spent(self) -> bool:
        """Whether somebody should look at its budget."""
        return self.budget is not None and self.spent * 100 > self.budget * ALMOST_SPENT


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person's decision. `appeals` are among `invitations`."""

    receipts: int
    invitations: int
    appeals: int
    budgets: int

    @property
    def total(self) -> int:
        """All that waits."""
        return self.receipts + self.invitations + self.budgets


@dataclass(frozen=True, slots=True)
class Dashboard:
    """People and what goes on, for a period.

    `active_by_column` has as many numbers as the period has columns; somebody who is active
    in two of them counts in both. `began` is the day the first member joined: before it there
    is nothing to compare with. `moment` is the shop's own time of asking. `set_up` are the
    steps of a shop that begins, done or not.
    """

    period: Period
    moment: datetime
    members: int
    active: Count
    active_by_column: tuple[int, ...]
    joined: Count
    friends: Funnel
    challenges: tuple[RunningChallenge, ...]
    waiting: Waiting
    began: date | None
    set_up: dict[str, bool]

    @property
    def is_comparable(self) -> bool:
        """Whether the shop had members all through the period before."""
        if self.began is None:
            return False
        return self.began <= self.period.eve


def dashboard_of(world: World, days: int) -> Dashboard:
    """The last so many local days. Raises ProgrammeMissing."""
    store = Store(world.connection)
    zone = current_definitions(world.session).programme.zone
    period = period_of(world, days, zone)
    people = store.first(MEMBERS, period.since, period.before, period.since, period.until)
    assert people is not None, "a count always answers"
    waiting, set_up = _waiting(world, store, has_members=bool(people[0]))
    active, by_column = _active(store, period)
    return Dashboard(
        period=period,
        moment=world.now.astimezone(zone),
        members=int(people[0]),
        active=active,
        active_by_column=by_column,
        joined=Count(int(people[1]), int(people[2])),
        friends=_friends(store, period),
        challenges=_challenges(store, world, period),
        waiting=waiting,
        began=None if people[3] is None else local_day(from_micros(people[3]), zone),
        set_up=set_up,
    )


def _active(store: Store, period: Period) -> tuple[Count, tuple[int, ...]]:
    sql = ACTIVE.format(column=column_sql("a.occurred_at", period))
    found = {row[0]: int(row[1]) for row in store.rows(sql, period.before, period.until)}
    numbers = tuple(found.get(n, 0) for n in range(len(period.columns)))
    return Count(found[WHOLE], found.get(BEFORE, 0)), numbers


def _friends(store: Store, period: Period) -> Funnel:
    days = (period.first.isoformat(), period.eve.isoformat(), period.today.isoformat())
    opened = {row[0]: int(row[1]) for row in store.rows(OPENED, *days)}
    invited = {
        row[0]: [int(count) for count in row[1:]]
        for row in store.rows(INVITED, period.since, period.before, period.until)
    }
    none = [0, 0, 0, 0]
    pairs = zip(invited.get(0, none), invited.get(1, none), strict=True)
    return Funnel(Count(opened.get(0, 0), opened.get(1, 0)), *(Count(*pair) for pair in pairs))


def _challenges(store: Store, world: World, period: Period) -> tuple[RunningChallenge, ...]:
    rows = store.rows(CHALLENGES, MOST_CHALLENGES)
    names: dict[int, dict[str, str]] = {}
    for challenge_id, locale, name in store.in_list(NAMES, [row[0] for row in rows]):
        names.setdefault(challenge_id, {})[locale] = name
    zone = current_definitions(world.session).programme.zone

    def day(micros: int | None, less: int = 0) -> date | None:
        return None if micros is None else local_day(from_micros(micros - less), zone)

    def running(row: Any) -> RunningChallenge:
        ends_on = day(row[5], 1)
        left = 0 if ends_on is None else max((ends_on - period.today).days + 1, 0)
        return RunningChallenge(
            id=row[0],
            name=Named(str(row[0]), names.get(row[0], {})),
            state=row[1],
            spent=int(row[2]),
            budget=None if row[3] is None else int(row[3]),
            starts_on=day(row[4]),
            ends_on=ends_on,
            days_left=0 if row[5] is not None and row[5] <= to_micros(world.now) else left,
            entered=int(row[6]),
            completed=int(row[7]),
        )

    return tuple(running(row) for row in rows)


def _waiting(world: World, store: Store, *, has_members: bool) -> tuple[Waiting, dict[str, bool]]:
    row = store.first(COUNTS)
    assert row is not None, "a count always answers"
    receipts, appeals, budgets, challenges, purchases = (int(count) for count in row)
    set_up = {
        "shop": True,
        "tiers": True,
        "members": has_members,
        "purchase": purchases > 0,
        "challenge": challenges > 0,
    }
    return Waiting(receipts, held_count(world), appeals, budgets), set_up
