"""Keys of messages that are told once in a calendar week at most: pure."""

from datetime import date


def reminder_key(referral: str, today: date) -> str:
    """The key of a reminder about an invitation, in the week (from Monday) of a local day."""
    year, week, _ = today.isocalendar()
    return f"friend_reminds:{referral}:{year}-{week:02}"
