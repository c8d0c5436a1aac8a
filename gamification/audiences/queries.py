"""Reads of saved segments and lists, and of what leans on them."""

from dataclasses import dataclass

from gamification.audiences.conditions import Audience, lists_in, parse_audience, segments_in
from gamification.store import Store

HOLDERS: tuple[tuple[str, str], ...] = (
    ("segment", "SELECT id, name, audience FROM segment WHERE archived_at IS NULL ORDER BY id"),
    (
        "challenge",
        "SELECT id, code, terms -> 'audience' FROM challenge WHERE state IN"
        " ('draft', 'scheduled', 'live', 'paused') AND terms -> 'audience' IS NOT NULL"
        " ORDER BY id",
    ),
)
"""Everything that keeps an audience: what it is, and a query for id, name and audience.

Whatever comes to keep one stands here too, while it is in use; then nothing that it leans
on is archived or changed under it, and pages can name it.
"""


@dataclass(frozen=True, slots=True)
class Use:
    """Something that leans on a segment or a list: its kind, id and name."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Uses:
    """What leans on each segment and on each list, by their ids."""

    segments: dict[int, tuple[Use, ...]]
    lists: dict[int, tuple[Use, ...]]


def audience_of_segment(store: Store, segment_id: int) -> Audience | None:
    """What a segment is, archived or not; None where there is none."""
    row = store.first("SELECT audience FROM segment WHERE id = ?", segment_id)
    return None if row is None else parse_audience(row[0])


def kinds_in(store: Store, audience: Audience) -> frozenset[str]:
    """The kinds of all conditions that an audience asks, those of its segments included."""
    kinds, seen, waiting = set[str](), set[int](), [audience]
    while waiting:
        asked = waiting.pop()
        kinds |= {one.kind for one in asked.conditions}
        for segment_id in segments_in(asked) - seen:
            seen.add(segment_id)
            waiting += filter(None, [audience_of_segment(store, segment_id)])
    return frozenset(kinds)


def audience_uses(store: Store) -> Uses:
    """What leans on every segment and list; each kind of holder is read once."""
    uses = Uses({}, {})
    for kind, sql in HOLDERS:
        for held_id, name, value in store.rows(sql):
            audience, use = parse_audience(value), Use(kind, held_id, name)
            for segment_id in segments_in(audience):
                uses.segments[segment_id] = (*uses.segments.get(segment_id, ()), use)
            for list_id in lists_in(audience):
                uses.lists[list_id] = (*uses.lists.get(list_id, ()), use)
    return uses
