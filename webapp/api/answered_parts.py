"""Parts of several answers: what everything answered has, and what a receipt moved."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from gamification.readmodels.challenge_moves import ChallengeMove
from webapp.api.marks import _l
from webapp.words.formats import named


class Answered(BaseModel):
    """A part of an answer: every field is always there, null where there is nothing."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True
    )


class MedalMove(Answered):
    """A level of a medal that a receipt gave or took back."""

    code: str = Field(description=_l("The medal's code; it never changes."))
    level: int = Field(description=_l("1 bronze, 2 silver, 3 gold, 4 platinum, 5 obsidian."))
    subject: str | None = Field(description=_l("The category of a medal earned per category."))


class ChallengeMoveView(Answered):
    """A challenge of the member's that a receipt moved."""

    code: str
    name: str
    done: int = Field(description=_l("How far; money in its smallest units."))
    target: int
    finished: bool = Field(
        description=_l("Whether this receipt reached the goal; the reward comes within a minute.")
    )


def challenge_moves(moves: Iterable[ChallengeMove]) -> list[dict[str, Any]]:
    """What a receipt moved, with names in the reader's language."""
    return [
        {
            "code": one.name.code,
            "name": named(one.name),
            "done": min(max(one.score, 0), one.goal),
            "target": one.goal,
            "finished": one.finished,
        }
        for one in moves
    ]


def medal_moves(moves: Any) -> list[dict[str, Any]]:
    """Stored triples of code, level and occurrence as fields."""
    return [
        {"code": code, "level": level, "subject": subject_of(occurrence)}
        for code, level, occurrence in moves
    ]


def subject_of(occurrence: str) -> str | None:
    """The category of an occurrence, if it is one."""
    return occurrence.removeprefix("cat:") if occurrence.startswith("cat:") else None
