"""Whom an audience holds, as the builder and the segments' page show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from gamification.audiences.conditions import (
    Audience,
    InStage,
    InTier,
    OfValue,
    Stage,
    Value,
    parse_audience,
)
from gamification.audiences.moments import COUNTED, KEPT
from gamification.audiences.queries import Use, audience_uses
from gamification.audiences.rhythm import rhythm_on
from gamification.audiences.sets import Step, emptied_by, explain, members_of, sample, spread
from gamification.audiences.stages import Rhythm
from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions, current_definitions
from gamification.members.queries import AGREED, HERE
from gamification.programme import local_day
from gamification.readmodels.cities import NOWHERE, Cities, known_cities
from gamification.readmodels.friends import short_name
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.tiers.tables import Tier
from gamification.world import World

__all__ = [
    "AudienceView",
    "Choices",
    "ListView",
    "SamplePerson",
    "SegmentView",
    "ShopMap",
    "Step",
    "Use",
    "agreed_now",
    "audience_size",
    "audience_view",
    "choices",
    "member_lists",
    "segments",
    "shop_map",
]

SAMPLE = 10
STAGES: tuple[Stage, ...] = get_args(Stage)
VALUES: tuple[Value, ...] = get_args(Value)


MEDALS = "SELECT code FROM achievement WHERE state = 'live' ORDER BY position, id"
MOST_CHOICES = 50
LATEST = "(SELECT id, store, channel FROM activity ORDER BY id DESC LIMIT 2000) a"
"""Where the words of a shop are looked for: its latest receipts say what is usual."""


def _usual(column: str, source: str) -> str:
    return (
        f"SELECT {column} FROM {source} WHERE {column} IS NOT NULL AND {column} <> ''"
        f" GROUP BY {column} ORDER BY COUNT(*) DESC, {column} LIMIT {MOST_CHOICES}"
    )


CATEGORIES = _usual("l.category", f"{LATEST} JOIN activity_line l ON l.activity_id = a.id")
STORES, CHANNELS = _usual("a.store", LATEST), _usual("a.channel", LATEST)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """A member of the sample and what is known of them now: facts that let them in.

    Money kept in minor units; days are local dates. `value` None: never bought.
    """

    public_id: str
    name: str | None
    tier: str
    joined_on: date
    purchases: int
    kept: int
    last_on: date | None
    stage: Stage
    value: Value | None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class AudienceView:
    """An audience now: its size, how it came to that, a few of its members.

    `steps` begin with everybody who takes part; `emptied` is the one after which nobody
    was left, None while somebody is; `agreed` are so many who agreed to news.
    """

    size: int
    steps: tuple[Step, ...]
    emptied: Step | None
    people: tuple[SamplePerson, ...]
    agreed: int = 0


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A saved segment, what it means, and what leans on it."""

    id: int
    name: str
    audience: Audience
    created_at: datetime
    created_by: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """A list that was brought in: its counts, how many stand on it still, what leans on it."""

    id: int
    name: str
    matched: int
    duplicates: int
    unmatched: int
    standing: int
    created_at: datetime
    created_by: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What conditions may name: tiers, medals by code, categories, places of receipts, cities."""

    tiers: tuple[Named, ...]
    medals: tuple[str, ...]
    categories: tuple[str, ...]
    stores: tuple[str, ...]
    channels: tuple[str, ...]
    cities: Cities = NOWHERE


@dataclass(frozen=True, slots=True)
class ShopMap:
    """How many members are at each stage and of each kind by value, and the cycle behind it."""

    stages: dict[Stage, int]
    values: dict[Value, int]
    rhythm: Rhythm


def audience_size(world: World, audience: Audience) -> int:
    """How many members an audience holds now. Raises ProgrammeMissing."""
    store, zone = Store(world.connection), _zone(world)
    return len(members_of(store, audience, to_micros(world.now), zone))


def audience_view(world: World, audience: Audience) -> AudienceView:
    """An audience now, with a sample that is the same while its members are.

    Raises:
        ProgrammeMissing: nobody has set the programme up.
    """
    store, definitions = Store(world.connection), current_definitions(world.session)
    zone, now = definitions.programme.zone, to_micros(world.now)
    rhythm = rhythm_on(store, local_day(world.now, zone), zone)
    steps = explain(store, audience, now, zone, rhythm=rhythm)
    found = members_of(store, audience, now, zone, rhythm=rhythm)
    people = _people(store, definitions, sample(found, SAMPLE), now, rhythm)
    agreed = agreed_among(store, found)
    return AudienceView(len(found), tuple(steps), emptied_by(steps), people, agreed)


def agreed_now(world: World) -> int:
    """How many of all members agreed to news."""
    return agreed_among(Store(world.connection), None)


def agreed_among(store: Store, people: set[int] | None) -> int:
    """How many of some members, of all without any, agreed to news."""
    what = "COUNT(*)" if people is None else "m.id"
    rows = store.rows(f"SELECT {what} FROM member m WHERE {HERE} AND {AGREED}")
    return int(rows[0][0]) if people is None else sum(row[0] in people for row in rows)


def segments(world: World) -> tuple[SegmentView, ...]:
    """Every segment that is not archived, by name."""
    store = Store(world.connection)
    uses = audience_uses(store).segments
    rows = store.rows(
        "SELECT id, name, audience, created_at, created_by FROM segment"
        " WHERE archived_at IS NULL ORDER BY name, id"
    )
    return tuple(
        SegmentView(key, name, parse_audience(value), from_micros(at), by, uses.get(key, ()))
        for key, name, value, at, by in rows
    )


def member_lists(world: World) -> tuple[ListView, ...]:
    """Every list that is not archived, the newest first."""
    store = Store(world.connection)
    uses = audience_uses(store).lists
    rows = store.rows(
        "SELECT l.id, l.name, l.matched, l.duplicates, l.unmatched, COUNT(e.member_id),"
        " l.created_at, l.created_by FROM member_list l"
        " LEFT JOIN member_list_entry e ON e.list_id = l.id WHERE l.archived_at IS NULL"
        " GROUP BY l.id, l.name, l.matched, l.duplicates, l.unmatched, l.created_at, l.created_by"
        " ORDER BY l.id DESC"
    )
    return tuple(
        ListView(key, name, met, again, strange, left, from_micros(at), by, uses.get(key, ()))
        for key, name, met, again, strange, left, at, by in rows
    )


def choices(world: World) -> Choices:
    """What this shop has to choose from; of categories and places the most usual."""
    store = Store(world.connection)
    tiers = world.session.exec(select(Tier).order_by(col(Tier.position)))
    medals, categories, stores, channels = (
        tuple(word for (word,) in store.rows(sql)) for sql in (MEDALS, CATEGORIES, STORES, CHANNELS)
    )
    return Choices(
        tuple(Named(tier.code, tier.names) for tier in tiers),
        medals,
        categories,
        stores,
        channels,
        known_cities(store),
    )


def shop_map(world: World) -> ShopMap:
    """Stages and kinds by value of everybody who takes part. Raises ProgrammeMissing."""
    store, zone = Store(world.connection), _zone(world)
    rhythm = rhythm_on(store, local_day(world.now, zone), zone)
    stages, values = spread(store, to_micros(world.now), zone, rhythm=rhythm)
    return ShopMap(
        {stage: stages[stage] for stage in STAGES},
        {value: values[value] for value in VALUES},
        rhythm,
    )


def _zone(world: World) -> ZoneInfo:
    return current_definitions(world.session).programme.zone


def _people(
    store: Store, definitions: Definitions, ids: Sequence[int], now: int, rhythm: Rhythm
) -> tuple[SamplePerson, ...]:
    zone = definitions.programme.zone
    rows = {
        row[0]: row
        for row in store.in_list(
            "SELECT m.id, m.public_id, m.name, m.joined_at, m.city,"
            f" COUNT(CASE WHEN {KEPT} THEN 1 END), COALESCE(SUM(a.amount_left), 0),"
            f" MAX(CASE WHEN {KEPT} THEN a.occurred_at END) FROM member m"
            " LEFT JOIN activity a ON a.member_id = m.id AND a.type IN ('purchase', 'return')"
            f" AND {COUNTED} WHERE m.id IN (?*)"
            " GROUP BY m.id, m.public_id, m.name, m.joined_at, m.city",
            ids,
        )
    }
    sets = {
        word: members_of(store, Audience(all=(asked,)), now, zone, only=ids, rhythm=rhythm)
        for word, asked in (
            *((tier.code, InTier(tiers=(tier.code,))) for tier in definitions.tiers),
            *((f"stage:{stage}", InStage(stages=(stage,))) for stage in STAGES),
            *((f"value:{value}", OfValue(values=(value,))) for value in VALUES),
        )
    }

    def person(member_id: int) -> SamplePerson:
        _, public_id, name, joined, city, purchases, kept, last = rows[member_id]
        return SamplePerson(
            public_id=public_id,
            name=short_name(name),
            tier=next(t.code for t in definitions.tiers if member_id in sets[t.code]),
            joined_on=local_day(from_micros(joined), zone),
            purchases=int(purchases),
            kept=int(kept),
            last_on=None if last is None else local_day(from_micros(last), zone),
            stage=next(stage for stage in STAGES if member_id in sets[f"stage:{stage}"]),
            value=next((value for value in VALUES if member_id in sets[f"value:{value}"]), None),
            city=city,
        )

    return tuple(person(member_id) for member_id in ids)
