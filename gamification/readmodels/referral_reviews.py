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
WAITING = (
    "SELECT id FROM referral WHERE state = 'in_review' AND due_at IS NULL"
    " UNION SELECT p.referral_id FROM referral_appeal p JOIN referral b ON b.id = p.referral_id"
    " WHERE p.state = 'open' AND b.state = 'blocked'"
)
"""Held, or ended and objected to; what was decided a moment ago is due and not among them."""
LISTED = (
    "SELECT r.id, r.referrer_id, m.name, f.name, r.bound_at, a.amount_left, s.rule, s.action,"
    " s.evidence, p.created_at, p.text, r.state"
    f" FROM (SELECT id FROM ({WAITING}) w ORDER BY id LIMIT {MOST_CASES}) w"
    " JOIN referral r ON r.id = w.id"
    " JOIN member m ON m.id = r.referrer_id JOIN member f ON f.id = r.friend_id"
    " LEFT JOIN activity a ON a.id = r.purchase_id"
    " LEFT JOIN referral_appeal p ON p.referral_id = r.id AND p.state = 'open'"
    " LEFT JOIN referral_signal s ON s.referral_id = r.id AND (s.state = 'open'"
    "  OR r.state = 'blocked' AND s.state = 'confirmed') ORDER BY r.id, s.id"
)


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """One invitation: who came, what they bought, and what the rule saw.

    `evidence` is what the group's rule found; `also` are other rules that fired. `appeal`
    is what the referrer says to it, on `appealed_on`; None where they say nothing.
    `is_ended` is an invitation that was ended already.
    """

    referral_id: int
    friend_name: str
    joined_on: date
    bought_minor: int
    evidence: dict[str, Any]
    also: tuple[str, ...] = ()
    appeal: str | None = None
    appealed_on: date | None = None
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """Friends of one referrer that one rule holds; each case is in one group only."""

    referrer_id: int
    referrer_name: str
    rule: str
    cases: tuple[ReviewCase, ...]

    @property
    def appealed(self) -> int:
        """How many of them the referrer objected to."""
        return sum(case.appealed_on is not None for case in self.cases)


def held_count(world: World) -> int:
    """How many invitations wait for a person."""
    row = Store(world.connection).first(f"SELECT COUNT(*) FROM ({WAITING}) w")
    return int(row[0]) if row else 0


def review_groups(world: World) -> tuple[ReviewGroup, ...]:
    """What waits, the oldest thousand; where somebody objects first, then by weight of the rule."""
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
    return tuple(sorted(found, key=_turn))


def _turn(one: ReviewGroup) -> tuple[bool, int, int]:
    return not one.appealed, _place(one.rule), -len(one.cases)


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
        appeal=first[10],
        appealed_on=None if first[9] is None else local_day(from_micros(first[9]), zone),
        is_ended=first[11] == "blocked",
    )
