"""A slow, plain judge of who belongs where: it reads whole tables and knows no SQL beyond that."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from gamification.audiences.conditions import Audience, Condition
from gamification.columns import from_micros, to_micros
from gamification.store import Store
from tests.gamification.audiences.crowd import MEDALS, TIERS, ZONE


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
            for row in store.rows(
                "SELECT id, status, leaving_at, joined_at, birthday, city FROM member"
            )
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

    def city(self, x: Any, m: int) -> bool:
        written = self.members[m][5]
        if written is None:
            return bool(x.unknown)
        ways = ({"Орёл", "г. ОРЕЛ"}, {"Тверь", "город Тверь"}, {"York", "YORK"})
        return any(written in way and way & set(x.cities) for way in ways)

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
