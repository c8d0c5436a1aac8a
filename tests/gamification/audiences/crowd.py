"""A crowd of members with every kind of past.

Rows are written as tables keep them, without the engine: what it would write is told in
the stories.
"""

import random
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from gamification.columns import from_micros, to_micros
from gamification.members.rules import city_key
from gamification.store import Store

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=ZONE)
CATEGORIES = ("cakes", "coffee", "tea")
STORES, CHANNELS = (None, "market", "station"), (None, "app", "till")
CITIES = (None, "Орёл", "г. ОРЕЛ", "Тверь", "город Тверь", "York", None)
"""What the members of the crowd wrote, in turn; two spellings each of the first and second."""
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
        city = CITIES[member_id % len(CITIES)]
        row = {
            "id": member_id, "public_id": str(UUID(int=member_id)), "name": f"Name {member_id}",
            "search": "", "locale": "en", "status": status, "origin": "till", "invited": False,
            "joined_at": self.instant(), "birthday": None if born is None else born.isoformat(),
            "city": city, "city_key": None if city is None else city_key(city),
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
                 cause, 1, 1, None, 0),
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
               "2026-12-31", None, None, qualified, 0, 0, None, None, 0)  # fmt: skip
        self.store.insert("referral", [row])
