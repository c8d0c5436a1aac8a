"""Save whom something is for: segments with a name, lists that came as files, the rhythm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gamification.audiences.actions import check_audience, write_list, write_segment
from gamification.audiences.conditions import Audience, canonical, segments_in
from gamification.audiences.queries import Use, audience_of_segment, audience_uses
from gamification.audiences.rhythm import keep_rhythm
from gamification.columns import to_micros
from gamification.definitions import current_definitions
from gamification.members.rules import clean_name, normalise_email, normalise_phone, region_of
from gamification.programme import local_day
from gamification.refusals import (
    AudienceInUse,
    InvalidAudience,
    NobodyMatched,
    UnknownList,
    UnknownSegment,
)
from gamification.store import Store
from gamification.world import World

__all__ = [
    "ListReport",
    "ListRow",
    "archive_list",
    "archive_segment",
    "count_rhythm",
    "import_list",
    "rename_segment",
    "save_segment",
]

NAME_LENGTH = 80
SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a file with its number there: whatever it knows somebody by, as written."""

    number: int
    card: str = ""
    phone: str = ""
    email: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class ListReport:
    """What became of a list. `unmatched_rows` are the first numbers of rows that name nobody."""

    list_id: int
    matched: int
    duplicates: int
    unmatched: int
    unmatched_rows: tuple[int, ...]


def save_segment(
    world: World, *, name: str, audience: Audience, actor: str, segment_id: int | None = None
) -> int:
    """Save an audience under a name, or give a segment another name and meaning.

    Answers its id. What something leans on keeps its meaning: save another beside it.

    Raises:
        InvalidAudience: it leads to what is not there, or has no name.
        NameTaken: another segment bears the name.
        UnknownSegment: there is no segment with this id.
        AudienceInUse: something leans on the segment, and the meaning would change.
    """
    store = _still(world)
    if segment_id is not None:
        before = _present_segment(store, segment_id)
        if canonical(before) != canonical(audience):
            _refuse_used(audience_uses(store).segments.get(segment_id, ()))
    if segment_id in segments_in(audience):
        # Nothing leans on it, so no other segment can lead back here.
        raise InvalidAudience(part="itself", value=segment_id)
    check_audience(store, audience)
    now = to_micros(world.now)
    return write_segment(store, segment_id, _name(name), audience, actor=actor, now=now)


def rename_segment(world: World, segment_id: int, *, name: str, actor: str) -> None:
    """Another name for a segment, whatever leans on it.

    Raises:
        UnknownSegment, NameTaken, InvalidAudience: as in `save_segment`.
    """
    store = _still(world)
    audience = _present_segment(store, segment_id)
    write_segment(store, segment_id, _name(name), audience, actor=actor, now=to_micros(world.now))


def archive_segment(world: World, segment_id: int) -> None:
    """Offer a segment no more. Its name is free again.

    Raises:
        UnknownSegment: there is none, or it was archived.
        AudienceInUse: something leans on it.
    """
    store = _still(world)
    _present_segment(store, segment_id)
    _refuse_used(audience_uses(store).segments.get(segment_id, ()))
    now = to_micros(world.now)
    store.run("UPDATE segment SET archived_at = ? WHERE id = ?", now, segment_id)


def import_list(world: World, *, name: str, rows: Sequence[ListRow], actor: str) -> ListReport:
    """Keep the members whom rows name, by id, card, phone or e-mail; the first that is known.

    Nothing of the rows is kept but counts: whom the shop does not know stays unknown to it.

    Raises:
        NobodyMatched: no row names a member.
        NameTaken, InvalidAudience: another list bears the name, or there is none.
    """
    store = _still(world)
    region = region_of(current_definitions(world.session).programme.currency)
    members, duplicates, unmatched = set[int](), 0, list[int]()
    known = _known(store, rows, region)
    for row in rows:
        found = next((known[x] for x in _contacts(row, region) if x in known), None)
        if found is None:
            unmatched.append(row.number)
        elif found in members:
            duplicates += 1
        else:
            members.add(found)
    if not members:
        raise NobodyMatched(unmatched=len(unmatched))
    list_id = write_list(
        store,
        _name(name),
        members,
        duplicates=duplicates,
        unmatched=len(unmatched),
        actor=actor,
        now=to_micros(world.now),
    )
    return ListReport(
        list_id, len(members), duplicates, len(unmatched), tuple(unmatched[:SHOWN_ROWS])
    )


def archive_list(world: World, list_id: int) -> None:
    """Offer a list no more. Its name is free again.

    Raises:
        UnknownList: there is none, or it was archived.
        AudienceInUse: something leans on it.
    """
    store = _still(world)
    sql = "SELECT id FROM member_list WHERE id = ? AND archived_at IS NULL"
    if store.first(sql, list_id) is None:
        raise UnknownList(list_id=list_id)
    _refuse_used(audience_uses(store).lists.get(list_id, ()))
    now = to_micros(world.now)
    store.run("UPDATE member_list SET archived_at = ? WHERE id = ?", now, list_id)


def count_rhythm(world: World) -> int:
    """Count and keep how the shop's customers buy, as at 00:00 of today; answers the buyers.

    A repeat counts anew: an import may have brought a past.
    """
    store, zone = Store(world.connection), current_definitions(world.session).programme.zone
    now = to_micros(world.now)
    return keep_rhythm(store, local_day(world.now, zone), zone, now=now).buyers


def _still(world: World) -> Store:
    """The tables, with nobody else changing an audience until the transaction ends."""
    store = Store(world.connection)
    if store.postgres:
        # Lock before comparing: what one person archives another may lean on at once.
        store.first("SELECT id FROM programme WHERE id = 1 FOR UPDATE")
    return store


def _present_segment(store: Store, segment_id: int) -> Audience:
    sql = "SELECT id FROM segment WHERE id = ? AND archived_at IS NULL"
    audience = audience_of_segment(store, segment_id) if store.first(sql, segment_id) else None
    if audience is None:
        raise UnknownSegment(segment_id=segment_id)
    return audience


def _refuse_used(uses: Sequence[Use]) -> None:
    if uses:
        raise AudienceInUse(uses=uses)


def _name(text: str) -> str:
    name = clean_name(text)[:NAME_LENGTH].rstrip()
    if not name:
        raise InvalidAudience(part="name", value="")
    return name


def _contacts(row: ListRow, region: str) -> Iterable[tuple[str, str]]:
    """What a row knows somebody by, in the shape that rows of members keep it."""
    if row.external_id.strip():
        yield "external_id", row.external_id.strip()
    if row.card.strip():
        yield "card", row.card.strip()
    if phone := normalise_phone(row.phone.strip(), region):
        yield "phone", phone
    if email := normalise_email(row.email):
        yield "email", email


def _known(store: Store, rows: Sequence[ListRow], region: str) -> dict[tuple[str, str], int]:
    """Whose the contacts of the rows are; a card names its member though it was replaced."""
    wanted: dict[str, set[str]] = {
        "external_id": set(),
        "card": set(),
        "phone": set(),
        "email": set(),
    }
    for row in rows:
        for kind, value in _contacts(row, region):
            wanted[kind].add(value)
    found: dict[tuple[str, str], int] = {}
    for kind, values in wanted.items():
        sql = f"SELECT {kind}, id FROM member WHERE {kind} IN (?*) AND status <> 'erased'"
        if kind == "card":
            sql = "SELECT number, member_id FROM card WHERE number IN (?*)"
        for value, member_id in store.in_list(sql, sorted(values)):
            found[kind, value] = member_id
    return found
