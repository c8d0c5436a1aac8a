"""Challenges as whoever makes them sees them: the list, one of them, its versions and journal."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, not_, select

from gamification.activities.queries import popular_categories
from gamification.challenges.overlaps import Shared
from gamification.challenges.tables import (
    Challenge,
    ChallengeLog,
    ChallengeText,
    ChallengeVersion,
)
from gamification.challenges.templates import TEMPLATES, Template, template_terms, usual_dates
from gamification.challenges.terms import MOST_RUNGS, MOST_STEPS, ChallengeTerms, Step, parse_terms
from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.readmodels.challenge_rehearsal import (
    CLOSE,
    IDLE,
    WINNER,
    Rehearsal,
    Sample,
    rehearse_in_steps,
)
from gamification.readmodels.challenge_report import (
    ChallengeReport,
    Effect,
    days_of,
    report_of,
)
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.tiers.tables import Tier
from gamification.world import World

__all__ = [
    "CLOSE",
    "IDLE",
    "MOST_RUNGS",
    "MOST_STEPS",
    "TEMPLATES",
    "WINNER",
    "ChallengeReport",
    "ChallengeTerms",
    "DeskFacts",
    "DeskRow",
    "Effect",
    "LogLine",
    "Rehearsal",
    "Revision",
    "Sample",
    "Shared",
    "Step",
    "Template",
    "days_of",
    "desk_facts",
    "desk_now",
    "desk_rows",
    "journal_of",
    "member_names",
    "names_of",
    "parse_terms",
    "rehearse_in_steps",
    "report_of",
    "revisions_of",
    "template_terms",
    "usual_dates",
    "versions_in_play",
]

MOST_ROWS = 200
MOST_STORES = 40
MOST_CATEGORIES = 40
STORES = (
    "SELECT store FROM (SELECT store FROM activity WHERE store IS NOT NULL"
    " ORDER BY id DESC LIMIT 5000) latest WHERE store <> '' GROUP BY store"
    " ORDER BY COUNT(*) DESC, store LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A challenge in the list: whose, when (local instants), how far, and what it cost.

    `in_play` and `finished` are members of the treatment share; `budget` and `spent` points.
    """

    id: int
    code: str
    template: str
    state: str
    names: Mapping[str, str]
    starts: datetime | None
    ends: datetime | None
    budget: int | None
    spent: int
    in_play: int
    finished: int
    saved: datetime | None
    art: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """One saved revision: when (local), and whose account."""

    number: int
    at: datetime
    actor: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogLine:
    """A step of a challenge's life, local time."""

    at: datetime
    actor: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What a builder offers to choose from, and how large the programme is.

    `members` take part, `buyers` of them bought within the last `days` days. A point is
    worth `point_worth` minor units.
    """

    now: datetime
    currency: str
    categories: tuple[str, ...]
    stores: tuple[str, ...]
    tiers: tuple[Named, ...]
    members: int
    buyers: int
    days: int
    point_worth: int = 100

    @property
    def zone(self) -> ZoneInfo:
        """The programme's zone."""
        zone = self.now.tzinfo
        assert isinstance(zone, ZoneInfo), "local instants carry the programme's zone"
        return zone


def desk_rows(world: World, *, away: bool = False) -> tuple[DeskRow, ...]:
    """Every challenge that was not put away, newest first, in four statements.

    Args:
        away: those that were put away instead, which only a copy brings back.
    """
    zone = current_definitions(world.session).programme.zone
    kept = (col(Challenge.state) != "archived") | col(Challenge.launched_at).is_not(None)
    found = world.session.exec(
        select(Challenge)
        .where(not_(kept) if away else kept)
        .order_by(col(Challenge.id).desc())
        .limit(MOST_ROWS)
    ).all()
    ids = [one.id or 0 for one in found]
    names, counts = names_of(world, ids), _counts(world, ids)
    saved = _saved(world, ids)
    return tuple(
        DeskRow(
            one.id or 0, one.code, one.template, one.state, names.get(one.id or 0, {}),
            _local(one.starts_at, zone), _local(one.ends_at, zone), one.budget, one.spent,
            *counts.get(one.id or 0, (0, 0)), _local(saved.get(one.id or 0), zone),
            one.terms.get("art", {}),
        )
        for one in found
    )  # fmt: skip


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else at.astimezone(zone)


def _counts(world: World, ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = Store(world.connection).in_list(
        "SELECT challenge_id, COUNT(DISTINCT member_id),"
        " COUNT(DISTINCT CASE WHEN completed_at IS NOT NULL THEN member_id END)"
        " FROM challenge_entry"
        " WHERE challenge_id IN (?*) AND arm = 'treatment' AND state <> 'outside'"
        " GROUP BY challenge_id",
        ids,
    )
    return {int(i): (int(n), int(done)) for i, n, done in rows}


def _saved(world: World, ids: list[int]) -> dict[int, datetime]:
    rows = Store(world.connection).in_list(
        "SELECT challenge_id, MAX(at) FROM challenge_version WHERE challenge_id IN (?*)"
        " GROUP BY challenge_id",
        ids,
    )
    return {int(i): from_micros(int(at)) for i, at in rows}


def names_of(world: World, ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The names of challenges by language."""
    wanted = sorted(set(ids))
    found: dict[int, dict[str, str]] = {}
    if wanted:
        texts = select(ChallengeText).where(col(ChallengeText.challenge_id).in_(wanted))
        for text in world.session.exec(texts):
            found.setdefault(text.challenge_id, {})[text.locale] = text.name
    return found


def revisions_of(world: World, challenge_id: int, most: int = 50) -> tuple[Revision, ...]:
    """The saved revisions, newest first."""
    zone = current_definitions(world.session).programme.zone
    rows = world.session.exec(
        select(ChallengeVersion)
        .where(col(ChallengeVersion.challenge_id) == challenge_id)
        .order_by(col(ChallengeVersion.revision).desc())
        .limit(most)
    )
    return tuple(Revision(r.revision, r.at.astimezone(zone), r.actor, r.content) for r in rows)


def journal_of(world: World, challenge_id: int, most: int = 100) -> tuple[LogLine, ...]:
    """What was done with a challenge, newest first."""
    zone = current_definitions(world.session).programme.zone
    rows = world.session.exec(
        select(ChallengeLog)
        .where(col(ChallengeLog.challenge_id) == challenge_id)
        .order_by(col(ChallengeLog.id).desc())
        .limit(most)
    )
    return tuple(LogLine(r.at.astimezone(zone), r.actor, r.what, r.reason) for r in rows)


def desk_now(world: World) -> datetime:
    """The instant, local to the programme."""
    return world.now.astimezone(current_definitions(world.session).programme.zone)


def desk_facts(world: World, days: int) -> DeskFacts:
    """What there is to choose from, with the buyers of the last so many days."""
    programme = current_definitions(world.session).programme
    store = Store(world.connection)
    since = to_micros(world.now - timedelta(days=days))
    everybody = store.first("SELECT COUNT(*) FROM member WHERE status = 'active'")
    bought = store.first(
        "SELECT COUNT(DISTINCT a.member_id) FROM activity a JOIN member m ON m.id = a.member_id"
        " AND m.status = 'active' WHERE a.type = 'purchase' AND a.amount_left > 0"
        " AND a.state IN ('counted', 'partly_returned') AND a.occurred_at >= ?"
        " AND a.occurred_at < ?",
        *(since, to_micros(world.now)),
    )
    tiers = world.session.exec(select(Tier).order_by(col(Tier.position)))
    return DeskFacts(
        world.now.astimezone(programme.zone),
        programme.currency,
        popular_categories(store, MOST_CATEGORIES),
        tuple(str(row[0]) for row in store.rows(STORES, MOST_STORES)),
        tuple(Named(tier.code, dict(tier.names)) for tier in tiers),
        int(everybody[0]) if everybody else 0,
        int(bought[0]) if bought else 0,
        days,
        programme.point_worth,
    )


def member_names(world: World, ids: Iterable[int]) -> dict[int, str]:
    """First name and initial of some members: «Анна С.»."""
    rows = Store(world.connection).in_list(
        "SELECT id, name FROM member WHERE id IN (?*)", sorted(set(ids))
    )
    return {int(i): _short(str(name or "")) for i, name in rows}


def _short(name: str) -> str:
    first, *rest = name.split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first


def versions_in_play(world: World, challenge_id: int) -> Counter[int]:
    """How many members of the treatment share play by each version of the terms."""
    rows = Store(world.connection).rows(
        "SELECT version, COUNT(DISTINCT member_id) FROM challenge_entry WHERE challenge_id = ?"
        " AND arm = 'treatment' AND state = 'joined' GROUP BY version",
        challenge_id,
    )
    return Counter({int(version): int(n) for version, n in rows})
