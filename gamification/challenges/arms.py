"""Which members get a challenge and which are only watched, by a hash anyone can repeat; pure.

Nothing is drawn or stored to decide: the first 16 hexadecimal digits of the SHA-256 of
`arm:challenge:member` are a place between nought and one, and places below the control
share are the control group. So a member stays where they are, a larger share only moves
members into the control group and a smaller one only out of it, and the group of one
challenge says nothing about the group of another.
"""

import hashlib
from typing import Literal

ArmName = Literal["treatment", "control"]

DIGITS = 16


def arm_of(challenge: str, member: int | str, control_percent: int) -> ArmName:
    """The arm of a member in a challenge, the same whenever and wherever it is asked.

    Args:
        challenge: a code or salt of this challenge alone; a copy needs its own.
        member: an id without a colon, so that no two pairs hash the same text.
        control_percent: the share that is only watched, 0 to 100.
    Source: domain page, 11; decision 0112.
    """
    assert 0 <= control_percent <= 100, "a share of the members"
    assert ":" not in str(member), "the last colon parts the challenge from the member"
    below = control_percent * 16**DIGITS
    return "control" if 100 * place_of(challenge, member) < below else "treatment"


def place_of(challenge: str, member: int | str) -> int:
    """Where a member stands in a challenge: evenly spread from 0 up to 16**16, exclusive."""
    digest = hashlib.sha256(f"arm:{challenge}:{member}".encode()).hexdigest()
    return int(digest[:DIGITS], 16)
