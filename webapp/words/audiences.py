"""Whom something is for, in words: conditions as chips, stages, kinds by value, refusals."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from gamification.readmodels.conditions import (
    BirthdayMonth,
    Bought,
    Condition,
    Consented,
    Frequency,
    HasMedal,
    InCity,
    InSegment,
    InStage,
    InTier,
    Invited,
    Inviter,
    Joined,
    NotBought,
    OfValue,
    OnList,
    Recency,
    Spend,
    Visited,
)
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import date_in, locale, money, number
from webapp.words.own_copy import VALUES as CODES

Words = Mapping[str, Any]
Names = Mapping[tuple[str, Any], str]
"""What tiers, medals, segments and lists are called, by kind of condition and code or id."""

STAGES: Words = {
    "potential": _l("Have not bought yet"),
    "new": _l("New"),
    "active": _l("Active"),
    "at_risk": _l("At risk"),
    "lapsed": _l("Lapsed"),
}
VALUES: Words = {
    "champions": _l("Champions"),
    "loyal": _l("Loyal"),
    "promising": _l("Promising"),
    "at_risk": _l("Worth winning back"),
    "sleeping": _l("Sleeping"),
    "lost": _l("Lost"),
}


def condition_line(condition: Condition, names: Names, currency: str) -> str:
    """A condition as a chip says it; what has no name any more is called by its code."""
    said: Callable[[Any, Names, str], str] = LINES[type(condition)]
    return said(condition, names, currency)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)


def _named(names: Names, kind: str, values: Iterable[Any]) -> str:
    return _listed(names.get((kind, value), value) for value in values)


def _period(line: str, days: int | None) -> str:
    """The line, and within how many days where that matters."""
    if days is None:
        return line
    return ngettext(
        "%(line)s (last %(n)s day)", "%(line)s (last %(n)s days)", days, line=line, n=number(days)
    )


def _recency(x: Recency, _names: Names, _currency: str) -> str:
    if x.within:
        return ngettext("Bought in the last %(n)s day", "Bought in the last %(n)s days",
                        x.days, n=number(x.days))  # fmt: skip
    return ngettext(
        "Bought before, but not in the last %(n)s day",
        "Bought before, but not in the last %(n)s days",
        x.days,
        n=number(x.days),
    )


def _frequency(x: Frequency, _names: Names, _currency: str) -> str:
    return _period(_("Purchases: %(range)s", range=_range(x, number)), x.days)


def _spend(x: Spend, _names: Names, currency: str) -> str:
    said = _range(x, lambda minor: money(minor, currency))
    return _period(_("Spent: %(range)s", range=said), x.days)


def _range(x: Frequency | Spend, said: Callable[[int], str]) -> str:
    if x.at_least is None:
        assert x.at_most is not None, "one bound is there"
        return _("at most %(most)s", most=said(x.at_most))
    if x.at_most is None:
        return _("at least %(least)s", least=said(x.at_least))
    return _("from %(least)s to %(most)s", least=said(x.at_least), most=said(x.at_most))


def _visited(x: Visited, _names: Names, _currency: str) -> str:
    return _period(_("Bought at: %(places)s", places=_listed((*x.stores, *x.channels))), x.days)


def _birthday(x: BirthdayMonth, _names: Names, _currency: str) -> str:
    if not x.months:
        return _("Birthday this month")
    months = (date_in(date(2000, month, 1), "LLLL", locale().language) for month in x.months)
    return _("Birthday in: %(months)s", months=_listed(months))


def _city(x: InCity, _names: Names, _currency: str) -> str:
    if not x.cities:
        return _("No city given")
    if x.unknown:
        return _("City: %(cities)s or not given", cities=_listed(x.cities))
    return _("City: %(cities)s", cities=_listed(x.cities))


def _joined(x: Joined, _names: Names, _currency: str) -> str:
    if x.within:
        return ngettext("Joined in the last %(n)s day", "Joined in the last %(n)s days",
                        x.days, n=number(x.days))  # fmt: skip
    return ngettext(
        "Joined earlier than the last %(n)s day",
        "Joined earlier than the last %(n)s days",
        x.days,
        n=number(x.days),
    )


def _consent(x: Consented, _names: Names, _currency: str) -> str:
    purpose = CODES.get(x.purpose, x.purpose)
    if x.given:
        return _("Agreed to: %(purpose)s", purpose=purpose)
    return _("Has not agreed to: %(purpose)s", purpose=purpose)


def _medal(x: HasMedal, names: Names, _currency: str) -> str:
    medal = _named(names, "medal", [x.medal])
    if x.level == 1:
        return _("Medal: %(medal)s", medal=medal)
    return _("Medal: %(medal)s, level %(level)s or higher", medal=medal, level=x.level)


def _inviter(x: Inviter, _names: Names, _currency: str) -> str:
    return _("Friends invited who stayed: at least %(n)s", n=number(x.at_least))


LINES: dict[type[Any], Callable[[Any, Names, str], str]] = {
    InTier: lambda x, names, _c: _("Tier: %(tiers)s", tiers=_named(names, "tier", x.tiers)),
    Recency: _recency,
    Frequency: _frequency,
    Spend: _spend,
    Bought: lambda x, _n, _c: _period(_("Bought: %(goods)s", goods=_listed(x.categories)), x.days),
    NotBought: lambda x, _n, _c: _period(
        _("Did not buy: %(goods)s", goods=_listed(x.categories)), x.days
    ),
    Visited: _visited,
    BirthdayMonth: _birthday,
    InCity: _city,
    Joined: _joined,
    Consented: _consent,
    HasMedal: _medal,
    Invited: lambda _x, _n, _c: _("Came by an invitation"),
    Inviter: _inviter,
    InStage: lambda x, _n, _c: _("Stage: %(stages)s", stages=_listed(STAGES[s] for s in x.stages)),
    OfValue: lambda x, _n, _c: _(
        "By purchases: %(kinds)s", kinds=_listed(VALUES[v] for v in x.values)
    ),
    InSegment: lambda x, names, _c: _(
        "Segment: %(name)s", name=_named(names, "segment", [x.segment_id])
    ),
    OnList: lambda x, names, _c: _(
        "List: %(name)s", name=_named(names, "member_list", [x.list_id])
    ),
}


def invalid_audience(values: Mapping[str, Any]) -> str:
    """Says which part leads nowhere."""
    sentences = {
        "tier": _("There is no such tier: %(value)s.", value=values.get("value")),
        "medal": _("There is no such medal: %(value)s.", value=values.get("value")),
        "segment": _("A segment it relies on no longer exists. Choose another."),
        "member_list": _("A list it relies on no longer exists. Choose another."),
        "depth": _("Too many segments stand one within another. Use the conditions themselves."),
        "itself": _("A segment cannot rely on itself."),
        "name": _("Give it a name."),
    }
    return sentences.get(str(values.get("part")), _("The audience cannot be read."))


def name_taken(values: Mapping[str, Any]) -> str:
    return _("The name “%(name)s” is taken. Choose another.", name=values.get("name"))


def unknown_segment(_values: Mapping[str, Any]) -> str:
    return _("There is no such segment, or it was archived.")


def unknown_list(_values: Mapping[str, Any]) -> str:
    return _("There is no such list, or it was archived.")


def audience_in_use(values: Mapping[str, Any]) -> str:
    used = _listed(use.name for use in values.get("uses", ()))
    return _("It is in use: %(names)s. Save a new one beside it.", names=used)


def nobody_matched(_values: Mapping[str, Any]) -> str:
    return _("Not one row names a member. Check the column with cards, phones or e-mails.")


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "invalid_audience": invalid_audience,
    "name_taken": name_taken,
    "unknown_segment": unknown_segment,
    "unknown_list": unknown_list,
    "audience_in_use": audience_in_use,
    "nobody_matched": nobody_matched,
}
