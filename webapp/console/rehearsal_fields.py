"""Drafts of the rehearsals' page: fields as they stand, and the draft that they make."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _

from gamification.commands.owner import MOST_MINOR
from gamification.points import to_decimal
from gamification.readmodels.rehearsals import (
    BOUNDS,
    DOWNGRADES,
    MOST_TIERS,
    Draftable,
    DraftTier,
    PresentRule,
    RuleDraft,
    TierScheme,
)
from gamification.readmodels.views import Named
from webapp.console.fields import Form, decimal_of, money_text
from webapp.console.setup_tiers import CODES
from webapp.words.formats import number

Days = tuple[date, date]
USUAL_DAYS, MOST_DAYS = 90, 1096
MOST_POINTS = 100_000
MOST_CATEGORIES = 100
NEW = ("multiplier", "bonus", "exclusion", "cap")
DRAFT = "draft"
LISTS = ("kind", "categories", "weekdays")
"""What a draft holds beside the fields of one value."""
SPAN_FIELDS = ("from", "until", "first-day", "last-day")
TERMS = (*BOUNDS, "downgrade")


def asked_form(*names: str) -> Form:
    """The fields as they were sent, in the address or beside it; what is missing is empty."""
    return Form({name: request.values.get(name, "").strip()[:200] for name in names})


def asked_draft(form: Form) -> dict[str, list[str]]:
    """The whole draft as its address holds it: what was filled in, and the days it is tried on."""
    found = {name: [text] for name, text in form.values.items() if text}
    lists = {name: list(several(name)) for name in LISTS}
    return found | {name: texts for name, texts in lists.items() if texts}


def several(name: str) -> tuple[str, ...]:
    """Every value of a field of which several may be chosen."""
    return tuple(value[:120] for value in request.values.getlist(name)[:MOST_CATEGORIES])


def period(form: Form, today: date) -> tuple[date, date]:
    """The first and the last day; the latest ninety where nothing is said."""
    first = _day(form, "since") or today - timedelta(days=USUAL_DAYS - 1)
    last = _day(form, "till") or today
    if first > last:
        form.refuse("since", _("The first day is after the last one."))
    elif (last - first).days >= MOST_DAYS:
        form.refuse("since", _("Choose at most %(n)s days.", n=MOST_DAYS))
    form.values |= {"since": first.isoformat(), "till": last.isoformat()}
    return first, last


def _day(form: Form, name: str) -> date | None:
    text = form.values[name]
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 1990 <= found.year <= 2200:
        form.refuse(name, _("Write a day of the calendar."))
        return None
    return found


def rule_fields(shop: Draftable) -> tuple[str, ...]:
    """Every field that a rule's draft may have, single ones."""
    rates = tuple(f"rate-{tier.code}" for tier in shop.tiers)
    return ("rule", "off", "times", "need", "points", *SPAN_FIELDS, *rates)


def rule_chosen(shop: Draftable, text: str) -> tuple[str, PresentRule | None]:
    """The kind that is drafted, and the rule in force that it stands for."""
    known = next((rule for rule in shop.rules if f"rule:{rule.code}" == text), None)
    if known is not None:
        return known.kind, known
    kind = text.removeprefix("new:")
    return (kind if kind in NEW else NEW[0]), None


def rule_values(shop: Draftable, kind: str, rule: PresentRule | None) -> dict[str, Any]:
    """How the fields stand before anybody typed: the rule in force, or nothing."""
    params = rule.params if rule else {}
    hours, dates = params.get("hours"), params.get("dates")
    values: dict[str, Any] = {
        "times": number_in_field(params.get("percent")),
        "need": _money_of(params.get("threshold"), shop),
        "points": str(params.get("points", "")),
        "from": clock_of(hours[0]) if hours else "",
        "until": clock_of(hours[1]) if hours else "",
        "first-day": str(dates[0]) if dates else "",
        "last-day": str(date.fromisoformat(str(dates[1])) - timedelta(days=1)) if dates else "",
    }
    rates = params.get("rates", shop.rates)
    for tier in shop.tiers:
        values[f"rate-{tier.code}"] = number_in_field(rates.get(tier.code, 0))
    values["categories"] = tuple(params.get("categories", ()))
    values["weekdays"] = tuple(str(n) for n in params.get("weekdays", ()))
    return values


def number_in_field(hundredths: int | None) -> str:
    """2 of 200 and 1,5 of 150."""
    return "" if hundredths is None else number(to_decimal(hundredths, "RUB").normalize())


def clock_of(minute: int) -> str:
    """09:30 of 570."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _money_of(minor: int | None, shop: Draftable) -> str:
    return "" if minor is None else money_text(minor, shop.programme.currency)


def typed_rule(form: Form, shop: Draftable, kind: str, rule: PresentRule | None) -> RuleDraft:
    """The draft that the fields make; what is wrong stands in the form."""
    code = rule.code if rule else DRAFT
    if rule is not None and form.values["off"]:
        return RuleDraft(code, kind, None)
    return RuleDraft(code, kind, PARAMS[kind](form, shop))


def _multiplier(form: Form, _shop: Draftable) -> dict[str, Any]:
    found = decimal_of(form.values["times"].strip("×x "))
    percent = int(found * 100) if found is not None else 0
    if not 100 < percent <= 10_000 or found is None or found * 100 != percent:
        form.refuse("times", _("Write how many times as much, above 1 and up to 100."))
    return {"percent": percent, "categories": several("categories"), **_span(form)}


def _bonus(form: Form, shop: Draftable) -> dict[str, Any]:
    return {
        "threshold": form.money("need", shop.programme.currency, MOST_MINOR),
        "points": form.whole("points", 1, MOST_POINTS),
        **_span(form),
    }


def _exclusion(form: Form, _shop: Draftable) -> dict[str, Any]:
    if not several("categories"):
        form.refuse("categories", _("Choose at least one."))
    return {"categories": several("categories")}


def _cap(form: Form, _shop: Draftable) -> dict[str, Any]:
    return {"points": form.whole("points", 1, MOST_POINTS)}


def _rates(form: Form, shop: Draftable) -> dict[str, Any]:
    return {"rates": {tier.code: rate_typed(form, f"rate-{tier.code}") for tier in shop.tiers}}


PARAMS: dict[str, Callable[[Form, Draftable], dict[str, Any]]] = {
    "multiplier": _multiplier,
    "bonus": _bonus,
    "exclusion": _exclusion,
    "cap": _cap,
    "tier_rate": _rates,
}


def rate_typed(form: Form, name: str) -> int:
    """A rate in hundredths of a per cent."""
    found = decimal_of(form.values[name].strip("% "))
    if found is None or not 0 <= found <= 100 or found * 100 != int(found * 100):
        form.refuse(name, _("Write per cent from 0 to 100, such as 5 or 2,5."))
        return 0
    return int(found * 100)


def _span(form: Form) -> dict[str, Any]:
    """When a rule applies; nothing where nothing was said."""
    span: dict[str, Any] = {}
    if days := [int(text) for text in several("weekdays") if text in set("1234567")]:
        span["weekdays"] = days
    clocks = [_minute(form, name) for name in ("from", "until")]
    if clocks[0] is not None and clocks[1] is not None and clocks[0] != clocks[1]:
        span["hours"] = clocks
    elif clocks != [None, None]:
        form.refuse("from", _("Give both hours, and not the same."))
    first, last = (_day(form, name) for name in ("first-day", "last-day"))
    if first and last and first <= last:
        span["dates"] = [first.isoformat(), (last + timedelta(days=1)).isoformat()]
    elif first or last:
        form.refuse("first-day", _("Give both days, the first one first."))
    return span


def _minute(form: Form, name: str) -> int | None:
    hour, _colon, minute = form.values[name].partition(":")
    if hour.isascii() and hour.isdigit() and minute.isascii() and minute[:2].isdigit():
        found = int(hour[:2]) * 60 + int(minute[:2])
        return found if found < 1440 else None
    return None


def tier_fields() -> tuple[str, ...]:
    """Every field of a draft of tiers."""
    rungs = [f"{name}-{n}" for n in range(1, MOST_TIERS + 1) for name in ("name", "need", "rate")]
    return (*rungs, *TERMS)


def tier_values(shop: Draftable, named: Callable[[Named], str]) -> dict[str, str]:
    """The scheme in force as the fields show it."""
    values = dict.fromkeys(tier_fields(), "")
    for n, tier in enumerate(shop.tiers[:MOST_TIERS], 1):
        values[f"name-{n}"] = named(tier.named)
        values[f"need-{n}"] = _money_of(tier.threshold, shop)
        values[f"rate-{n}"] = number_in_field(shop.rates.get(tier.code, 0))
    return values | {name: str(getattr(shop.programme, name)) for name in TERMS}


def typed_scheme(form: Form, shop: Draftable) -> tuple[TierScheme, dict[str, Named]]:
    """The scheme that the fields make, and what its tiers are called; an emptied one is gone."""
    tiers: list[DraftTier] = []
    names: dict[str, Named] = {}
    known = [tier.code for tier in shop.tiers]
    spare = [code for code in (*CODES, "extra") if code not in known]
    for n in range(1, MOST_TIERS + 1):
        if not any(form.values[f"{name}-{n}"] for name in ("name", "need", "rate")):
            continue
        code = known[n - 1] if n <= len(known) else spare.pop(0)
        tiers.append(_tier(form, n, code, shop, tiers[-1] if tiers else None))
        called = form.values[f"name-{n}"]
        names[code] = Named(code, {"ru": called, "en": called})
    if not tiers:
        form.refuse("need-1", _("At least one tier is needed."))
    if all(tier.rate == shop.rates.get(tier.code) for tier in tiers):
        tiers = [DraftTier(tier.code, tier.threshold) for tier in tiers]
    whole = {name: form.whole(name, *bounds) for name, bounds in BOUNDS.items()}
    downgrade = form.values["downgrade"]
    if downgrade not in DOWNGRADES:
        form.refuse("downgrade", _("Choose one of the list."))
    return TierScheme(tuple(tiers), downgrade=downgrade, **whole), names


def _tier(form: Form, n: int, code: str, shop: Draftable, before: DraftTier | None) -> DraftTier:
    name, need = f"name-{n}", f"need-{n}"
    if not form.values[name]:
        form.refuse(name, _("Give the tier a name."))
    threshold = 0
    if before is not None:
        threshold = form.money(need, shop.programme.currency, MOST_MINOR)
        if need not in form.errors and threshold <= before.threshold:
            form.refuse(need, _("This should be more than the tier before it needs."))
    elif decimal_of(form.values[need] or "0") != 0:
        form.refuse(need, _("The first tier is everybody's: it starts at 0."))
    return DraftTier(code, threshold, rate_typed(form, f"rate-{n}"))
