"""A member's medals: what was earned, and what is nearest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from gamification.case import EntryState
from gamification.columns import from_micros, to_micros
from gamification.programme import local_day
from gamification.readmodels.faces import Faces, MedalFace
from gamification.readmodels.views import MedalTile, Named
from gamification.store import Store

FRESH_DAYS = 14
"""How long a medal is news: marked as new, or waiting for its scene."""
NEWEST = itemgetter(3, 1, 6)
"""An award by when it was earned, its level, its id."""


@dataclass(frozen=True, slots=True)
class MedalShelf:
    """Newest first; the nearest ones by how little is missing; the pinned ones of those."""

    earned: tuple[MedalTile, ...]
    near: tuple[MedalTile, ...]
    held: int
    all: int
    pinned: tuple[MedalTile, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What a member holds and has done: rows of awards, counters, and sums by local day.

    `visits` is what the run of days on which they looked in remembers, `memories` what
    every run remembers, by measure, and `pins` when a medal was pinned.
    """

    awards: Sequence[Any]
    counters: Sequence[Any]
    sums: Mapping[date, int]
    visits: str | None = None
    memories: Mapping[int, str] = field(default_factory=dict)
    pins: Mapping[int, int] = field(default_factory=dict)
    entries: Sequence[EntryState] = ()
    spent: Mapping[int, int] = field(default_factory=dict)


CHALLENGES = (
    " UNION ALL SELECT 'entry', challenge_id, version, state || '|' || period, starts_at, ends_at,"
    " score, id, arm FROM challenge_entry WHERE member_id = ? AND (ends_at > ? OR"
    " state = 'outside') UNION ALL SELECT 'spent', id, 0, '', spent, 0, 0, 0, '' FROM challenge"
    " WHERE state IN ('scheduled', 'live', 'paused')"
)


def read_progress(
    store: Store,
    faces: Faces,
    member_id: int,
    now: datetime,
    first: date = date.max,
    *,
    challenges: bool = False,
) -> Progress:
    """Medals, counters and the tier's day sums from `first` on, in one statement.

    With `challenges` the same statement brings what Home needs to show one of them.
    """
    more, values = ("", []) if not challenges else (CHALLENGES, [member_id, to_micros(now)])
    rows = store.rows(
        "SELECT 'award', w.achievement_id, w.level, w.occurrence, w.value, w.earned_at, w.seen_at,"
        " w.id, '' FROM award w WHERE w.member_id = ? AND w.status = 'active' AND w.earned_at <= ?"
        " UNION ALL SELECT 'counter', measure_id, 0, period, value, 0, 0, 0, state FROM counter"
        " WHERE member_id = ? AND value > 0"
        " AND (period = 'all' OR SUBSTR(period, 1, 4) = 'cat:')"
        " UNION ALL SELECT 'day', 0, 0, day, value, 0, 0, 0, '' FROM day_sum"
        " WHERE member_id = ? AND measure_id = ? AND day >= ? AND day <= ?"
        " UNION ALL SELECT 'pin', achievement_id, 0, '', pinned_at, 0, 0, 0, '' FROM medal_pin"
        f" WHERE member_id = ?{more}",
        member_id,
        to_micros(now),
        member_id,
        member_id,
        faces.definitions.tier_measure,
        first.isoformat(),
        local_day(now, faces.definitions.programme.zone).isoformat(),
        member_id,
        *values,
    )
    awards = [(r[1], r[2], r[3], r[5], r[4], r[6], r[7]) for r in rows if r[0] == "award"]
    awards.sort(key=NEWEST, reverse=True)
    return Progress(
        awards=awards,
        counters=[(r[1], r[3], r[4]) for r in rows if r[0] == "counter"],
        sums={date.fromisoformat(r[3]): r[4] for r in rows if r[0] == "day"},
        visits=next((r[8] for r in rows if r[:2] == ("counter", faces.visits)), None),
        memories={r[1]: r[8] for r in rows if r[0] == "counter" and r[8]},
        pins={r[1]: r[4] for r in rows if r[0] == "pin"},
        entries=[_entry(r, member_id) for r in rows if r[0] == "entry"],
        spent={r[1]: r[4] for r in rows if r[0] == "spent"},
    )


def _entry(row: Any, member_id: int) -> EntryState:
    """What Home needs of an entry."""
    _, challenge_id, version, told, starts, ends, score, ident, arm = row
    state, _, period = told.partition("|")
    return EntryState(
        ident, challenge_id, member_id, period, version, arm, state, starts, ends, starts, score
    )


def read_shelf(store: Store, faces: Faces, member_id: int, now: datetime) -> MedalShelf:
    """The member's medals at an instant, in one statement."""
    return shelf_of(read_progress(store, faces, member_id, now), faces, now)


def shelf_of(progress: Progress, faces: Faces, now: datetime) -> MedalShelf:
    """The member's medals at an instant.

    A medal counts once however many levels or categories of it are held; the
    tile shows the best level. Secret ones are named only to their holders.
    """
    today = local_day(now, faces.definitions.programme.zone)
    earned = _earned_tiles(progress.awards, faces, today)
    near = near_tiles(progress, faces)
    held = {row[0] for row in progress.awards if row[0] in faces.medals}
    shown = [
        m for m in faces.medals.values() if m.visibility not in ("secret", "hidden") or m.id in held
    ]
    return MedalShelf(earned, near, len(held), len(shown), _pinned(near, progress, faces))


def _pinned(near: Sequence[MedalTile], progress: Progress, faces: Faces) -> tuple[MedalTile, ...]:
    """The pinned medals that can still grow, the latest pin first, each once."""
    nearest: dict[str, MedalTile] = {}
    for tile in near:
        nearest.setdefault(tile.code, tile)
    order = sorted(progress.pins, key=progress.pins.__getitem__, reverse=True)
    codes = [faces.medals[medal_id].code for medal_id in order if medal_id in faces.medals]
    return tuple(nearest[code] for code in codes if code in nearest)


def subject_of(occurrence: str) -> Named | None:
    """The category that an occurrence is of."""
    return Named(occurrence[4:]) if occurrence.startswith("cat:") else None


def tile_of(face: MedalFace, level: int, **more: Any) -> MedalTile:
    """A medal's tile at a level, with what its sentence says."""
    start, end = face.hours or (None, None)
    return MedalTile(
        code=face.code,
        level=level,
        needs=face.needs,
        from_minute=start,
        to_minute=end,
        categories=face.categories,
        name=face.named,
        about=face.about,
        **more,
    )


def _earned_tiles(awards: Sequence[Any], faces: Faces, today: date) -> tuple[MedalTile, ...]:
    """The best level of each medal and category, newest first."""
    best: dict[tuple[int, str], MedalTile] = {}
    zone = faces.definitions.programme.zone
    for medal_id, level, occurrence, earned_at, value, seen_at, _ in awards:
        face = faces.medals.get(medal_id)
        if face is None:
            continue
        key = (medal_id, "" if face.occurrence == "every" else occurrence)
        known = best.get(key)
        if known is not None and known.level >= level:
            continue
        day = local_day(from_micros(earned_at), zone)
        tile = tile_of(
            face,
            level,
            state="earned",
            done=value,
            target=face.thresholds[level - 1] if level <= len(face.thresholds) else value,
            earned_on=day,
            subject=subject_of(occurrence),
            fresh=seen_at is None and (today - day).days <= FRESH_DAYS,
        )
        best[key] = tile
    return tuple(best.values())


def near_tiles(progress: Progress, faces: Faces) -> tuple[MedalTile, ...]:
    """Medals under way, the one with the largest part done first."""
    held = {(row[0], row[1], row[2]) for row in progress.awards}
    holders = {row[0] for row in progress.awards}
    values = {(measure_id, period): value for measure_id, period, value in progress.counters}
    tiles: list[MedalTile] = []
    for face in faces.medals.values():
        if face.visibility in ("secret", "hidden") and face.id not in holders:
            continue
        periods = ["all"]
        if face.occurrence == "per_value":
            periods = [p for m, p in values if m == face.measure_id and p != "all"]
        for period in periods:
            done = values.get((face.measure_id, period), 0)
            tile = next_level(face, period, done, held)
            if tile is not None:
                veiled = face.visibility == "teaser" and face.id not in holders
                tiles.append(tile._replace(veiled=veiled, pinned=face.id in progress.pins))
    return tuple(sorted(tiles, key=nearness))


def nearness(tile: MedalTile) -> tuple[int, int, str, str]:
    """The order of medals under way, everywhere: the largest part done, then the smaller goal."""
    return -tile.percent, tile.target, tile.code, tile.subject.code if tile.subject else ""


def next_level(
    face: MedalFace, period: str, done: int, held: set[tuple[int, int, str]]
) -> MedalTile | None:
    """The level being worked on; None on the top."""
    if face.occurrence == "every":
        step = face.thresholds[0]
        return tile_of(face, 1, state=_under_way(done % step), done=done % step, target=step)
    occurrence = "once" if period == "all" else period
    for level, threshold in enumerate(face.thresholds, 1):
        if (face.id, level, occurrence) not in held:
            done = min(done, threshold)
            return tile_of(
                face,
                level,
                state=_under_way(done),
                done=done,
                target=threshold,
                subject=subject_of(occurrence),
            )
    return None


def _under_way(done: int) -> Any:
    return "under_way" if done else "not_started"
