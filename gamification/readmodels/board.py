"""The board of medals: every one that a member may know of, and how far each is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gamification.achievements.rarity import Band, band_of, share_of
from gamification.columns import from_micros
from gamification.measures.catalogue import Spec, Streak, week_of
from gamification.measures.runs import ordinal, run_of, streak_step
from gamification.programme import local_day, zone_of
from gamification.readmodels.faces import Faces, MedalFace
from gamification.readmodels.medals import (
    FRESH_DAYS,
    Progress,
    near_tiles,
    next_level,
    read_progress,
    subject_of,
    tile_of,
)
from gamification.readmodels.member import read_member
from gamification.readmodels.views import MedalTile
from gamification.store import Store
from gamification.world import World

Shares = Mapping[tuple[int, int], tuple[int, int]]
"""Holders and members asked, by medal and level."""


class Rarity(NamedTuple):
    """How many of the active members hold a level: a word, and hundredths of a per cent."""

    band: Band
    share: int


class MedalLevel(NamedTuple):
    """One metal of a medal, with what it brings and the day on which it was earned."""

    level: int
    threshold: int
    points: int
    earned_on: date | None = None


class BoardMedal(NamedTuple):
    """A medal of the board: what was reached, and the level being worked on.

    `tile` is the best that is held, or else the first step. `goal` is None on the top.
    `run` is the present run of a medal that counts runs, which may be shorter than the best.
    """

    tile: MedalTile
    goal: MedalTile | None
    levels: tuple[MedalLevel, ...]
    repeats: bool = False
    times: int = 0  # how often one that can be earned again was
    pinned_at: int | None = None
    rarity: Rarity | None = None
    run: int | None = None

    @property
    def held(self) -> bool:
        """Whether any level of it is held."""
        return self.tile.state == "earned"

    @property
    def done(self) -> int:
        """How much of the goal is truly done; nothing is on the top."""
        return self.goal.done if self.goal else 0

    @property
    def missing(self) -> int:
        """How much is missing to the goal: a run that broke begins anew."""
        if self.goal is None:
            return 0
        done = self.goal.done if self.run is None else min(self.run, self.goal.done)
        return max(self.goal.target - done, 1)


@dataclass(frozen=True, slots=True)
class Board:
    """Medals in the order of the programme; `hidden` are codes of those that nobody may name yet.

    A hidden code never leaves the house: it only finds the hint that stands for it. `near` are
    the levels under way in the order of Home: of a medal per category each category.
    """

    today: date
    purchases: int
    medals: tuple[BoardMedal, ...]
    hidden: tuple[str, ...]
    near: tuple[BoardMedal, ...] = ()

    @property
    def secrets(self) -> int:
        """How many may not be named yet."""
        return len(self.hidden)

    @property
    def held(self) -> int:
        """How many are held."""
        return sum(medal.held for medal in self.medals)


def board_of(world: World, member_id: int) -> Board:
    """The member's board, in three statements. Raises UnknownMember."""
    store = Store(world.connection)
    member, faces = read_member(store, world, member_id)
    progress = read_progress(store, faces, member_id, world.now)
    moment = Moment(world.now, faces.definitions.programme.zone, member.zone)
    shares = {} if world.past else read_shares(store)
    known = [face for face in faces.medals.values() if is_known(face, progress)]
    return Board(
        today=moment.today,
        purchases=member.purchases,
        medals=tuple(medal_on_board(face, progress, faces, shares, moment) for face in known),
        hidden=tuple(face.code for face in faces.medals.values() if face not in known),
        near=medals_near(known, progress, faces, shares, moment),
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where one looks: the programme's day, and the member's own clock."""

    now: datetime
    zone: ZoneInfo
    own_zone: str | None = None

    @property
    def today(self) -> date:
        """The programme's day."""
        return local_day(self.now, self.zone)

    @property
    def own(self) -> datetime:
        """The member's local time."""
        return self.now.astimezone(zone_of(self.own_zone) if self.own_zone else self.zone)


def medals_near(
    known: Sequence[MedalFace], progress: Progress, faces: Faces, shares: Shares, moment: Moment
) -> tuple[BoardMedal, ...]:
    """What was begun, the nearest first, in the order that Home has."""
    by_code = {face.code: face for face in known}
    return tuple(
        medal_on_board(by_code[tile.code], progress, faces, shares, moment, period)
        for tile in near_tiles(progress, faces)
        if tile.done
        for period in [f"cat:{tile.subject.code}" if tile.subject else "all"]
    )


def is_known(face: MedalFace, progress: Progress) -> bool:
    """Whether a member may know of a medal: a secret one is told to its holders only."""
    return face.visibility not in ("secret", "hidden") or any(
        row[0] == face.id for row in progress.awards
    )


def read_shares(store: Store) -> Shares:
    """What the night counted, in one statement."""
    rows = store.rows("SELECT achievement_id, level, holders, eligible FROM medal_rarity")
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def rarity_at(shares: Shares, face: MedalFace, level: int) -> Rarity | None:
    """How rare a level is; None where it was not counted, or too few could hold it."""
    counted = shares.get((face.id, level))
    share = None if counted is None else share_of(*counted)
    return None if share is None else Rarity(band_of(share), share)


def medal_on_board(
    face: MedalFace,
    progress: Progress,
    faces: Faces,
    shares: Shares,
    moment: Moment,
    period: str | None = None,
) -> BoardMedal:
    """One medal; of a medal per category the best category, or the one that is asked for."""
    period = period or best_period(face, progress)
    awards = [row for row in progress.awards if row[0] == face.id and is_of(face, period, row[2])]
    held = {(row[0], row[1], row[2]) for row in awards}
    goal = next_level(face, period, value_of(face, progress, period), held)
    if goal is not None:
        goal = goal._replace(veiled=face.visibility == "teaser" and not awards)
    earned: dict[int, date] = {}
    for row in awards:
        earned.setdefault(row[1], local_day(from_micros(row[3]), moment.zone))
    tile = earned_tile(face, period, earned, fresh=is_fresh(awards, moment)) or goal
    assert tile is not None, "who holds nothing has a first level before them"
    spec = faces.definitions.book.specs[face.measure_id]
    memory = progress.memories.get(face.measure_id)
    return BoardMedal(
        tile=tile._replace(pinned=face.id in progress.pins),
        goal=goal,
        levels=tuple(
            MedalLevel(n, need, points, earned.get(n))
            for n, (need, points) in enumerate(zip(face.thresholds, face.points, strict=True), 1)
        ),
        repeats=face.occurrence == "every",
        times=len(awards) if face.occurrence == "every" else 0,
        pinned_at=progress.pins.get(face.id),
        rarity=rarity_at(shares, face, max(earned, default=1)),
        run=present_run(spec, memory, moment) if isinstance(spec, Streak) else None,
    )


def is_of(face: MedalFace, period: str, occurrence: str) -> bool:
    """Whether an award belongs to what is looked at: one category, or all of it."""
    return occurrence == period if face.occurrence == "per_value" else True


def value_of(face: MedalFace, progress: Progress, period: str) -> int:
    """What was counted so far."""
    wanted = (face.measure_id, period)
    return next((int(row[2]) for row in progress.counters if (row[0], row[1]) == wanted), 0)


def periods_of(face: MedalFace, progress: Progress) -> list[str]:
    """The categories of a medal that has one of each, the best first; else the whole."""
    if face.occurrence != "per_value":
        return ["all"]
    levels: dict[str, int] = {}
    for row in progress.awards:
        if row[0] == face.id:
            levels[row[2]] = max(levels.get(row[2], 0), row[1])
    values = {p: v for m, p, v in progress.counters if m == face.measure_id and p != "all"}
    known = levels.keys() | values.keys()
    return sorted(known, key=lambda p: (-levels.get(p, 0), -values.get(p, 0), p))


def best_period(face: MedalFace, progress: Progress) -> str:
    """What a tile shows of a medal."""
    return next(iter(periods_of(face, progress)), "all")


def earned_tile(
    face: MedalFace, period: str, earned: Mapping[int, date], *, fresh: bool
) -> MedalTile | None:
    """The best level that is held; None when none is."""
    level = max(earned, default=0)
    if not level:
        return None
    target = face.thresholds[min(level, len(face.thresholds)) - 1]
    return tile_of(
        face, level, state="earned", done=target, target=target, earned_on=earned[level],
        subject=subject_of(period), fresh=fresh,
    )  # fmt: skip


def is_fresh(awards: list[tuple[int, int, str, int, int, int | None, int]], moment: Moment) -> bool:
    """Whether something of a medal was earned in the last two weeks and not looked at."""
    days = (local_day(from_micros(row[3]), moment.zone) for row in awards if row[5] is None)
    return any((moment.today - day).days <= FRESH_DAYS for day in days)


def present_run(spec: Spec, memory: str | None, moment: Moment) -> int:
    """The run that goes on now; 0 when it broke."""
    run = run_of(memory)
    if run is None or not isinstance(spec, Streak):
        return 0
    unit, key = spec.key_kind(), key_of_now(spec, moment)
    if run.last >= ordinal(unit, key):
        return run.length
    following = run_of(streak_step(spec)((0, memory), key)[1])
    assert following is not None, "a step leaves a memory"
    return following.length - 1


def key_of_now(spec: Streak, moment: Moment) -> str:
    """The key that something done at this moment would have."""
    match spec.key_kind():
        case "moment":
            return f"{moment.own:%Y-%m-%dT%H:%M} {moment.own.tzinfo}"
        case "week":
            return week_of(moment.today)
        case "month":
            return moment.today.isoformat()[:7]
        case _:
            return moment.today.isoformat()
