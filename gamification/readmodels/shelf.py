"""A member's public shelf: what its owner sees of it, and what a stranger with the address does."""

from dataclasses import dataclass
from datetime import date

from gamification.members.prompts import needs_parent
from gamification.readmodels.board import (
    BoardMedal,
    Moment,
    Shares,
    medal_on_board,
    periods_of,
    read_shares,
)
from gamification.readmodels.faces import Faces
from gamification.readmodels.medals import Progress, read_progress
from gamification.readmodels.member import read_member, read_tier
from gamification.readmodels.views import TierCard
from gamification.store import Store
from gamification.world import World

SHELF = """
SELECT s.member_id, s.address, s.naming, s.nickname, s.tier_shown, m.name, m.birthday,
       m.status, m.erase_at,
       (SELECT c.given FROM consent c WHERE c.member_id = m.id AND c.purpose = 'shelf'
        ORDER BY c.at DESC, c.id DESC LIMIT 1)
FROM member m LEFT JOIN shelf s ON s.member_id = m.id WHERE
"""
LONGEST_FIRST = 40


@dataclass(frozen=True, slots=True)
class OwnShelf:
    """The shelf as its owner sees it. `address` is None before the first yes.

    `young`: a child has none. `others` are the medals held that do not stand on it.
    """

    is_open: bool
    address: str | None
    naming: str
    nickname: str
    first_name: str
    tier_shown: bool
    young: bool
    medals: tuple[BoardMedal, ...]
    others: tuple[BoardMedal, ...]
    today: date


@dataclass(frozen=True, slots=True)
class PublicShelf:
    """The shelf as a stranger sees it: nothing of its owner but what they chose to show."""

    name: str
    tier: TierCard | None
    medals: tuple[BoardMedal, ...]
    secret: frozenset[str]  # codes among them that are secrets to everybody else
    today: date


@dataclass(frozen=True, slots=True)
class _Row:
    """What the database knows of a shelf."""

    address: str | None
    naming: str
    nickname: str
    tier_shown: bool
    name: str
    young: bool
    active: bool
    given: bool

    @property
    def is_open(self) -> bool:
        return self.active and self.given and self.address is not None and not self.young


def own_shelf(world: World, member_id: int) -> OwnShelf:
    """The member's own shelf, open or not, in five statements. Raises UnknownMember."""
    store = Store(world.connection)
    member, faces = read_member(store, world, member_id)
    row = _read_row(store, world, "m.id = ?", member_id)
    assert row is not None, "the member was just read"
    progress = read_progress(store, faces, member_id, world.now)
    moment = Moment(world.now, faces.definitions.programme.zone, member.zone)
    medals = _medals(store, member_id, progress, faces, {}, moment)
    shown = [(medal.tile.code, medal.tile.subject) for medal in medals]
    others = (
        medal_on_board(face, progress, faces, {}, moment, period)
        for face in faces.medals.values()
        for period in periods_of(face, progress) or ["all"]
    )
    return OwnShelf(
        is_open=row[1].is_open,
        address=row[1].address,
        naming=row[1].naming,
        nickname=row[1].nickname,
        first_name=first_name(row[1].name),
        tier_shown=row[1].tier_shown,
        young=row[1].young,
        medals=medals,
        others=tuple(
            each for each in others
            if each.held and (each.tile.code, each.tile.subject) not in shown
        ),
        today=moment.today,
    )  # fmt: skip


def shelf_at(world: World, address: str) -> PublicShelf | None:
    """What stands behind an address; None while it is closed, and where there never was one."""
    store = Store(world.connection)
    found = _read_row(store, world, "s.address = ?", address)
    if found is None or not found[1].is_open:
        return None
    member_id, row = found
    member, faces = read_member(store, world, member_id)
    progress = read_progress(store, faces, member_id, world.now)
    moment = Moment(world.now, faces.definitions.programme.zone, member.zone)
    shares = {} if world.past else read_shares(store)
    medals = _medals(store, member_id, progress, faces, shares, moment)
    tier = None
    if row.tier_shown:
        tier = read_tier(store, faces, member_id, member.booked, moment.today)
    return PublicShelf(
        name={"first": first_name(row.name), "nick": row.nickname}.get(row.naming, ""),
        tier=tier,
        medals=medals,
        secret=frozenset(f.code for f in faces.medals.values() if f.visibility == "secret"),
        today=moment.today,
    )


def _read_row(store: Store, world: World, where: str, value: object) -> tuple[int, _Row] | None:
    row = store.first(f"{SHELF} {where}", value)
    if row is None:
        return None
    born = None if row[6] is None else date.fromisoformat(str(row[6]))
    return int(row[0] or 0), _Row(
        address=row[1],
        naming=row[2] or "none",
        nickname=row[3] or "",
        tier_shown=bool(row[4]),
        name=row[5],
        young=born is not None and needs_parent(born, world.now.date()),
        active=row[7] == "active" and row[8] is None,
        given=bool(row[9]),
    )


def _medals(
    store: Store, member_id: int, progress: Progress, faces: Faces, shares: Shares, moment: Moment
) -> tuple[BoardMedal, ...]:
    """The medals on a shelf that are still held, in their order; what was returned is not shown."""
    rows = store.rows(
        "SELECT achievement_id, period FROM shelf_medal WHERE member_id = ?"
        " ORDER BY place, achievement_id, period",
        member_id,
    )
    found = (
        _public(medal_on_board(faces.medals[medal], progress, faces, shares, moment, period), faces)
        for medal, period in rows
        if medal in faces.medals
    )
    return tuple(medal for medal in found if medal.held)


def _public(medal: BoardMedal, faces: Faces) -> BoardMedal:
    """How rare a secret is stays between its holders."""
    face = next(face for face in faces.medals.values() if face.code == medal.tile.code)
    return medal._replace(rarity=None) if face.visibility == "secret" else medal


def first_name(name: str) -> str:
    """The first word of a name."""
    words = name.split()
    return words[0][:LONGEST_FIRST] if words else ""
