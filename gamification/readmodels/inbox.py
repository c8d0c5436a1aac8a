"""A member's inbox: what they were told, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from gamification.activities.queries import parsed
from gamification.columns import from_micros, to_micros
from gamification.notices.wording import PLACES
from gamification.readmodels.faces import current_faces
from gamification.readmodels.notices import challenge_texts
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.world import World

PAGE = 20
Key = tuple[int, int]
"""Where a page ends: instant in microseconds, id."""
END: Key = (2**63 - 1, 2**63 - 1)


class InboxRow(NamedTuple):
    """One message; `tier` is named when the message is about one. `at` is in the shop's zone.

    `said` are subject and text by language, where the shop has written them itself.
    """

    id: int
    kind: str
    values: Mapping[str, Any]
    tier: Named | None
    at: datetime
    fresh: bool
    said: Mapping[str, tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox. `before` is the key of the next page, None at the end."""

    rows: tuple[InboxRow, ...]
    currency: str
    today: datetime
    before: Key | None


def inbox_of(world: World, member_id: int, *, before: Key | None = None) -> InboxPage:
    """What the member was told, from `before` on, in one statement.

    A page that speaks of challenges by their codes looks their names up in another one.
    """
    faces = current_faces(world.session)
    programme = faces.definitions.programme
    due, last = before or END
    store = Store(world.connection)
    rows = store.rows(
        "SELECT id, kind, payload, due_at, read_at, (SELECT name FROM member WHERE id ="
        " member_id) FROM notice WHERE member_id = ?"
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
    told = [(*row[:2], parsed(row[2]) or {}, *row[3:]) for row in rows[:PAGE]]
    texts = _texts(store, [values for _, _, values, *_ in told])
    found = []
    for row_id, kind, values, due_at, read_at, name in told:
        if values.get("medal") in own:
            values = values | {"names": own[values["medal"]]}
        if "medals" in values:
            medals = [{"names": own.get(one["medal"], {})} | one for one in values["medals"]]
            values = values | {"medals": medals}
        said = faces.definitions.sayings.get(kind)
        if kind in PLACES:
            known = texts.get(values.get("challenge"), {})
            values = {"name": name, "shop": programme.name} | known | values
        tier = faces.tier_named(values["tier"]) if "tier" in values else None
        at = from_micros(due_at).astimezone(programme.zone)
        found.append(InboxRow(row_id, kind, values, tier, at, read_at is None, said))
    return InboxPage(
        rows=tuple(found),
        currency=programme.currency,
        today=world.now.astimezone(programme.zone),
        before=(rows[PAGE - 1][3], rows[PAGE - 1][0]) if len(rows) > PAGE else None,
    )


def _texts(store: Store, told: Sequence[Mapping[str, Any]]) -> dict[Any, dict[str, Any]]:
    """What challenges are called that messages name by their codes alone."""
    codes = [values["challenge"] for values in told if "challenge" in values]
    return dict(challenge_texts(store, codes)) if codes else {}
