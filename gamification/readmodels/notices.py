"""What the outbox and a member's inbox look like from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gamification.notices import queries
from gamification.notices.queries import InboxItem, inbox, unread_count
from gamification.notices.tables import Notice
from gamification.world import World

__all__ = [
    "InboxItem",
    "OutboxRow",
    "counts_by_state",
    "inbox",
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
