"""Invitations that wait for a person, by referrer and by the rule that holds them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from gamification.activities.queries import parsed
from gamification.columns import from_micros
from gamification.definitions import current_definitions
from gamification.programme import local_day
from gamification.referrals.suspicions import ACTIONS, RULES
from gamification.store import Store
from gamification.world import World

MOST_CASES = 1_000
WAITING = "state = 'in_review' AND due_at IS NULL"
"""Held, and not decided a moment ago: what is decided is due at once."""
LISTED = (
    "SELECT r.id, r.referrer_id, m.name, f.name, r.bound_at, a.amount_left, s.rule, s.action,"
    f" s.evidence FROM (SELECT * FROM referral WHERE {WAITING} ORDER BY id LIMIT"
    f" {MOST_CASES}) r JOIN member m ON m.id = r.referrer_id JOIN member f ON f.id = r.friend_id"
    " LEFT JOIN activity a ON a.id = r.purchase_id LEFT JOIN referral_signal s"
    " ON s.referral_id = r.id AND s.state = 'open' ORDER BY r.id, s.id"
)


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """One invitation: who came, what they bought, and what the rule saw.

    `evidence` is what the group's rule found; `also` are other rules that fired.
    """

    referral_id: int
    friend_name: str
    joined_on: date
    bought_minor: int
    evidence: dict[str, Any]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """Friends of one referrer that one rule holds; each case is in one group only."""

    referrer_id: int
    referrer_name: str
    rule: str
    cases: tuple[ReviewCase, ...]


def held_count(world: World) -> int:
    """How many invitations wait for a person."""
    row = Store(world.connection).first(f"SELECT COUNT(*) FROM referral WHERE {WAITING}")
    return int(row[0]) if row else 0


def review_groups(world: World) -> tuple[ReviewGroup, ...]:
    """What waits, the oldest thousand; by rule as they weigh, then the most cases first."""
    zone = current_definitions(world.session).programme.zone
    signals: defaultdict[int, list[Any]] = defaultdict(list)
    for row in Store(world.connection).rows(LISTED):
        signals[row[0]].append(row)
    groups: defaultdict[tuple[int, str, str], list[ReviewCase]] = defaultdict(list)
    for rows in signals.values():
        rows.sort(key=_weight)
        referrer_id, name, rule = rows[0][1], rows[0][2], rows[0][6] or ""
        groups[referrer_id, name, rule].append(_case(rows, zone))
    found = [ReviewGroup(*key, tuple(cases)) for key, cases in groups.items()]
    return tuple(sorted(found, key=lambda one: (_place(one.rule), -len(one.cases))))


def _weight(row: Sequence[Any]) -> tuple[int, int]:
    """Strong actions first, then the order of the rules."""
    return (-ACTIONS.index(row[7]) if row[7] else 0, _place(row[6] or ""))


def _place(rule: str) -> int:
    codes = list(RULES)
    return codes.index(rule) if rule in RULES else len(codes)


def _case(rows: Sequence[Sequence[Any]], zone: ZoneInfo) -> ReviewCase:
    first = rows[0]
    return ReviewCase(
        referral_id=first[0],
        friend_name=first[3],
        joined_on=local_day(from_micros(first[4]), zone),
        bought_minor=first[5] or 0,
        evidence=parsed(first[8]) or {},
        also=tuple(row[6] for row in rows[1:]),
    )
