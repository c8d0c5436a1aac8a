"""Who sees a challenge and who is only counted: by a stable hash, drawn anew for each one."""

import hashlib


def arm_of(challenge: str, member_id: int, control_percent: int) -> str:
    """`control` for about so many per cent of members, else `treatment`."""
    drawn = hashlib.blake2b(f"{challenge}:{member_id}".encode(), digest_size=8).digest()
    return "control" if int.from_bytes(drawn) % 10_000 < control_percent * 100 else "treatment"
