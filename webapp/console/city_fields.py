"""The fields of a condition on cities: those that members have, none at all, and typed ones."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from gamification.commands.member import MOST_CITY, city_key, clean_city
from gamification.readmodels.cities import Cities, CityChoice
from gamification.readmodels.conditions import MOST_CITIES
from webapp.console.fields import Form
from webapp.words.formats import number

UNKNOWN = "-"
"""Stands for "no city given" among the cities; no city reads like it."""


def city_options(known: Cities) -> tuple[tuple[str, str], ...]:
    """The cities to choose from, with how many members each has; at last: none given."""
    nowhere = _("no city given (%(n)s)", n=number(known.unnamed))
    return (*((one.name, label_of(one)) for one in known.offered), (UNKNOWN, nowhere))


def label_of(one: CityChoice) -> str:
    """A city and its members in words."""
    return one.name if one.members is None else f"{one.name} ({number(one.members)})"


def holding_cities(known: Cities, named: Iterable[str]) -> Cities:
    """The same, with the cities that are named already, spelt as they are there."""
    spelt = {city_key(name): name for name in named}
    offered = [CityChoice(x.key, spelt.pop(x.key, x.name), x.members) for x in known.offered]
    more = (CityChoice(key, name) for key, name in spelt.items())
    return Cities((*offered, *more), known.unnamed)


def read_cities(form: Form, chosen: Iterable[str], at: str) -> dict[str, Any]:
    """Chosen and typed cities as the condition keeps them; faults stand beside the fields."""
    chosen = list(chosen)
    typed = [part for part in form.values.get(f"{at}more_cities", "").split(",") if part.strip()]
    cities: dict[str, str] = {}
    for name, parts in (("cities", chosen), ("more_cities", typed)):
        for part in parts:
            city = clean_city(part)
            if part == UNKNOWN and name == "cities":
                continue
            if not city:
                form.refuse(f"{at}{name}", _("Write a city with letters."))
            elif len(city) > MOST_CITY:
                form.refuse(f"{at}{name}", _("A city has at most %(n)s letters.", n=MOST_CITY))
            else:
                cities.setdefault(city_key(city), city)
    if len(cities) > MOST_CITIES:
        form.refuse(f"{at}cities", _("Choose at most %(n)s cities.", n=MOST_CITIES))
    return {"cities": list(cities.values()), "unknown": UNKNOWN in chosen}
