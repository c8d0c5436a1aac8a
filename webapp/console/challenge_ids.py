"""Numbers of challenges in addresses."""

from flask import abort

MOST_ID = 2**63


def known_id(challenge_id: int) -> int:
    """A number that a row can have; else there is no such page."""
    if not 0 < challenge_id < MOST_ID:
        abort(404)
    return challenge_id
