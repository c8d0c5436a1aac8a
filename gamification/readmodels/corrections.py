"""A member as somebody sees them who may put things right: acts that count, and the journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gamification.activities.registry import CORRECTABLE
from gamification.columns import from_micros, to_micros
from gamification.programme import zone_of
from gamification.store import Store
from gamification.world import World

MOST_ACTS = 20
MOST_KEPT = 20


class CountedAct(NamedTuple):
    """An act that counts, with the points that go when it is cancelled."""

    id: int
    type: str
    at: datetime
    points: int
    place: str | None


class KeptCorrection(NamedTuple):
    """One entry of the journal; `before` and `after` are masked, a city, or the type of an act."""

    at: datetime
    kind: str
    before: str
    after: str
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """What can be put right for a member, and what was; times in the shop's zone."""

    name: str
    phone: str | None
    email: str | None
    locale: str
    city: str
    acts: tuple[CountedAct, ...]
    journal: tuple[KeptCorrection, ...]


def to_correct(world: World, member_id: int) -> ToCorrect:
    """A member's contacts, city, latest acts and corrections, in three statements."""
    store, now = Store(world.connection), to_micros(world.now)
    row = store.first(
        "SELECT name, phone, email, locale, COALESCE((SELECT zone FROM programme), 'UTC'),"
        " city FROM member WHERE id = ?",
        member_id,
    )
    assert row is not None, "the member was just found"
    zone = zone_of(row[4])
    acts = store.in_list(
        "SELECT id, type, occurred_at, COALESCE(points, 0), store FROM activity"
        " WHERE type IN (?*) AND member_id = ? AND state = 'counted' AND occurred_at <= ?"
        f" ORDER BY occurred_at DESC, id DESC LIMIT {MOST_ACTS}",
        sorted(CORRECTABLE),
        member_id,
        now,
    )
    kept = store.rows(
        "SELECT at, kind, before, after, reason, actor FROM correction WHERE member_id = ?"
        f" AND at <= ? ORDER BY at DESC, id DESC LIMIT {MOST_KEPT}",
        member_id,
        now,
    )
    return ToCorrect(
        name=row[0],
        phone=row[1],
        email=row[2],
        locale=row[3],
        city=row[5] or "",
        acts=tuple(
            CountedAct(r[0], r[1], from_micros(r[2]).astimezone(zone), r[3], r[4]) for r in acts
        ),
        journal=tuple(KeptCorrection(from_micros(r[0]).astimezone(zone), *r[1:]) for r in kept),
    )
