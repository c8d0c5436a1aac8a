"""Whom a challenge is for, as rows of a form: each is one condition, of any kind there is.

The fields of a row and how they are read are those of the segments' page; here there are
several at once, so that each name begins with the place of its row.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _

from gamification.readmodels.conditions import (
    MOST_CONDITIONS,
    Condition,
    canonical,
    parse_audience,
)
from webapp.console.fields import Form
from webapp.console.segment_fields import (
    KINDS,
    MANY,
    SINGLES,
    Field,
    Option,
    Shelf,
    fields_of,
    filled,
    typed_condition,
)
from webapp.words.audiences import condition_line

SIDES = ("all", "none")
MOST_ROWS = 2 * MOST_CONDITIONS
ROW = ("kind", "was", "side", *SINGLES)
"""Fields of one value in a row; `was` is the kind whose fields it shows."""
FRESH: dict[str, dict[str, str]] = {
    "recency": {"days": "60", "within": "no"},
    "frequency": {"at_least": "1", "days": "60"},
    "spend": {"at_least": "1000", "days": "365"},
    "bought": {"days": "60"},
    "not_bought": {"days": "60"},
    "joined": {"days": "30", "within": "yes"},
    "consent": {"given": "yes"},
    "inviter": {"at_least": "1"},
}
"""What a new row of each kind begins with; of a list it takes the first."""
NEEDED = {"bought": 1, "not_bought": 1, "visited": 2, "stage": 1, "rfm": 1, "tier": 1, "medal": 1,
          "segment": 1, "member_list": 1, "city": 1}  # fmt: skip
"""Of how many of its first fields one has to offer something."""


class Row(NamedTuple):
    """A condition of the builder: where it stands, its words, its fields."""

    at: str
    kind: str
    is_not: bool
    line: str
    fields: tuple[Field, ...]
    is_open: bool
    kinds: tuple[Option, ...]


def audience_names(count: int) -> list[str]:
    """The fields of one value in so many rows."""
    return [f"a{n}_{name}" for n in range(count) for name in ROW]


def audience_lists(count: int) -> list[str]:
    """The fields of several values in so many rows."""
    return [f"a{n}_{name}" for n in range(count) for name in MANY]


def audience_values(
    audience: Mapping[str, Any], currency: str
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """An audience as rows of a form, with their number under `conditions`."""
    found = parse_audience(audience)
    values = {"conditions": str(len(found.conditions))}
    lists: dict[str, list[str]] = {}
    for n, one in enumerate(found.conditions):
        singles, several = filled(one, currency)
        side = "all" if n < len(found.all) else "none"
        singles |= {"was": one.kind, "side": side}
        values |= {f"a{n}_{name}": singles.get(name, "") for name in ROW}
        lists |= {f"a{n}_{name}": several.get(name, []) for name in MANY}
    return values, lists


def asked_audience(
    form: Form, lists: Mapping[str, list[str]], shelf: Shelf, currency: str, count: int
) -> dict[str, Any]:
    """The audience that the rows ask for; what cannot be taken stands beside its field."""
    sides: dict[str, list[Condition]] = {side: [] for side in SIDES}
    for n in range(count):
        at = f"a{n}_"
        side = "none" if form.values.get(f"{at}side") == "none" else "all"
        found = _asked(form, lists, shelf, currency, at)
        if len(sides[side]) >= MOST_CONDITIONS:
            form.refuse(f"{at}kind", _("These are enough conditions. Save a part as a segment"
                                       " of its own."))  # fmt: skip
        elif found is not None:
            sides[side].append(found)
    return canonical(parse_audience(sides))


def _asked(
    form: Form, lists: Mapping[str, list[str]], shelf: Shelf, currency: str, at: str
) -> Condition | None:
    kind = form.values.get(f"{at}kind", "")
    if kind not in KINDS:
        form.refuse(f"{at}kind", _("Choose one of the list."))
        return None
    return typed_condition(kind, fields_of(kind, shelf), form, lists, currency, at)


def refresh_rows(form: Form, lists: dict[str, list[str]], shelf: Shelf, count: int) -> None:
    """A row whose kind was changed gets fields of the new kind; it is shown open."""
    for n in range(count):
        kind, was = (form.values.get(f"a{n}_{name}", "") for name in ("kind", "was"))
        if kind != was and kind in KINDS:
            side = form.values.get(f"a{n}_side", "all")
            fill_row(form, lists, shelf, n, kind)
            form.values[f"a{n}_side"] = side


def fill_row(form: Form, lists: dict[str, list[str]], shelf: Shelf, place: int, kind: str) -> None:
    """Make a row one of a kind that holds as it is, where the shop has something to choose."""
    at = f"a{place}_"
    values = {"kind": kind, "was": kind, "side": "all"} | FRESH.get(kind, {})
    several: dict[str, list[str]] = {}
    wanted = NEEDED.get(kind, 0)
    for one in fields_of(kind, shelf):
        first = [key for key, _label in one.options[:1]]
        if one.shape == "many" and first and wanted:
            several[one.name], wanted = first, 0
        elif one.shape == "choice":
            values.setdefault(one.name, first[0] if first else "")
    form.values |= {f"{at}{name}": values.get(name, "") for name in ROW}
    lists |= {f"{at}{name}": several.get(name, []) for name in MANY}
    form.values["opened"] = str(place)


def offered_kinds(shelf: Shelf) -> list[Option]:
    """The kinds of which this shop has something to choose from, with their words."""
    return [(kind, str(word)) for kind, word in KINDS.items() if _has_choices(kind, shelf)]


def _has_choices(kind: str, shelf: Shelf) -> bool:
    fields = fields_of(kind, shelf)[: NEEDED.get(kind, 0)]
    return not fields or any(one.options for one in fields)


def audience_rows(
    form: Form, lists: Mapping[str, list[str]], shelf: Shelf, currency: str, count: int
) -> list[Row]:
    """The rows as the page shows them; one with an error or that is new stands open."""
    offered = offered_kinds(shelf)
    rows = []
    for n in range(count):
        at = f"a{n}_"
        kind = form.values.get(f"{at}kind", "")
        kind = kind if kind in KINDS else offered[0][0]
        fields = fields_of(kind, shelf)
        trial = Form(dict(form.values))
        made = typed_condition(kind, fields, trial, lists, currency, at)
        wrong = any(name.startswith(at) for name in form.errors)
        kinds = offered if kind in dict(offered) else [*offered, (kind, str(KINDS[kind]))]
        rows.append(Row(
            at, kind, form.values.get(f"{at}side") == "none",
            condition_line(made, shelf.names, currency) if made else str(KINDS[kind]),
            fields, wrong or form.values.get("opened") == str(n), tuple(kinds),
        ))  # fmt: skip
    return rows
