"""Everything a member can do besides buying: one entry a type, and nothing else to touch.

A type's words stand in `webapp/words/acts.py`; what a programme gives for it and how
often it counts can be changed by an earn rule of the kind `act`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Per = Literal["day", "week", "month", "year", "ever"]
PERS: tuple[Per, ...] = get_args(Per)
SPANS: dict[Per, int | None] = {"day": 1, "week": 7, "month": 30, "year": 365, "ever": None}
"""How many local dates a limit looks at, the act's own included."""

OWN_SOURCE = "@laurel"
"""The source of acts that the programme notes by itself: no key can have this name."""
CANCELLATION = "cancellation"
"""The type of the activity that takes an act back."""


@dataclass(frozen=True, slots=True)
class ActType:
    """Something a member does: how often it counts, and who may tell it.

    `points` and the limit hold until a programme publishes terms of its own.
    With `from_outside`, keys of the API may send it; else only the programme notes it.
    Without `priced_here`, each one says itself what it brings (an invitation's terms do),
    and has no limit.
    """

    code: str
    per: Per
    most: int = 1
    points: int = 0
    from_outside: bool = False
    priced_here: bool = True


ACT_TYPES: dict[str, ActType] = {
    act.code: act
    for act in (
        ActType("joined", "ever"),
        ActType("profile_completed", "ever", from_outside=True),
        ActType("phone_confirmed", "ever", from_outside=True),
        ActType("email_confirmed", "ever", from_outside=True),
        ActType("daily_check_in", "day", from_outside=True),
        ActType("birthday", "year"),
        ActType("friend_joined", "ever", priced_here=False),
        ActType("friend_came", "ever", priced_here=False),
        ActType("friend_bought", "ever", priced_here=False),
        ActType("friend_of_friend", "ever", priced_here=False),
        ActType("welcome_gift", "ever", priced_here=False),
        ActType("invited_bonus", "ever", priced_here=False),
        ActType("challenge_step", "ever", priced_here=False),
        ActType("challenge_completed", "ever", priced_here=False),
        ActType("challenge_compensation", "ever", priced_here=False),
    )
}
CORRECTABLE = frozenset(code for code, act in ACT_TYPES.items() if act.priced_here)
"""Acts that the shop may cancel; those of invitations are decided with their invitation."""


def is_limit_reached(day: date, counted: Iterable[date], *, per: Per, most: int) -> bool:
    """Whether an act on a local day would be one more than `most` within any of its spans.

    A span is so many local dates in a row; acts may arrive late, so later days count as
    well as earlier ones.
    """
    days = sorted([*counted, day])
    span = SPANS[per]
    if span is None:
        return len(days) > most
    width = timedelta(days=span - 1)
    ends = [end for end in days if day <= end <= day + width]
    return any(sum(end - width <= one <= end for one in days) > most for end in ends)
