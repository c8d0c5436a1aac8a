"""One thing to do, as a sentence of fields: a verb, a number, and which purchases count."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from gamification.commands.challenges import Step
from gamification.points import minor_digits
from webapp.console.fields import Form, money_text

PURCHASES = ("purchase",)
VERBS: dict[str, dict[str, Any]] = {
    "times": {"kind": "count"},
    "sum": {"kind": "sum"},
    "best": {"kind": "best"},
    "days": {"kind": "distinct", "of": "day"},
    "kinds": {"kind": "distinct", "of": "category"},
    "items": {"kind": "distinct", "of": "sku"},
    "places": {"kind": "distinct", "of": "store"},
    "ways": {"kind": "distinct", "of": "channel"},
    "row_day": {"kind": "streak", "of": "day"},
    "row_week": {"kind": "streak", "of": "week"},
    "row_month": {"kind": "streak", "of": "month"},
    "friend_came": {"kind": "count", "events": ("friend_came",)},
    "friend_joined": {"kind": "count", "events": ("friend_joined",)},
    "profile_completed": {"kind": "count", "events": ("profile_completed",)},
    "email_confirmed": {"kind": "count", "events": ("email_confirmed",)},
    "phone_confirmed": {"kind": "count", "events": ("phone_confirmed",)},
    "daily_check_in": {"kind": "count", "events": ("daily_check_in",)},
}
"""What a step may ask for, by the word that stands for it in the form."""
KEPT = "kept"
"""A step that the form has no verb for: it stays as it is saved."""
STEP_FIELDS = ("what", "n", "from", "opens", "closes", "freezes", "fresh", "kept")
STEP_LISTS = ("goods", "day", "store")
FRESH = {"what": "times", "n": "3"}
MOST_MONEY, MOST_COUNT = 10**13, 1_000_000


def verb_of(step: Step) -> str:
    """The verb of a step; none where it asks for more than the form has fields for."""
    where = step.where
    if where.channels or where.challenges or where.lines_from or len(where.hours) > 1:
        return KEPT
    asked = {"kind": step.kind, "of": step.of, "events": step.events}
    for verb, made in VERBS.items():
        if {"of": None, "events": PURCHASES} | made == asked:
            return verb
    return KEPT


def is_shopping(verb: str) -> bool:
    """Whether a verb counts purchases, so that it can be asked which ones."""
    return verb in VERBS and "events" not in VERBS[verb]


def is_money_step(step: Mapping[str, Any]) -> bool:
    """Whether a step counts money."""
    return step["kind"] in ("sum", "best")


def step_values(step: Step, currency: str) -> dict[str, str]:
    """A step as its single fields show it."""
    where, verb = step.where, verb_of(step)
    opens, closes = where.hours[0] if where.hours else (None, None)
    is_money = step.kind in ("sum", "best")
    return {
        "what": verb,
        "n": money_text(step.at_least, currency) if is_money else str(step.at_least),
        "from": money_text(where.amount_from, currency) if where.amount_from else "",
        "opens": _clock(opens),
        "closes": _clock(closes),
        "freezes": str(step.freezes or ""),
        "fresh": str(step.fresh_days or ""),
    }


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute % 1440 // 60:02d}:{minute % 60:02d}"


def step_lists(step: Step) -> dict[str, list[str]]:
    """A step's fields of several values."""
    where = step.where
    return {
        "goods": list(where.categories),
        "day": [str(day) for day in where.weekdays],
        "store": list(where.stores),
    }


def asked_step(form: Any, place: int, saved: Sequence[Step], currency: str) -> dict[str, Any]:
    """The step that the form asks for, as values of `Step`."""
    at = f"s{place}_"
    verb = form.values.get(f"{at}what", "")
    former = form.values.get(f"{at}kept", "")
    if verb == KEPT and former.isascii() and former.isdigit() and int(former[:2]) < len(saved):
        return saved[int(former[:2])].model_dump()
    if verb not in VERBS:
        form.refuse(f"{at}what", _("Choose one of the list."))
        verb = "times"
    made: dict[str, Any] = {"events": PURCHASES, "of": None} | VERBS[verb]
    number = form.money if is_money_step(made) else form.whole
    bounds = (currency, MOST_MONEY) if is_money_step(made) else (1, MOST_COUNT)
    made["at_least"] = number(f"{at}n", *bounds)
    if made["kind"] == "streak":
        made["freezes"] = form.whole_or_none(f"{at}freezes", 0, 5) or 0
    if made["kind"] == "distinct":
        made["fresh_days"] = form.whole_or_none(f"{at}fresh", 1, 366)
    return made | ({"where": _where(form, at, currency)} if is_shopping(verb) else {})


def _where(form: Any, at: str, currency: str) -> dict[str, Any]:
    days = {int(day) for day in form.lists[f"{at}day"] if day in "1234567" and len(day) == 1}
    where: dict[str, Any] = {
        "categories": tuple(dict.fromkeys(form.lists[f"{at}goods"])),
        "weekdays": tuple(sorted(days)) if len(days) < 7 else (),
        "stores": tuple(dict.fromkeys(form.lists[f"{at}store"])),
        "hours": _hours(form, at),
    }
    if form.values[f"{at}from"]:
        where["amount_from"] = form.money(f"{at}from", currency, MOST_MONEY)
    return where


def _hours(form: Form, at: str) -> tuple[tuple[int, int], ...]:
    opens, closes = (_minute(form, f"{at}{name}") for name in ("opens", "closes"))
    if opens is None and closes is None:
        return ()
    if opens is None or closes is None:
        name = f"{at}opens" if opens is None else f"{at}closes"
        form.refuse(name, _("Give both hours, or none."))
        return ()
    if opens == closes:
        form.refuse(f"{at}closes", _("These hours have no length."))
        return ()
    return ((opens, closes or 1440),)


def _minute(form: Form, name: str) -> int | None:
    text = form.values[name]
    if not text:
        return None
    hours, _colon, minutes = text[:5].partition(":")
    plain = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()
    if plain and int(hours) < 24 and int(minutes) < 60:
        return int(hours) * 60 + int(minutes)
    form.refuse(name, _("Write a time, such as 15:00."))
    return None


def score_text(steps: Sequence[Step], value: int, currency: str) -> str:
    """A score of the ladder as its field shows it."""
    is_money = len(steps) == 1 and steps[0].kind in ("sum", "best")
    return money_text(value, currency) if is_money else str(value)


def scale_of(currency: str) -> int:
    """How many minor units stand for one unit of money."""
    return int(10 ** minor_digits(currency))
