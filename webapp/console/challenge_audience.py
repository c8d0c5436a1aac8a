"""Whom a challenge is for, as rows of a form: each row is one condition, all of them hold.

Conditions that the form has no fields for are kept as they are and shown as such.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from gamification.readmodels.challenge_desk import DeskFacts
from webapp.console.fields import Form, money_text
from webapp.words.challenge_desk import AUDIENCE_KINDS, choices, kept_condition

MOST_ROWS = 8
MOST_DAYS = 3_660
MOST_SUM = 10**13
FIELDS = ("kind", "goods", "days", "sum", "tier", "kept")
FRESH: dict[str, dict[str, str]] = {
    "tier": {},
    "bought": {"days": "60"},
    "not_bought": {"days": "60"},
    "silent": {"days": "60"},
    "spend": {"days": "365", "sum": "1000"},
}
"""What a new row of each kind begins with."""


def audience_names(count: int) -> list[str]:
    """The fields of so many rows."""
    return [f"a{n}_{name}" for n in range(count) for name in FIELDS]


def audience_values(audience: Mapping[str, Any], currency: str) -> dict[str, str]:
    """An audience as rows of a form, with their number under `conditions`."""
    conditions = list(audience.get("all", ()))[:MOST_ROWS]
    values = {"conditions": str(len(conditions))}
    for n, one in enumerate(conditions):
        for name, text in _row_values(one, n, currency).items():
            values[f"a{n}_{name}"] = text
    return values


def _row_values(one: Mapping[str, Any], place: int, currency: str) -> dict[str, str]:
    days = str(one.get("days") or "")
    match one:
        case {"kind": "tier", "tiers": [tier]}:
            return {"kind": "tier", "tier": str(tier)}
        case {"kind": "bought" | "not_bought" as kind, "categories": [goods]}:
            return {"kind": kind, "goods": str(goods), "days": days}
        case {"kind": "recency", "within": False}:
            return {"kind": "silent", "days": days}
        case {"kind": "spend", "at_least": int(least)} if one.get("at_most") is None:
            return {"kind": "spend", "sum": money_text(least, currency), "days": days}
    return {"kind": "kept", "kept": str(place)}


def asked_audience(
    form: Form, saved: Mapping[str, Any], facts: DeskFacts, count: int
) -> dict[str, Any]:
    """The audience that the rows ask for; what cannot be taken stands beside its field.

    Args:
        saved: the audience before, from which kept conditions are taken.
    """
    former = list(saved.get("all", ()))
    conditions = [
        found for n in range(count) if (found := _asked_row(form, f"a{n}_", former, facts))
    ]
    audience: dict[str, Any] = {"all": conditions} if conditions else {}
    return audience | ({"none": saved["none"]} if saved.get("none") else {})


def _asked_row(
    form: Form, at: str, former: Sequence[dict[str, Any]], facts: DeskFacts
) -> dict[str, Any] | None:
    kind = form.values.get(f"{at}kind", "")
    match kind:
        case "tier":
            return {"kind": kind, "tiers": [_chosen(form, f"{at}tier", _codes(facts))]}
        case "bought" | "not_bought":
            goods = form.values.get(f"{at}goods", "")
            if not goods:
                form.refuse(f"{at}goods", _("Choose one of the list."))
            return {"kind": kind, "categories": [goods]} | _days(form, at)
        case "silent":
            return {"kind": "recency", "days": form.whole(f"{at}days", 1, MOST_DAYS),
                    "within": False}  # fmt: skip
        case "spend":
            least = form.money(f"{at}sum", facts.currency, MOST_SUM)
            return {"kind": kind, "at_least": least} | _days(form, at)
        case "kept":
            place = form.values.get(f"{at}kept", "")
            is_known = place.isascii() and place.isdigit() and int(place[:4]) < len(former)
            return former[int(place[:4])] if is_known else None
    form.refuse(f"{at}kind", _("Choose one of the list."))
    return None


def _days(form: Form, at: str) -> dict[str, int]:
    if not form.values.get(f"{at}days"):
        return {}
    return {"days": form.whole(f"{at}days", 1, MOST_DAYS)}


def _codes(facts: DeskFacts) -> list[str]:
    return [tier.code for tier in facts.tiers]


def _chosen(form: Form, name: str, choices: Sequence[str]) -> str:
    found = form.values.get(name, "")
    if found not in choices:
        form.refuse(name, _("Choose one of the list."))
    return found


def fresh_row(kind: str, facts: DeskFacts) -> dict[str, str]:
    """The values of a row that was just added."""
    values = {"kind": kind} | FRESH.get(kind, {})
    if kind in ("bought", "not_bought"):
        values["goods"] = facts.categories[0] if facts.categories else ""
    if kind == "tier":
        values["tier"] = facts.tiers[0].code if facts.tiers else ""
    return values


def audience_choices() -> list[tuple[str, str]]:
    """The kinds of conditions that can be added, with their words."""
    return choices(AUDIENCE_KINDS)


def kept_words(audience: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the rows that have no fields, by their place."""
    return {str(n): kept_condition(one) for n, one in enumerate(audience.get("all", ()))}


def audience_size(facts: DeskFacts, meant: int | None) -> int:
    """How many members are meant: everybody, where the audience asks for nothing."""
    return facts.members if meant is None else meant
