"""The row of somebody new, and the mark that keeps somebody erased from coming back."""

import hashlib
import os
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gamification.columns import to_micros
from gamification.store import Store


def uuid7() -> str:
    """A public id that grows with time and tells nothing else (RFC 9562, version 7)."""
    stamp = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    tail = bytearray(os.urandom(10))
    tail[0] = 0x70 | tail[0] & 0x0F
    tail[2] = 0x80 | tail[2] & 0x3F
    text = (stamp + bytes(tail)).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


GONE = "gone:"


def gone_mark(external_id: str) -> str:
    """What is kept of an erased member's external id: enough to know a file's row again."""
    digest = hashlib.blake2b(external_id.encode(), digest_size=16).hexdigest()
    return f"{GONE}{digest}"


def erased_among(store: Store, external_ids: Iterable[str]) -> set[str]:
    """Which of these external ids were those of members who are erased."""
    marks = {gone_mark(external_id): external_id for external_id in external_ids}
    sql = "SELECT external_id FROM member WHERE external_id IN (?*)"
    return {marks[mark] for (mark,) in store.in_list(sql, marks)} if marks else set()


def named_among(store: Store, names: Iterable[str], *, cards: bool = True) -> dict[str, int]:
    """Which of these names a member has, as external id or, where nobody has it so, as card.

    A shop's file names its customers by either. A blocked or replaced card still finds its
    member.

    Args:
        cards: False where a number may be one person's id and another one's card.
    """
    wanted = sorted(set(names))
    sql = "SELECT external_id, id FROM member WHERE external_id IN (?*)"
    found: dict[str, int] = dict(store.in_list(sql, wanted))
    rest = [name for name in wanted if name not in found]
    if cards and rest:
        by_card = "SELECT number, member_id FROM card WHERE number IN (?*)"
        found |= dict(store.in_list(by_card, rest))
    return found


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
