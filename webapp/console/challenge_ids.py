"""Numbers of challenges in addresses."""

from flask import abort

from gamification.commands.challenge_desk import ChallengeNow, challenge_now
from gamification.refusals import UnknownChallenge
from gamification.world import World

MOST_ID = 2**63


def known_id(challenge_id: int) -> int:
    """A number that a row can have; else there is no such page."""
    if not 0 < challenge_id < MOST_ID:
        abort(404)
    return challenge_id


def found_challenge(world: World, challenge_id: int) -> ChallengeNow:
    """The challenge of an address; else there is no such page."""
    try:
        return challenge_now(world, challenge_id)
    except UnknownChallenge:
        abort(404)
