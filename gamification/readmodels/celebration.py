"""What has not been celebrated yet: medals and a higher tier, several as one scene."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gamification.activities.queries import parsed
from gamification.programme import local_day
from gamification.readmodels.challenge_faces import challenge_faces
from gamification.readmodels.challenge_views import ChallengeTerms
from gamification.readmodels.faces import Faces, MedalFace
from gamification.readmodels.medals import subject_of, tile_of
from gamification.readmodels.member import (
    UNTOLD,
    first_name,
    old_before,
    read_member,
    read_tier,
)
from gamification.readmodels.views import MedalTile, Named, TierCard
from gamification.store import Store
from gamification.world import World

MOST_TOLD = 60
WON_KEY = re.compile(r"challenge_won:([0-9]+):")
AWARD_KEY = re.compile(r"award:([0-9]+):[0-9]+")


@dataclass(frozen=True, slots=True)
class Prize:
    """A medal that was earned, at its best new level, and the points of all its new levels."""

    tile: MedalTile
    points: int


@dataclass(frozen=True, slots=True)
class Won:
    """A challenge that is done and paid: what it brought, and the goal that was reached."""

    entry_id: int
    code: str
    period: str
    name: Named
    points: int
    terms: ChallengeTerms
    prize: str | None


@dataclass(frozen=True, slots=True)
class Celebration:
    """One scene: the latest medal first; `tier` when it is a higher one; challenges won.

    `upto` is the last notice that the scene tells.
    """

    first_name: str | None
    prizes: tuple[Prize, ...]
    tier: TierCard | None
    perks: tuple[Any, ...]
    currency: str
    upto: int
    won: tuple[Won, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything was taken back meanwhile."""
        return not self.prizes and self.tier is None and not self.won


def celebration_of(world: World, member_id: int) -> Celebration | None:
    """What waits to be celebrated; None when nothing does. Raises UnknownMember."""
    store = Store(world.connection)
    rows = store.rows(
        "SELECT n.id, n.kind, n.payload, n.dedupe_key, n.created_at FROM notice n"
        f" JOIN member m ON m.id = n.member_id WHERE n.member_id = ? AND {UNTOLD}"
        f" ORDER BY n.id DESC LIMIT {MOST_TOLD}",
        member_id,
        old_before(world.now),
    )
    if not rows:
        return None
    member, faces = read_member(store, world, member_id)
    today = local_day(world.now, faces.definitions.programme.zone)
    standing = read_tier(store, faces, member_id, member.booked, today)
    climbed = [(parsed(row[2]) or {}).get("tier") for row in rows if row[1] == "tier_reached"]
    face = faces.tier(standing.number)
    won = _won(store, world, faces, member_id, rows)
    own = {f"challenge.{each.code}" for each in won}
    prizes = prizes_of(_standing_awards(store, member_id, rows), faces)
    return Celebration(
        first_name=first_name(member.name),
        prizes=tuple(prize for prize in prizes if prize.tile.code not in own),
        tier=standing if face.code in climbed else None,
        perks=face.perks,
        currency=faces.definitions.programme.currency,
        upto=rows[0][0],
        won=won,
    )


def _won(
    store: Store, world: World, faces: Faces, member_id: int, rows: Sequence[Any]
) -> tuple[Won, ...]:
    """The challenges of these notices that are still won and had no scene, newest first."""
    found = [WON_KEY.match(row[3]) for row in rows if row[1] == "challenge_won"]
    ids = [int(match[1]) for match in found if match]
    if not ids:
        return ()
    shown = challenge_faces(world, faces.definitions)
    won = [
        Won(
            entry_id=row[0],
            code=shown[row[1]].rule.code,
            period=row[2],
            name=shown[row[1]].named,
            points=row[3],
            terms=shown[row[1]].rule.of_version(row[5]).terms,
            prize=row[4],
        )
        for row in store.in_list(
            "SELECT id, challenge_id, period, points, prize, version FROM challenge_entry"
            " WHERE state = 'rewarded' AND seen_at IS NULL AND id IN (?*) AND member_id = ?",
            ids,
            member_id,
        )
        if row[1] in shown
    ]
    return tuple(sorted(won, key=lambda each: ids.index(each.entry_id)))


def _standing_awards(store: Store, member_id: int, rows: Sequence[Any]) -> list[Any]:
    """Achievement, level, occurrence and value of the awards that are still held, newest first."""
    found = [AWARD_KEY.fullmatch(row[3]) for row in rows if row[1] == "medal"]
    ids = [int(match[1]) for match in found if match]
    held = {
        row[0]: row[1:]
        for row in store.in_list(
            "SELECT id, achievement_id, level, occurrence, value FROM award"
            " WHERE status = 'active' AND id IN (?*) AND member_id = ?",
            ids,
            member_id,
        )
    }
    return [held[award_id] for award_id in dict.fromkeys(ids) if award_id in held]


def prizes_of(awards: Iterable[Any], faces: Faces) -> tuple[Prize, ...]:
    """One prize for each medal and category, however many levels came at once."""
    best: dict[tuple[int, str], tuple[int, int, int]] = {}
    for medal_id, level, occurrence, value in awards:
        if medal_id not in faces.medals:
            continue
        key = (medal_id, occurrence if occurrence.startswith("cat:") else "")
        known = best.get(key, (0, 0, 0))
        points = known[2] + faces.medals[medal_id].reward(level)
        best[key] = (*max(known[:2], (level, value)), points)
    return tuple(
        Prize(_earned(faces.medals[medal_id], level, value, occurrence), points)
        for (medal_id, occurrence), (level, value, points) in best.items()
    )


def _earned(face: MedalFace, level: int, value: int, occurrence: str) -> MedalTile:
    target = face.thresholds[level - 1] if level <= len(face.thresholds) else value
    subject = subject_of(occurrence)
    return tile_of(face, level, state="earned", done=value, target=target, subject=subject)
