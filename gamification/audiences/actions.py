"""Write saved segments and lists."""

from collections.abc import Collection

from gamification.audiences.conditions import (
    Audience,
    HasMedal,
    InSegment,
    InTier,
    OnList,
    canonical,
)
from gamification.audiences.queries import audience_of_segment
from gamification.audiences.sets import DEEPEST
from gamification.refusals import InvalidAudience, NameTaken
from gamification.store import Store, compact_json

NAMED: tuple[tuple[str, str], ...] = (
    ("tier", "SELECT code FROM tier"),
    ("medal", "SELECT code FROM achievement"),
    ("segment", "SELECT id FROM segment WHERE archived_at IS NULL"),
    ("member_list", "SELECT id FROM member_list WHERE archived_at IS NULL"),
)
"""What a condition may lead to, and where it has to be."""


def check_audience(store: Store, audience: Audience) -> None:
    """Refuse an audience that leads to what is not there.

    Raises:
        InvalidAudience: a tier, medal, segment or list that is unknown, or segments that
            stand too deep one within another.
    """
    wanted = _led_to(audience)
    for part, sql in NAMED:
        if wanted[part]:
            known = {row[0] for row in store.rows(sql)}
            missing = sorted(wanted[part] - known, key=str)
            if missing:
                raise InvalidAudience(part=part, value=missing[0])
    if _depth(store, audience) > DEEPEST:
        raise InvalidAudience(part="depth", value=DEEPEST)


def _led_to(audience: Audience) -> dict[str, set[str | int]]:
    wanted: dict[str, set[str | int]] = {part: set() for part, _ in NAMED}
    for condition in audience.conditions:
        if isinstance(condition, InTier):
            wanted["tier"].update(condition.tiers)
        elif isinstance(condition, HasMedal):
            wanted["medal"].add(condition.medal)
        elif isinstance(condition, InSegment):
            wanted["segment"].add(condition.segment_id)
        elif isinstance(condition, OnList):
            wanted["member_list"].add(condition.list_id)
    return wanted


def _depth(store: Store, audience: Audience) -> int:
    """How many segments stand one within another; counts no further than is refused."""
    layer, depth = {audience}, 0
    while depth <= DEEPEST:
        ids = {
            x.segment_id for one in layer for x in one.conditions if isinstance(x, InSegment)
        }  # fmt: skip
        if not ids:
            return depth
        found = (audience_of_segment(store, segment_id) for segment_id in sorted(ids))
        layer, depth = {one for one in found if one is not None}, depth + 1
    return depth


def write_segment(
    store: Store, segment_id: int | None, name: str, audience: Audience, *, actor: str, now: int
) -> int:
    """A new segment, or another meaning of an old one; answers its id.

    Raises:
        NameTaken: another segment that is not archived bears the name.
    """
    _refuse_taken(store, "segment", name, segment_id)
    value = compact_json(canonical(audience))
    if segment_id is None:
        columns = ("name", "audience", "created_at", "created_by")
        store.insert("segment", [(name, value, now, actor)], columns=columns)
        return _id_of(store, "segment", name)
    store.update("segment", ("id", "name", "audience"), [(segment_id, name, value)])
    return segment_id


def write_list(
    store: Store,
    name: str,
    members: Collection[int],
    *,
    duplicates: int,
    unmatched: int,
    actor: str,
    now: int,
) -> int:
    """A list and who stands on it; answers its id.

    Raises:
        NameTaken: another list that is not archived bears the name.
    """
    _refuse_taken(store, "member_list", name, None)
    columns = ("name", "matched", "duplicates", "unmatched", "created_at", "created_by")
    row = (name, len(members), duplicates, unmatched, now, actor)
    store.insert("member_list", [row], columns=columns)
    list_id = _id_of(store, "member_list", name)
    store.insert("member_list_entry", [(list_id, member_id) for member_id in sorted(members)])
    return list_id


def _refuse_taken(store: Store, table: str, name: str, own: int | None) -> None:
    row = store.first(f"SELECT id FROM {table} WHERE name = ? AND archived_at IS NULL", name)
    if row is not None and row[0] != own:
        raise NameTaken(name=name)


def _id_of(store: Store, table: str, name: str) -> int:
    row = store.first(f"SELECT id FROM {table} WHERE name = ? AND archived_at IS NULL", name)
    assert row is not None, "it was written in this transaction"
    return int(row[0])
