"""One medal of one member: its levels, what counted towards it, and what was taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from gamification.columns import from_micros, to_micros
from gamification.programme import local_day
from gamification.readmodels.board import (
    BoardMedal,
    Moment,
    is_known,
    is_of,
    medal_on_board,
    periods_of,
    read_shares,
)
from gamification.readmodels.countings import Counted, read_counted
from gamification.readmodels.faces import Faces, MedalFace
from gamification.readmodels.medals import Progress, read_progress, subject_of
from gamification.readmodels.member import read_member
from gamification.readmodels.views import Named
from gamification.store import Store
from gamification.world import World

SHOWN = 6
MOST_SUBJECTS = 12
MOST_AWARDS = 60


class Subject(NamedTuple):
    """A category of a medal that has one of each."""

    named: Named
    medal: BoardMedal


class TakenBack(NamedTuple):
    """A level that a return took: when, and the return in the history."""

    level: int
    on: date
    row: str | None


@dataclass(frozen=True, slots=True)
class MedalPage:
    """Everything that a medal's page shows; `earned_by` is the activity behind the best level."""

    today: date
    currency: str
    medal: BoardMedal
    counted: tuple[Counted, ...]
    more: bool
    taken: TakenBack | None = None
    earned_by: str | None = None
    earned_at: datetime | None = None
    subjects: tuple[Subject, ...] = ()


def medal_of(
    world: World, member_id: int, code: str, subject: str | None = None
) -> MedalPage | None:
    """A medal's page, in at most six statements; None where there is nothing to know.

    Args:
        subject: the category of a medal that has one of each; None takes the best.
    Raises:
        UnknownMember: there is nobody with this id.
    """
    store = Store(world.connection)
    member, faces = read_member(store, world, member_id)
    face = next((face for face in faces.medals.values() if face.code == code), None)
    if face is None:
        return None
    progress = read_progress(store, faces, member_id, world.now)
    periods = periods_of(face, progress) or ["all"]
    period = periods[0] if subject is None else f"cat:{subject}"
    if not is_known(face, progress) or period not in periods:
        return None
    moment = Moment(world.now, faces.definitions.programme.zone, member.zone)
    shares = {} if world.past else read_shares(store)
    medal = medal_on_board(face, progress, faces, shares, moment, period)
    awards = _read_awards(store, face, member_id, world.now)
    counted = read_counted(store, faces, face, member_id, period, world.now, SHOWN + 1)
    earned = _best_award(awards, face, medal, period)
    return MedalPage(
        today=moment.today,
        currency=faces.definitions.programme.currency,
        medal=medal,
        counted=() if medal.tile.veiled else counted[:SHOWN],
        more=len(counted) > SHOWN,
        taken=_taken_back(awards, face, medal, period, moment),
        earned_by=_row(earned[4], earned[5]) if earned else None,
        earned_at=from_micros(earned[3]).astimezone(moment.zone) if earned else None,
        subjects=tuple(_subjects(face, progress, faces, moment, periods)),
    )


def _read_awards(store: Store, face: MedalFace, member_id: int, now: datetime) -> list[Any]:
    """The latest awards of a medal with their cause, and what took them."""
    return store.rows(
        "SELECT w.level, w.occurrence, w.status, w.earned_at, a.occurred_at, a.id,"
        " g.at, r.occurred_at, r.id FROM award w LEFT JOIN activity a ON a.id = w.activity_id"
        " LEFT JOIN award_log g ON g.id = (SELECT MAX(l.id) FROM award_log l"
        "  WHERE l.award_id = w.id AND l.to_status = 'revoked')"
        " LEFT JOIN activity r ON r.id = g.activity_id"
        " WHERE w.member_id = ? AND w.achievement_id = ? AND w.earned_at <= ?"
        " ORDER BY w.earned_at DESC, w.id DESC LIMIT ?",
        member_id,
        face.id,
        to_micros(now),
        MOST_AWARDS,
    )


def _row(occurred: int | None, row_id: int | None) -> str | None:
    """The key of an operation of the history."""
    return None if occurred is None or row_id is None else f"{occurred}.{row_id}"


def _best_award(
    awards: Sequence[Any], face: MedalFace, medal: BoardMedal, period: str
) -> Any | None:
    if not medal.held:
        return None
    level = medal.tile.level
    found = (r for r in awards if r[:1] + r[2:3] == (level, "active") and is_of(face, period, r[1]))
    return next(found, None)


def _taken_back(
    awards: Sequence[Any], face: MedalFace, medal: BoardMedal, period: str, moment: Moment
) -> TakenBack | None:
    """The lowest level above the held ones that a return took: the one to win back first."""
    held = medal.tile.level if medal.held else 0
    lost = [
        row
        for row in awards
        if row[2] == "revoked" and row[6] is not None and is_of(face, period, row[1])
        and (row[0] > held or face.occurrence == "every")
    ]  # fmt: skip
    if not lost:
        return None
    row = min(lost, key=lambda row: row[0])
    return TakenBack(row[0], local_day(from_micros(row[6]), moment.zone), _row(row[7], row[8]))


def _subjects(
    face: MedalFace, progress: Progress, faces: Faces, moment: Moment, periods: Sequence[str]
) -> Iterator[Subject]:
    for period in periods[:MOST_SUBJECTS]:
        named = subject_of(period)
        if named is not None:
            yield Subject(named, medal_on_board(face, progress, faces, {}, moment, period))
