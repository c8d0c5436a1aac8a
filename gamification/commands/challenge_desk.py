"""A challenge as it stands now, for whoever is about to change it."""

from dataclasses import dataclass
from datetime import datetime

from gamification.audiences.conditions import parse_audience
from gamification.audiences.sets import members_of
from gamification.challenges.tables import Challenge
from gamification.columns import to_micros
from gamification.commands.challenge_drafts import (
    BLOCKING,
    ChallengePlan,
    Fault,
    check_bounds,
    faults_of,
    plan_now,
    plan_of,
)
from gamification.commands.challenge_messages import AGREED, HERE
from gamification.definitions import current_definitions
from gamification.refusals import UnknownChallenge
from gamification.store import Store
from gamification.world import World

__all__ = ["BLOCKING", "ChallengeNow", "Fault", "challenge_now", "check_bounds", "plan_of"]


@dataclass(frozen=True, slots=True)
class ChallengeNow:
    """What a challenge says at its revision, and what stands before the launch of a draft.

    `meant` is how many members a draft's audience holds now, None where it is everybody;
    `told` how many of those who are meant agreed to news, None where nothing is a draft.
    """

    id: int
    code: str
    state: str
    revision: int
    version: int
    plan: ChallengePlan
    faults: tuple[Fault, ...]
    spent: int
    launched_at: datetime | None
    meant: int | None = None
    told: int | None = None

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
    people = _meant(world, plan) if is_draft else None
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
        None if people is None else len(people),
        _told(world, people) if is_draft else None,
    )


def _meant(world: World, plan: ChallengePlan) -> set[int] | None:
    """The members who would be asked if it began now; None for everybody."""
    if not plan.terms.audience:
        return None
    zone = current_definitions(world.session).programme.zone
    audience = parse_audience(plan.terms.audience)
    return members_of(Store(world.connection), audience, to_micros(world.now), zone)


def _told(world: World, people: set[int] | None) -> int:
    """How many of some members, or of all, an invitation may go to."""
    what = "COUNT(*)" if people is None else "m.id"
    rows = Store(world.connection).rows(f"SELECT {what} FROM member m WHERE {HERE} AND {AGREED}")
    return int(rows[0][0]) if people is None else sum(row[0] in people for row in rows)
