"""A member's inbox: what they were told, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from gamification.activities.queries import parsed
from gamification.columns import from_micros, to_micros
from gamification.readmodels.faces import current_faces
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.world import World

PAGE = 20
Key = tuple[int, int]
"""Where a page ends: instant in microseconds, id."""
END: Key = (2**63 - 1, 2**63 - 1)


class InboxRow(NamedTuple):
    """One message; `tier` is named when the message is about one. `at` is in the shop's zone."""

    id: int
    kind: str
    values: Mapping[str, Any]
    tier: Named | None
    at: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox. `before` is the key of the next page, None at the end."""

    rows: tuple[InboxRow, ...]
    currency: str
    today: datetime
    before: Key | None


def inbox_of(world: World, member_id: int, *, before: Key | None = None) -> InboxPage:
    """What the member was told, from `before` on, in one statement."""
    faces = current_faces(world.session)
    programme = faces.definitions.programme
    due, last = before or END
    rows = Store(world.connection).rows(
        "SELECT id, kind, payload, due_at, read_at FROM notice WHERE member_id = ?"
        " AND channel = 'inbox' AND state <> 'dropped' AND due_at <= ?"
        " AND (due_at < ? OR (due_at = ? AND id < ?))"
        f" ORDER BY due_at DESC, id DESC LIMIT {PAGE + 1}",
        member_id,
        to_micros(world.now),
        due,
        due,
        last,
    )
    own = {f.code: f.named.names for f in faces.medals.values() if f.named is not None}
    found = []
    for row_id, kind, payload, due_at, read_at in rows[:PAGE]:
        values = parsed(payload) or {}
        if values.get("medal") in own:
            values = values | {"names": own[values["medal"]]}
        tier = faces.tier_named(values["tier"]) if "tier" in values else None
        at = from_micros(due_at).astimezone(programme.zone)
        found.append(InboxRow(row_id, kind, values, tier, at, read_at is None))
    return InboxPage(
        rows=tuple(found),
        currency=programme.currency,
        today=world.now.astimezone(programme.zone),
        before=(rows[PAGE - 1][3], rows[PAGE - 1][0]) if len(rows) > PAGE else None,
    )
