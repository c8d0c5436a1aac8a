"""Which challenges a receipt moved, from the answer that is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gamification.definitions import current_definitions
from gamification.readmodels.challenge_faces import challenge_faces
from gamification.readmodels.views import Named
from gamification.world import World


@dataclass(frozen=True, slots=True)
class ChallengeMove:
    """How far a challenge is after a receipt; `finished`: this receipt reached the goal."""

    name: Named
    score: int
    goal: int
    finished: bool


def told_moves(world: World, answer: Mapping[str, Any]) -> tuple[ChallengeMove, ...]:
    """The challenges of a stored answer; nothing is read where there are none."""
    kept = answer.get("challenges", ())
    if not kept:
        return ()
    faces = challenge_faces(world, current_definitions(world.session))
    names = {face.named.code: face.named for face in faces.values()}
    done = answer.get("challenges_done", ())
    return tuple(
        ChallengeMove(names.get(code, Named(code, {})), score, goal, code in done)
        for code, score, goal in kept
    )
