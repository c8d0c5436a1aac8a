"""A crowd of members with every kind of past, and a slow, plain judge of who belongs where.

Rows are written as tables keep them, without the engine: what it would write is told in
the stories. The judge reads whole tables and knows no SQL beyond that.
"""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from gamification.audiences.conditions import Audience, Condition
from gamification.columns import from_micros, to_micros
from gamification.store import Store

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=ZONE)
CATEGORIES = ("cakes", "coffee", "tea")
STORES, CHANNELS = (None, "market", "station"), (None, "app", "till")
TIERS = ("bronze", "silver", "gold")
MEDALS = ("first-step", "regular")
PURPOSES = ("marketing", "friends")
STATES = ("counted",) * 6 + ("partly_returned",) * 2 + ("returned", "under_review", "superseded")
HOUR = timedelta(hours=1)


class Crowd:
    """Writes the crowd; the same seed, the same crowd."""

    def __init__(self, store: Store, seed: int, people: int) -> None:
        self.store = store
        self.draw = random.Random(seed)
        self.people = people
        self.serial = 1_000

    def next_id(self) -> int:
        self.serial += 1
        return self.serial

    def instant(self, most_days: int = 500) -> int:
        """Some moment before now; often at a midnight of the shop."""
        when = NOW - timedelta(
            days=self.draw.randrange(-3, most_days), hours=self.draw.randrange(9)
        )
        if self.draw.random() < 0.3:
            when = datetime.combine(when.date(), datetime.min.time(), ZONE)
        return to_micros(when)

    def write(self) -> None:
        self.definitions()
        for member_id in range(1, self.people + 1):
            self.member(member_id)
        for member_id in range(1, self.people + 1):
            self.past(member_id)
        for list_id in (1, 2):
            chosen = self.draw.sample(range(1, self.people + 1), self.people // 3)
            row = (list_id, f"list {list_id}", len(chosen), 0, 0, 0, "", None)
            self.store.insert("member_list", [row])
            self.store.insert("member_list_entry", [(list_id, i) for i in sorted(chosen)])

    def definitions(self) -> None:
        insert = self.store.insert
        insert("tier", [(i, c, i, i * 100, "clay", "{}", "[]") for i, c in enumerate(TIERS, 1)])
        insert("measure", [(1, "0" * 64, '{"kind":"count"}', None, "active", 0, 0)])
        medals = [(i, c, i, "once", "open", "live", "keep", None) for i, c in enumerate(MEDALS, 1)]
        insert("achievement", medals)
        insert("achievement_version", [(i, i, 1, "{}", 1, 0) for i, _ in enumerate(MEDALS, 1)])
        insert("referral_terms", [
            (1, 0, True, 1, 1, 0, 1, 14, 60, 30, "first", 10, 30, None, 0, 0, 0, ""),
        ])  # fmt: skip

    def member(self, member_id: int) -> None:
        draw = self.draw
        status = draw.choice(("active",) * 8 + ("blocked", "erased"))
        leaving = None if draw.random() < 0.9 else to_micros(NOW)
        born = (
            None
            if draw.random() < 0.3
            else date(1990, draw.randrange(1, 13), draw.randrange(1, 28))
        )
        row = {
            "id": member_id, "public_id": str(UUID(int=member_id)), "name": f"Name {member_id}",
            "search": "", "locale": "en", "status": status, "origin": "till", "invited": False,
            "joined_at": self.instant(), "birthday": None if born is None else born.isoformat(),
            "leaving_at": leaving, "erase_at": leaving, "celebrated_upto": 0,
        }  # fmt: skip
        self.store.insert("member", [tuple(row.values())], columns=tuple(row))

    def past(self, member_id: int) -> None:
        draw = self.draw
        acts = [self.activity(member_id) for _ in range(draw.choice((0, 1, 2, 5, 12)))]
        self.standings(member_id, acts)
        self.awards(member_id, acts)
        for _ in range(draw.randrange(4)):
            at = draw.choice((self.instant(), to_micros(NOW - 30 * 24 * HOUR)))
            row = (draw.choice(PURPOSES), member_id, draw.random() < 0.6, at, "t", "web", "member")
            columns = ("purpose", "member_id", "given", "at", "text_version", "channel", "actor")
            self.store.insert("consent", [row], columns=columns)
        if member_id > 1 and draw.random() < 0.4:
            self.referral(member_id)

    def activity(self, member_id: int) -> int:
        draw, key = self.draw, self.next_id()
        kind = draw.choice(("purchase",) * 8 + ("return", "check_in"))
        state, at = draw.choice(STATES), self.instant()
        amount = draw.choice((500, 1_000, 2_500)) * (-1 if kind == "return" else 1)
        left = {"counted": amount, "partly_returned": amount // 2}.get(state, 0)
        if kind == "check_in":
            amount = left = 0
        day = from_micros(at).astimezone(ZONE).date().isoformat()
        row = {
            "id": key, "source": "till", "external_id": str(key), "member_id": member_id,
            "type": kind, "state": state, "occurred_at": at, "recorded_at": at,
            "zone": ZONE.key, "local_date": day, "local_minute": 0, "amount": amount,
            "amount_left": left, "base": amount, "base_left": left, "points": 0, "points_left": 0,
            "points_paid": 0, "line_count": 2, "store": draw.choice(STORES),
            "channel": draw.choice(CHANNELS), "body_hash": "x",
        }  # fmt: skip
        self.store.insert("activity", [tuple(row.values())], columns=tuple(row))
        columns = ("activity_id", "line_no", "category", "quantity", "quantity_left",
                   "amount", "paid", "base")  # fmt: skip
        lines = [
            (key, n, draw.choice((None, *CATEGORIES)), q, draw.choice((0, q)), 100, 0, 100)
            for n, q in ((1, 1000), (2, draw.choice((0, 2000))))
        ]
        self.store.insert("activity_line", lines, columns=columns)
        return key

    def standings(self, member_id: int, acts: list[int]) -> None:
        for _ in range(self.draw.randrange(4)):
            when = from_micros(self.instant()).astimezone(ZONE).date().isoformat()
            cause = self.draw.choice((None, *acts))
            if cause is not None and self.draw.random() < 0.7:
                [(when,)] = self.store.rows("SELECT local_date FROM activity WHERE id = ?", cause)
            reason = self.draw.choice(("reached", "kept", "stepped_down", "withdrawn"))
            voided = self.draw.choice((None, None, None, 5))
            row = (self.next_id(), member_id, when, 0, None, self.draw.randrange(1, 4), when,
                   None, None, reason, "spend", 365, 0, cause, voided)  # fmt: skip
            self.store.insert("standing_log", [row])

    def awards(self, member_id: int, acts: list[int]) -> None:
        for medal_id in (1, 2):
            if self.draw.random() < 0.5:
                continue
            key, at, cause = self.next_id(), self.instant(), self.draw.choice((None, *acts))
            if cause is not None:
                [(at,)] = self.store.rows("SELECT occurred_at FROM activity WHERE id = ?", cause)
            level = self.draw.randrange(1, 4)
            self.store.insert("award", [
                (key, member_id, medal_id, medal_id, level, "", "active", "event", at, at,
                 cause, 1, 1, None),
            ])  # fmt: skip
            log = [(self.next_id(), key, at, None, "active", "earned", cause, "engine")]
            if self.draw.random() < 0.4:
                later = at + self.draw.randrange(1, 90) * 86_400_000_000
                log.append(
                    (self.next_id(), key, later, "active", "revoked", "below", None, "engine")
                )
            self.store.insert("award_log", log)

    def referral(self, friend_id: int) -> None:
        state = self.draw.choice(
            ("registered", "qualified", "rewarded", "rewarded", "blocked", "reversed")
        )
        bound = self.instant()
        qualified = (
            bound + 20 * 86_400_000_000 if state in ("qualified", "rewarded", "reversed") else None
        )
        referrer = self.draw.randrange(1, min(friend_id, 9))
        row = (self.next_id(), referrer, friend_id, None, 1, "link", None, state, bound,
               "2026-12-31", None, None, qualified, 0, 0, None, None)  # fmt: skip
        self.store.insert("referral", [row])


@cache
def local_date(instant: int) -> date:
    return from_micros(instant).astimezone(ZONE).date()


class Judge:
    """Decides member by member, reading plain rows."""

    def __init__(self, store: Store, as_of: int, segments: dict[int, Audience]) -> None:
        self.at = as_of
        self.segments = segments
        self.today = from_micros(as_of).astimezone(ZONE).date()
        self.last = from_micros(as_of - 1).astimezone(ZONE).date()
        self.members = {
            row[0]: row
            for row in store.rows("SELECT id, status, leaving_at, joined_at, birthday FROM member")
        }
        self.acts = self.grouped(store, "id, type, state, occurred_at, amount_left, store,"
                                        " channel, local_date", "activity")  # fmt: skip
        self.when = {a[1]: a[4] for acts in self.acts.values() for a in acts}
        self.lines: dict[int, list[Any]] = defaultdict(list)
        for line in store.rows(
            "SELECT activity_id, category, quantity, quantity_left FROM activity_line"
        ):
            self.lines[line[0]].append(line)
        self.logs = self.grouped(store, "id, effective_from, tier_id, reason, activity_id,"
                                        " voided_by", "standing_log")  # fmt: skip
        self.consents = self.grouped(store, "id, purpose, given, at", "consent")
        self.held = self.grouped(store, "id, achievement_id, level, earned_at", "award")
        self.award_logs: dict[int, list[Any]] = defaultdict(list)
        for entry in store.rows("SELECT award_id, id, at, to_status, activity_id FROM award_log"):
            self.award_logs[entry[0]].append(entry)
        self.referrals = store.rows(
            "SELECT referrer_id, friend_id, state, bound_at, qualified_at FROM referral"
        )
        self.listed = set(
            map(tuple, store.rows("SELECT list_id, member_id FROM member_list_entry"))
        )
        self.long, self.cuts = self.rhythm()

    @staticmethod
    def grouped(store: Store, columns: str, table: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in store.rows(f"SELECT member_id, {columns} FROM {table}"):
            found[row[0]].append(row)
        return found

    def members_of(self, audience: Audience) -> set[int]:
        return {
            member_id
            for member_id, row in self.members.items()
            if row[1] == "active" and row[2] is None
            and all(self.holds(x, member_id) for x in audience.all)
            and not any(self.holds(x, member_id) for x in audience.none)
        }  # fmt: skip

    def holds(self, condition: Condition, member_id: int) -> bool:
        return bool(getattr(self, condition.kind)(condition, member_id))

    def in_days(self, instant: int, days: int | None, until: date | None = None) -> bool:
        last = until or self.last
        return days is None or (last - local_date(instant)).days < days

    def kept(
        self, member_id: int, days: int | None = None, *, before: int | None = None
    ) -> list[Any]:
        """Purchases of which something is kept, before the moment."""
        end = self.at if before is None else before
        return [
            a
            for a in self.acts[member_id]
            if a[2] == "purchase" and a[3] in ("counted", "partly_returned") and a[5] > 0
            and a[4] < end and self.in_days(a[4], days)
        ]  # fmt: skip

    def money(self, member_id: int) -> list[tuple[int, int]]:
        return [
            (a[4], a[5])
            for a in self.acts[member_id]
            if a[2] in ("purchase", "return") and a[3] in ("counted", "partly_returned")
            and a[4] < self.at
        ]  # fmt: skip

    def tier(self, x: Any, m: int) -> bool:
        then = []
        for _, key, day, tier_id, reason, cause, voided in self.logs[m]:
            if voided is not None or reason == "withdrawn":
                continue
            today = self.today.isoformat()
            if day < today or (day == today and (cause is None or self.when[cause] < self.at)):
                then.append((day, key, tier_id))
        return TIERS[max(then)[2] - 1 if then else 0] in x.tiers

    def recency(self, x: Any, m: int) -> bool:
        recent = self.kept(m, x.days)
        return bool(recent) if x.within else bool(self.kept(m)) and not recent

    def frequency(self, x: Any, m: int) -> bool:
        return self.between(x, len(self.kept(m, x.days)))

    def spend(self, x: Any, m: int) -> bool:
        return self.between(x, sum(left for at, left in self.money(m) if self.in_days(at, x.days)))

    def between(self, x: Any, n: int) -> bool:
        return (x.at_least is None or n >= x.at_least) and (x.at_most is None or n <= x.at_most)

    def bought(self, x: Any, m: int) -> bool:
        return any(
            line[1] in x.categories and (line[3] != 0 or line[2] == 0)
            for act in self.kept(m, x.days)
            for line in self.lines[act[1]]
        )

    def not_bought(self, x: Any, m: int) -> bool:
        return not self.bought(x, m)

    def visited(self, x: Any, m: int) -> bool:
        return any(
            (not x.stores or act[6] in x.stores) and (not x.channels or act[7] in x.channels)
            for act in self.kept(m, x.days)
        )

    def birthday_month(self, x: Any, m: int) -> bool:
        born = self.members[m][4]
        return born is not None and int(str(born)[5:7]) in (x.months or (self.today.month,))

    def joined(self, x: Any, m: int) -> bool:
        at = self.members[m][3]
        recent = self.in_days(at, x.days)
        return recent and at <= self.at if x.within else not recent

    def consent(self, x: Any, m: int) -> bool:
        answers = [
            (at, key, given) for _, key, purpose, given, at in self.consents[m]
            if purpose == x.purpose and at <= self.at
        ]  # fmt: skip
        return bool(answers and max(answers)[2]) is x.given

    def medal(self, x: Any, m: int) -> bool:
        for _, key, medal_id, level, earned in self.held[m]:
            if MEDALS[medal_id - 1] != x.medal or level < x.level or earned > self.at:
                continue
            seen = [
                (entry, status)
                for _, entry, at, status, cause in self.award_logs[key]
                if (at <= self.at if cause is None else self.when[cause] < self.at)
            ]
            if seen and max(seen)[1] == "active":
                return True
        return False

    def invited(self, x: Any, m: int) -> bool:
        return any(r[1] == m and r[2] != "blocked" and r[3] <= self.at for r in self.referrals)

    def inviter(self, x: Any, m: int) -> bool:
        good = [r for r in self.referrals
                if r[0] == m and r[2] in ("qualified", "rewarded") and r[4] <= self.at]  # fmt: skip
        return len(good) >= x.at_least

    def segment(self, x: Any, m: int) -> bool:
        return m in self.members_of(self.segments[x.segment_id])

    def member_list(self, x: Any, m: int) -> bool:
        return (x.list_id, m) in self.listed

    def stage(self, x: Any, m: int) -> bool:
        days = sorted(local_date(a[4]) for a in self.kept(m))
        if not days:
            return "potential" in x.stages
        since, silence = (self.last - days[0]).days, (self.last - days[-1]).days
        if since <= self.long:
            stage = "new"
        elif silence <= self.long:
            stage = "active"
        else:
            stage = "at_risk" if silence <= 2 * self.long else "lapsed"
        return stage in x.stages

    def year(self, m: int, before: int) -> list[Any]:
        """Kept purchases of the 366 dates before today, and what came since."""
        first = self.today - timedelta(days=366)
        return [a for a in self.kept(m, before=before) if local_date(a[4]) >= first]

    def rhythm(self) -> tuple[int, list[list[int]]]:
        midnight = to_micros(datetime.combine(self.today, datetime.min.time(), ZONE))
        first, gaps, silent, counts, sums = self.today - timedelta(days=366), [], [], [], []
        for m in self.members:
            days = sorted({local_date(a[4]) for a in self.year(m, midnight)})
            if not days:
                continue
            gaps += [(b - a).days for a, b in pairwise(days)]
            silent.append((self.today - days[-1]).days - 1)
            counts.append(len(days))
            sums.append(sum(left for at, left in self.money(m)
                            if at < midnight and local_date(at) >= first))  # fmt: skip
        gaps.sort()
        assert len(gaps) >= 30, "the crowd comes back"
        rank = -(-len(gaps) * 9 // 10)
        return max(7, gaps[rank - 1]), [silent, counts, sums]

    def rfm(self, x: Any, m: int) -> bool:
        if not self.kept(m):
            return False
        year = self.year(m, self.at)
        if not year:
            return "lost" in x.values
        last = max(local_date(a[4]) for a in year)
        first = self.today - timedelta(days=366)
        numbers = (
            max((self.today - last).days - 1, 0),
            len({a[8] for a in year}),
            sum(left for at, left in self.money(m) if local_date(at) >= first),
        )
        silence, days, money = map(self.fifth, numbers, self.cuts)
        recency, worth = 6 - silence, -(-(days + money) // 2)
        row = ("promising", "promising", "loyal", "champions", "champions")
        table = {
            5: row, 4: row,
            3: ("promising", "promising", "loyal", "loyal", "loyal"),
            2: ("sleeping", "sleeping", "at_risk", "at_risk", "at_risk"),
            1: ("lost", "lost", "at_risk", "at_risk", "at_risk"),
        }  # fmt: skip
        return table[recency][worth - 1] in x.values

    @staticmethod
    def fifth(number: int, among: list[int]) -> int:
        """The first fifth, counted from the smallest, whose largest number is not below this."""
        ordered = sorted(among)
        for k in range(1, 5):
            if number <= ordered[-(-k * len(ordered) // 5) - 1]:
                return k
        return 5
