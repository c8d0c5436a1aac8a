"""Challenges to start from: each can be launched with its defaults. Source: domain, C3."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Literal, get_args

from gamification.challenges.terms import ChallengeTerms, Rung, Step
from gamification.measures.catalogue import Where

Template = Literal[
    "collect", "streak", "spend", "place", "friend", "hours", "welcome", "come_back", "blank"
]
TEMPLATES: tuple[Template, ...] = get_args(Template)
DAYS = 14
"""How long a new challenge lasts, in days."""
SILENT_DAYS = 60
"""After how long a silence somebody is called back."""


def _collect(_scale: int) -> dict[str, Any]:
    return {
        "steps": (Step(kind="distinct", of="category", at_least=3),),
        "ladder": (Rung(at=3, points=200),),
        "stamps": True,
    }


def _streak(_scale: int) -> dict[str, Any]:
    return {
        "steps": (Step(kind="streak", of="week", at_least=3, freezes=0),),
        "ladder": (Rung(at=3, points=200),),
        "stamps": True,
    }


def _spend(scale: int) -> dict[str, Any]:
    total = 3_000 * scale
    return {
        "steps": (Step(kind="sum", at_least=total),),
        "ladder": (Rung(at=total, points=200),),
    }


def _place(_scale: int) -> dict[str, Any]:
    return {
        "steps": (Step(kind="distinct", of="store", at_least=1, fresh_days=180),),
        "ladder": (Rung(at=1, points=200),),
    }


def _friend(_scale: int) -> dict[str, Any]:
    return {
        "steps": (Step(kind="count", events=("friend_came",), at_least=5),),
        "ladder": (Rung(at=1, points=100), Rung(at=3, points=200), Rung(at=5, points=400)),
        "hold_days": 0,
    }


def _hours(_scale: int) -> dict[str, Any]:
    quiet = Where(weekdays=(1, 2, 3, 4), hours=((15 * 60, 18 * 60),))
    return {
        "steps": (Step(kind="distinct", of="day", at_least=3, where=quiet),),
        "ladder": (Rung(at=3, points=200),),
        "stamps": True,
    }


def _welcome(_scale: int) -> dict[str, Any]:
    return {
        "steps": (
            Step(kind="count", events=("profile_completed",), at_least=1),
            Step(kind="count", at_least=1),
            Step(kind="distinct", of="day", at_least=2),
        ),
        "ladder": (Rung(at=4, points=200),),
        "endowed": 1,
        "window": "joined",
        "days": DAYS,
        "stamps": True,
    }


def _come_back(scale: int) -> dict[str, Any]:
    return {
        "steps": (Step(kind="count", at_least=1, where=Where(amount_from=300 * scale)),),
        "ladder": (Rung(at=1, points=200),),
        "control_percent": 20,
        "audience": {"all": [{"kind": "recency", "days": SILENT_DAYS, "within": False}]},
    }


def _blank(_scale: int) -> dict[str, Any]:
    return {
        "steps": (Step(kind="count", at_least=3),),
        "ladder": (Rung(at=3, points=200),),
    }


MAKE: dict[str, Callable[[int], dict[str, Any]]] = {
    "collect": _collect,
    "streak": _streak,
    "spend": _spend,
    "place": _place,
    "friend": _friend,
    "hours": _hours,
    "welcome": _welcome,
    "come_back": _come_back,
    "blank": _blank,
}


def template_terms(template: Template, scale: int) -> ChallengeTerms:
    """The terms of a template with its defaults.

    Args:
        scale: how many minor units stand for a rouble in the shop's currency.
    """
    return ChallengeTerms(**MAKE[template](scale))


def usual_dates(template: Template, today: date) -> tuple[date, date]:
    """The first day and the first day after it: from next Monday, two weeks; a streak longer."""
    first = today + timedelta(days=7 - today.weekday())
    return first, first + timedelta(days=21 if template == "streak" else DAYS)
