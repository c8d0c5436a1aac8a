"""The fields of one condition: what a person chooses, and the condition that it makes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError

from gamification.readmodels.audiences import (
    Choices,
    ListView,
    SegmentView,
    choices,
    member_lists,
    segments,
)
from gamification.readmodels.conditions import (
    MOST_DAYS,
    Audience,
    Condition,
    HasMedal,
    parse_condition,
)
from gamification.readmodels.views import Named
from gamification.world import World
from webapp.console.city_fields import UNKNOWN, city_options, holding_cities, read_cities
from webapp.console.fields import Form, money_text
from webapp.words.audiences import STAGES, VALUES
from webapp.words.formats import month, named
from webapp.words.medals import name_of
from webapp.words.own_copy import VALUES as CODES

KINDS: Mapping[str, Any] = {
    "stage": _l("Stage of life"),
    "rfm": _l("Kind by purchases"),
    "recency": _l("When they bought last"),
    "frequency": _l("How many purchases"),
    "spend": _l("How much they spent"),
    "bought": _l("Bought from categories"),
    "not_bought": _l("Did not buy from categories"),
    "visited": _l("Where they buy"),
    "tier": _l("Tier"),
    "medal": _l("Medal"),
    "birthday_month": _l("Month of birth"),
    "city": _l("City"),
    "joined": _l("When they joined"),
    "consent": _l("Consent"),
    "invited": _l("Came by an invitation"),
    "inviter": _l("Friends invited"),
    "segment": _l("Saved segment"),
    "member_list": _l("List from a file"),
}
PURPOSES = ("marketing", "profiling", "personal_offers", "friends")
SINGLES = ("days", "at_least", "at_most", "within", "given", "purpose", "medal", "level",
           "segment_id", "list_id", "more_cities")  # fmt: skip
MANY = ("stages", "values", "categories", "stores", "channels", "tiers", "months", "cities")
"""Every field that a condition may have: of one value, and of several."""
MOST_TIMES, MOST_SUM = 10_000, 10**13
Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `number`, `money`, `text`, `choice` (one of the options) or `many` (some)."""

    shape: str
    name: str
    label: str
    options: tuple[Option, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything that conditions of this shop may name."""

    choices: Choices
    segments: tuple[SegmentView, ...]
    lists: tuple[ListView, ...]
    names: dict[tuple[str, Any], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for tier in self.choices.tiers:
            self.names["tier", tier.code] = named(tier)
        for code in self.choices.medals:
            self.names["medal", code] = name_of(code)
        for kind, rows in (("segment", self.segments), ("member_list", self.lists)):
            self.names.update({(kind, one.id): one.name for one in rows})

    def holding(self, audience: Audience) -> "Shelf":
        """The same, and whatever an audience names already: what was chosen stays a choice."""
        known, asked = self.choices, audience.conditions
        tiers = {tier.code for tier in known.tiers}
        gone = [code for code in _named(asked, "tiers") if code not in tiers]
        more = replace(
            known,
            tiers=(*known.tiers, *(Named(code, {}) for code in gone)),
            medals=_joined(known.medals, (x.medal for x in asked if isinstance(x, HasMedal))),
            categories=_joined(known.categories, _named(asked, "categories")),
            stores=_joined(known.stores, _named(asked, "stores")),
            channels=_joined(known.channels, _named(asked, "channels")),
            cities=holding_cities(known.cities, _named(asked, "cities")),
        )
        return Shelf(more, self.segments, self.lists)


def _named(asked: Iterable[Condition], name: str) -> list[str]:
    return [word for one in asked for word in getattr(one, name, ())]


def _joined(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def shelf_of(world: World) -> Shelf:
    """What conditions may name now."""
    return Shelf(choices(world), segments(world), member_lists(world))


def fields_of(kind: str, shelf: Shelf) -> tuple[Field, ...]:
    """What to fill in for a kind; nothing for one that asks for nothing."""
    made = FIELDS.get(kind)
    return made(shelf) if made else ()


def _days() -> Field:
    return Field("number", "days", _("Within so many last days (empty: ever)"))


def _same(words: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple((word, word) for word in words)


def _worded(words: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple((code, str(word)) for code, word in words.items())


def _when(label_yes: str, label_no: str) -> tuple[Field, ...]:
    return (
        Field("number", "days", _("How many last days")),
        Field("choice", "within", _("When"), (("yes", label_yes), ("no", label_no))),
    )


def _range(shape: str) -> tuple[Field, ...]:
    return (Field(shape, "at_least", _("At least")), Field(shape, "at_most", _("At most")), _days())


def _months() -> tuple[Option, ...]:
    return tuple((str(n), month(date(2000, n, 1))) for n in range(1, 13))


def _goods(shelf: Shelf) -> tuple[Field, ...]:
    return (Field("many", "categories", _("Categories"), _same(shelf.choices.categories)), _days())


FIELDS: dict[str, Callable[[Shelf], tuple[Field, ...]]] = {
    "stage": lambda _s: (Field("many", "stages", _("Stages"), _worded(STAGES)),),
    "rfm": lambda _s: (Field("many", "values", _("Kinds"), _worded(VALUES)),),
    "recency": lambda _s: _when(_("bought within them"), _("bought before, not since")),
    "joined": lambda _s: _when(_("joined within them"), _("joined before them")),
    "frequency": lambda _s: _range("number"),
    "spend": lambda _s: _range("money"),
    "bought": _goods,
    "not_bought": _goods,
    "visited": lambda s: (
        Field("many", "stores", _("Stores"), _same(s.choices.stores)),
        Field("many", "channels", _("Channels"), _same(s.choices.channels)),
        _days(),
    ),
    "tier": lambda s: (
        Field("many", "tiers", _("Tiers"), tuple((t.code, named(t)) for t in s.choices.tiers)),
    ),
    "medal": lambda s: (
        Field("choice", "medal", _("Medal"), tuple((c, name_of(c)) for c in s.choices.medals)),
        Field("number", "level", _("Level at least (empty: any)")),
    ),
    "birthday_month": lambda _s: (
        Field("many", "months", _("Months (none: the month of asking)"), _months()),
    ),
    "city": lambda s: (
        Field("many", "cities", _("Cities"), city_options(s.choices.cities)),
        Field("text", "more_cities", _("Other cities"), hint=_("Separate several with commas.")),
    ),
    "consent": lambda _s: (
        Field("choice", "purpose", _("What for"), tuple((p, str(CODES[p])) for p in PURPOSES)),
        Field("choice", "given", _("Answer"), (("yes", _("agreed")), ("no", _("has not agreed")))),
    ),
    "inviter": lambda _s: (Field("number", "at_least", _("Friends who stayed, at least")),),
    "segment": lambda s: (
        Field("choice", "segment_id", _("Segment"), tuple((str(x.id), x.name) for x in s.segments)),
    ),
    "member_list": lambda s: (
        Field("choice", "list_id", _("List"), tuple((str(x.id), x.name) for x in s.lists)),
    ),
}
LIMITS = {"days": MOST_DAYS, "level": 5}
WHOLE = ("segment_id", "list_id")
BOTH = ("within", "given")


def typed_condition(
    kind: str,
    fields: tuple[Field, ...],
    form: Form,
    lists: Mapping[str, Sequence[str]],
    currency: str,
    at: str = "",
) -> Condition | None:
    """The condition that was filled in; None and sentences beside the fields where it is none.

    Args:
        lists: every value of each field of which several may be chosen.
        at: what the names of its fields begin with, where the form has several conditions.
    """
    values: dict[str, Any] = {"kind": kind}
    for one in fields:
        found = _value(one, form, lists, currency, at)
        if found not in (None, []):
            values[one.name] = found
    if kind == "city":
        values = {"kind": kind} | read_cities(form, lists.get(f"{at}cities", ()), at)
    if any(f"{at}{one.name}" in form.errors for one in fields):
        return None
    try:
        return parse_condition(values)
    except ValidationError:
        name = fields[0].name if fields else "kind"
        form.refuse(f"{at}{name}", _("Choose or fill in at least this."))
        return None


def _value(
    one: Field, form: Form, lists: Mapping[str, Sequence[str]], currency: str, at: str
) -> Any:
    name = f"{at}{one.name}"
    text = form.values.get(name, "")
    if one.shape == "many":
        known = {key for key, _label in one.options}
        found = [key for key in lists.get(name, ()) if key in known]
        return [int(key) for key in found] if one.name == "months" else found
    if not text or one.shape == "text":
        return text or None
    if one.shape == "choice":
        if text not in {key for key, _label in one.options}:
            form.refuse(name, _("Choose one of the list."))
            return None
        if one.name in BOTH:
            return text == "yes"
        return int(text) if one.name in WHOLE else text
    if one.shape == "money":
        return form.money(name, currency, MOST_SUM)
    least = 0 if one.name == "at_most" else 1
    return form.whole(name, least, LIMITS.get(one.name, MOST_TIMES))


def filled(condition: Condition, currency: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """A condition as its fields show it: those of one value, and those of several."""
    values: dict[str, str] = {"kind": condition.kind}
    lists: dict[str, list[str]] = {}
    for name, held in condition.model_dump(mode="json", exclude={"kind"}).items():
        if name in MANY:
            lists[name] = [str(one) for one in held]
        elif name == "unknown":
            lists["cities"] += [UNKNOWN] * held
        elif name in BOTH:
            values[name] = "yes" if held else "no"
        elif held is not None:
            is_money = condition.kind == "spend" and name != "days"
            values[name] = money_text(held, currency) if is_money else str(held)
    return values, lists
