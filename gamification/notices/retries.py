"""When a message is tried again, when it is given up, and what is forgotten of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

MOST_ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=6)
ERROR_LENGTH = 300
GOOD_UNTIL = "good_until"


def wait_after(attempt: int) -> timedelta:
    """How long to wait after so many attempts: 5 s, 20 s, 80 s, about 5 min … 6 h.

    Ten attempts span about 19 hours, which outlives a night without mail.
    """
    return min(FIRST_WAIT * int(4 ** (attempt - 1)), LONGEST_WAIT)


def is_last(attempts: int) -> bool:
    """Whether so many attempts are all that a message gets."""
    return attempts >= MOST_ATTEMPTS


def is_stale(payload: dict[str, Any], now: datetime) -> bool:
    """Whether a message came too late to help: a code that no longer opens anything.

    `good_until` in the payload is an ISO instant with a zone; absent means for ever.
    """
    until = payload.get(GOOD_UNTIL)
    return until is not None and datetime.fromisoformat(until) <= now


def without_secrets(payload: dict[str, Any], secrets: Collection[str]) -> dict[str, Any]:
    """The payload as it may be kept once the message is sent or given up."""
    return {name: value for name, value in payload.items() if name not in secrets}


def short_error(error: str) -> str:
    """One printable line that fits its column."""
    words = " ".join(error.split())
    return "".join(letter for letter in words if letter.isprintable())[:ERROR_LENGTH]
