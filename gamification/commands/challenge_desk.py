"""A challenge as it stands now, for whoever is about to change it."""

from dataclasses import dataclass
from datetime import datetime

from gamification.challenges.tables import Challenge
from gamification.commands.challenge_drafts import (
    BLOCKING,
    ChallengePlan,
    Fault,
    check_bounds,
    faults_of,
    plan_now,
    plan_of,
)
from gamification.refusals import UnknownChallenge
from gamification.world import World

__all__ = ["BLOCKING", "ChallengeNow", "Fault", "challenge_now", "check_bounds", "plan_of"]


@dataclass(frozen=True, slots=True)
class ChallengeNow:
    """What a challenge says at its revision, and what stands before the launch of a draft."""

    id: int
    code: str
    state: str
    revision: int
    version: int
    plan: ChallengePlan
    faults: tuple[Fault, ...]
    spent: int
    launched_at: datetime | None

    @property
    def blocks(self) -> tuple[Fault, ...]:
        """The faults that forbid a launch."""
        return tuple(fault for fault in self.faults if fault[1] in BLOCKING)


def challenge_now(world: World, challenge_id: int) -> ChallengeNow:
    """Read a challenge; nobody is held. Raises UnknownChallenge."""
    found = world.session.get(Challenge, challenge_id)
    if found is None:
        raise UnknownChallenge(challenge=challenge_id)
    is_draft = found.state == "draft"
    plan = plan_now(world, found)
    return ChallengeNow(
        challenge_id,
        found.code,
        found.state,
        found.revision,
        found.version,
        plan,
        tuple(faults_of(world, found)) if is_draft else (),
        found.spent,
        found.launched_at,
    )
