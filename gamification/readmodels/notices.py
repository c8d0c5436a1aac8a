"""What the outbox and a member's inbox look like from outside."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from gamification.achievements.tables import Achievement, AchievementText
from gamification.notices import queries
from gamification.notices.queries import InboxItem, Parcel, inbox, unread_count
from gamification.notices.tables import Notice
from gamification.programme import ProgrammeRow
from gamification.readmodels.views import Named
from gamification.tiers.tables import Tier
from gamification.world import World

__all__ = [
    "InboxItem",
    "OutboxRow",
    "counts_by_state",
    "inbox",
    "letter_values",
    "oldest_open",
    "outbox",
    "unread_count",
]

counts_by_state = queries.counts_by_state
oldest_open = queries.oldest_open


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message of the outbox, whatever became of it."""

    id: int
    kind: str
    channel: str
    purpose: str
    member_id: int | None
    recipient: str | None
    locale: str
    payload: dict[str, Any]
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    last_error: str | None


def outbox(world: World, *, state: str | None = None, limit: int = 200) -> list[OutboxRow]:
    """The latest messages, oldest of them first."""
    return [_row(notice) for notice in queries.outbox(world, state=state, limit=limit)]


def _row(notice: Notice) -> OutboxRow:
    return OutboxRow(**{name: getattr(notice, name) for name in OutboxRow.__dataclass_fields__})


def letter_values(world: World, parcel: Parcel) -> dict[str, Any]:
    """What the words of a message need: its payload, the shop, and names people gave.

    `tier` and `medal` become `Named`; a medal without a shop's own text has no names.
    `on` becomes a date.
    """
    row = world.session.exec(select(ProgrammeRow.name, ProgrammeRow.currency)).first()
    values: dict[str, Any] = dict(parcel.payload)
    values["shop"], values["currency"] = row or ("Laurel", None)
    for name, find in {"tier": _named_tier, "medal": _named_medal}.items():
        if isinstance(values.get(name), str):
            values[name] = find(world, values[name])
    if isinstance(values.get("on"), str):
        values["on"] = date.fromisoformat(values["on"])
    return values


def _named_tier(world: World, code: str) -> Named:
    names = world.session.exec(select(Tier.names).where(Tier.code == code)).first()
    return Named(code, names or {})


def _named_medal(world: World, code: str) -> Named:
    texts = (
        select(AchievementText.locale, AchievementText.name)
        .join(Achievement, col(Achievement.id) == col(AchievementText.achievement_id))
        .where(col(Achievement.code) == code)
    )
    return Named(code, dict(world.session.exec(texts).all()))
