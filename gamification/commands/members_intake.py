"""Take a page of a member file: people, their cards and consents, and what they begin with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gamification.case import MemberState, Rows
from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions, current_definitions
from gamification.holding import pass_gate
from gamification.ledger.actions import Posting, credit, open_accounts
from gamification.loading import load_pages, write_rows
from gamification.members.arrivals import (
    Arrival,
    ConsentEntry,
    Known,
    MemberEntry,
    Owners,
    Problem,
    arrival_of,
    note_arrival,
)
from gamification.members.newcomers import erased_among, new_member_row
from gamification.members.rules import city_key
from gamification.referrals.traces import Trace, note_traces
from gamification.store import Store
from gamification.tiers.actions import TierDesk, enrol
from gamification.world import World

__all__ = ["ConsentEntry", "MemberEntry", "MembersReport", "Problem", "take_members"]

OPENING = "opening:"


@dataclass(slots=True)
class MembersReport:
    """What became of a page: joined, filled up, known already; `opened` and problems by row."""

    joined: int = 0
    filled: int = 0
    known: int = 0
    opened: list[int] = field(default_factory=list)
    opening_points: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)

    def add(self, other: "MembersReport") -> None:
        """Add another page's numbers."""
        self.joined += other.joined
        self.filled += other.filled
        self.known += other.known
        self.opened += other.opened
        self.opening_points += other.opening_points
        self.problems += other.problems


def take_members(world: World, entries: Sequence[tuple[int, MemberEntry]]) -> MembersReport:
    """Bring in members, each row with its number in the file. Commits nothing.

    A row is taken whole or not at all; the same row again changes nothing. An
    opening balance is credited once per member, whatever the files say later.

    Raises:
        ProgrammeMissing: nobody has set the programme up.
    """
    store = Store(world.session.connection())
    pass_gate(Store(world.connection))
    definitions = current_definitions(world.session)
    report, now = MembersReport(), to_micros(world.now)
    people, owners = _known_people(store, [entry for _, entry in entries])
    arrivals: list[Arrival] = []
    for number, entry in entries:
        found = arrival_of(entry, people.get(entry.external_id), owners, now)
        if isinstance(found, Problem):
            report.problems.append((number, found))
            continue
        _count(report, number, found)
        if not found.is_nothing:
            arrivals.append(found)
            known = people.setdefault(entry.external_id, Known())
            note_arrival(found, known, owners, now)
    ids = _write_people(store, definitions, arrivals, now)
    note_traces(store, world.now, _traces_of(arrivals, ids))
    _write_standings(world, store, definitions, arrivals, ids)
    return report


def _count(report: MembersReport, number: int, arrival: Arrival) -> None:
    if arrival.is_new:
        report.joined += 1
    elif arrival.is_nothing:
        report.known += 1
    else:
        report.filled += 1
    if arrival.opening:
        report.opened.append(number)
        report.opening_points += arrival.entry.opening


def _known_people(store: Store, entries: Sequence[MemberEntry]) -> tuple[dict[str, Known], Owners]:
    """Who of a page is known, and whose its phones, e-mails and cards are."""
    people: dict[str, Known] = {}
    ids: dict[int, str] = {}
    for member_id, key, name, phone, email, birthday, city, status in store.in_list(
        "SELECT id, external_id, name, phone, email, birthday, city, status FROM member"
        " WHERE external_id IN (?*)",
        [entry.external_id for entry in entries],
    ):
        ids[member_id] = key
        born = date.fromisoformat(birthday) if isinstance(birthday, str) else birthday
        people[key] = Known(name, phone, email, born, city or "", status)
    unknown = [entry.external_id for entry in entries if entry.external_id not in people]
    people |= {key: Known(status="erased") for key in erased_among(store, unknown)}
    _add_consents(store, people, ids)
    _add_openings(store, people, ids)
    return people, _owners(store, entries)


def _add_consents(store: Store, people: dict[str, Known], ids: dict[int, str]) -> None:
    for member_id, purpose, given, text, at in store.in_list(
        "SELECT member_id, purpose, given, text_version, at FROM consent"
        " WHERE member_id IN (?*) ORDER BY id",
        ids,
    ):
        people[ids[member_id]].consents[purpose] = (bool(given), text, at)


def _add_openings(store: Store, people: dict[str, Known], ids: dict[int, str]) -> None:
    for member_id, points, expires in store.in_list(
        "SELECT t.member_id, t.points, l.expires_at FROM transfer t"
        " JOIN lot l ON l.transfer_id = t.id WHERE t.key IN (?*)",
        [f"{OPENING}{member_id}" for member_id in ids],
    ):
        people[ids[member_id]].opening = (points, expires)


def _owners(store: Store, entries: Sequence[MemberEntry]) -> Owners:
    owners = Owners()
    phones = [entry.phone for entry in entries if entry.phone]
    emails = [entry.email for entry in entries if entry.email]
    cards = [card for entry in entries for card in entry.cards]
    sql = "SELECT {0}, external_id, id FROM member WHERE {0} IN (?*)"
    for found, key, member_id in store.in_list(sql.format("phone"), phones):
        owners.phones[found] = key or _nameless(member_id)
    for found, key, member_id in store.in_list(sql.format("email"), emails):
        owners.emails[found] = key or _nameless(member_id)
    for found, key, member_id in store.in_list(
        "SELECT c.number, m.external_id, m.id FROM card c JOIN member m ON m.id = c.member_id"
        " WHERE c.number IN (?*)",
        cards,
    ):
        owners.cards[found] = key or _nameless(member_id)
    return owners


def _nameless(member_id: int) -> str:
    """A mark for somebody without an external id; no id in a file looks like it."""
    return f"\x00{member_id}"


def _write_people(
    store: Store, definitions: Definitions, arrivals: Sequence[Arrival], now: int
) -> dict[str, int]:
    """Rows of members, cards and consents; answers the members' ids by external id."""
    fresh = [_member_row(x.entry, definitions, now) for x in arrivals if x.is_new]
    if fresh:
        rows = [tuple(row.values()) for row in fresh]
        store.insert("member", rows, columns=tuple(fresh[0]))
    sql = "SELECT external_id, id FROM member WHERE external_id IN (?*)"
    ids: dict[str, int] = dict(store.in_list(sql, [x.entry.external_id for x in arrivals]))
    for arrival in arrivals:
        if arrival.fills and not arrival.is_new:
            _fill(store, ids[arrival.entry.external_id], arrival.fills)
    cards = [
        (ids[x.entry.external_id], number, "active", now) for x in arrivals for number in x.cards
    ]
    store.insert("card", cards, columns=("member_id", "number", "state", "issued_at"))
    store.insert(
        "consent",
        [row for x in arrivals for row in _consent_rows(x, ids[x.entry.external_id], now)],
        columns=("member_id", "purpose", "given", "at", "text_version", "channel", "actor"),
    )
    return ids


def _traces_of(arrivals: Sequence[Arrival], ids: dict[str, int]) -> Iterable[Trace]:
    """What a file says of people that two accounts of one person would share."""
    for arrival in arrivals:
        entry = arrival.entry
        member_id = ids[entry.external_id]
        for kind in ("phone", "email"):
            value = getattr(entry, kind)
            if value and (arrival.is_new or kind in arrival.fills):
                yield member_id, kind, value
        for number in arrival.cards:
            yield member_id, "card", number


def _member_row(entry: MemberEntry, definitions: Definitions, now: int) -> dict[str, Any]:
    joined = now if entry.joined_at is None else entry.joined_at
    row = new_member_row(
        origin="import",
        joined_at=from_micros(joined),
        external_id=entry.external_id,
        locale=definitions.programme.locale,
        name=entry.name,
    )
    born = None if entry.birthday is None else entry.birthday.isoformat()
    row |= {"phone": entry.phone, "email": entry.email, "birthday": born}
    return row | _city_columns(entry.city)


def _city_columns(city: str) -> dict[str, str | None]:
    return {"city": city or None, "city_key": city_key(city) or None}


def _fill(store: Store, member_id: int, fills: dict[str, Any]) -> None:
    values = dict(fills)
    if "name" in values:
        values["search"] = values["name"].casefold()
    if "birthday" in values:
        values["birthday"] = values["birthday"].isoformat()
    if "city" in values:
        values |= _city_columns(values["city"])
    store.update("member", ("id", *values), [(member_id, *values.values())])


def _consent_rows(arrival: Arrival, member_id: int, now: int) -> Iterable[tuple[Any, ...]]:
    for x in arrival.consents:
        at = now if x.at is None else x.at
        yield member_id, x.purpose, x.given, at, x.text_version, "import", "import"


def _write_standings(
    world: World,
    store: Store,
    definitions: Definitions,
    arrivals: Sequence[Arrival],
    ids: dict[str, int],
) -> None:
    """Everybody who came stands on the first tier, and has what they begin with."""
    wanted = {ids[x.entry.external_id]: x.entry for x in arrivals if x.is_new or x.opening}
    openings = {ids[x.entry.external_id] for x in arrivals if x.opening}
    rows = Rows()
    for member_id, state in load_pages(store, definitions, wanted).items():
        _be_present(world, definitions, state, rows)
        if member_id in openings:
            _credit_opening(world, definitions, state, rows, wanted[member_id])
    write_rows(store, rows)


def _be_present(world: World, definitions: Definitions, state: MemberState, rows: Rows) -> None:
    if state.standing is not None:
        return
    desk = TierDesk(
        definitions.programme,
        definitions.tiers,
        definitions.tier_measure,
        state,
        rows,
        world.ids,
        to_micros(world.now),
    )
    enrol(desk, state.joined_day)
    open_accounts(rows, state.member_id)


def _credit_opening(
    world: World, definitions: Definitions, state: MemberState, rows: Rows, entry: MemberEntry
) -> None:
    now = to_micros(world.now)
    since = now if entry.opening_at is None else entry.opening_at
    posting = Posting(definitions.programme, state, rows, world.ids, since, now)
    credit(
        posting,
        "opening",
        f"{OPENING}{state.member_id}",
        entry.opening,
        life=(since, entry.opening_expires),
        actor="import",
    )
