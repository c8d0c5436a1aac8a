"""The row of somebody new."""

import os
import time
from datetime import datetime
from typing import Any

from gamification.columns import to_micros


def uuid7() -> str:
    """A public id that grows with time and tells nothing else (RFC 9562, version 7)."""
    stamp = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    tail = bytearray(os.urandom(10))
    tail[0] = 0x70 | tail[0] & 0x0F
    tail[2] = 0x80 | tail[2] & 0x3F
    text = (stamp + bytes(tail)).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def new_member_row(
    *,
    origin: str,
    joined_at: datetime,
    external_id: str | None = None,
    locale: str = "ru",
    name: str = "",
) -> dict[str, Any]:
    """Column values of a new member, as the database keeps them."""
    return {
        "public_id": uuid7(),
        "external_id": external_id,
        "name": name,
        "locale": locale,
        "status": "active",
        "origin": origin,
        "joined_at": to_micros(joined_at),
        "search": name.casefold(),
    }
