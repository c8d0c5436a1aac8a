"""The herbarium: an album of the leaves that a member's receipts left, and one leaf."""

from typing import Any

from flask import Response, abort, request, url_for

from gamification.readmodels.herbarium import (
    SPECIES,
    Choice,
    HerbariumPage,
    Leaf,
    herbarium_of,
    leaf_of,
)
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.history import parse_key
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.links import page_href
from webapp.page import page
from webapp.words.herbarium import check_text, kind_words, odds_text
from webapp.world import open_world

FIRST_YEAR, LAST_YEAR = 1900, 9999


@blueprint.get("/herbarium")
@allow("customer")
def herbarium() -> Response:
    """A page of the album; species, rare, year and `after` stand in the address."""
    choice = wanted_leaves()
    with open_world(readonly=True) as world:
        view = herbarium_of(world, own_member_id(), choice)
    return page(
        "cabinet/herbarium.html",
        frame=place_in_frame("herbarium"),
        herbarium=view,
        choice=choice,
        kinds=[kind_words(s, view, choice.species, album_href(species=s)) for s in row_of(view)],
        years=[(year, count, year_href(choice, year)) for year, count in view.years],
        leaf_href=leaf_href,
        more_href=more_href(view, choice),
        odds=odds_text(),
        check=check_text(),
        hrefs={
            "all": page_href("cabinet.herbarium"),
            "rare": page_href("cabinet.herbarium", rare="1"),
            "card": page_href("cabinet.card"),
        },
    )


def row_of(view: HerbariumPage) -> list[str]:
    """All species: what grew most first, then those that were not found yet."""
    return sorted(SPECIES, key=lambda species: -view.species.get(species, 0))


def wanted_leaves() -> Choice:
    """What the address asks for; an address that nobody made is no page of ours."""
    species = request.args.get("species") or None
    rare = request.args.get("rare") or ""
    year = request.args.get("year") or ""
    if (species is not None and species not in SPECIES) or rare not in ("", "1"):
        abort(404)
    number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    if year and (number is None or not FIRST_YEAR <= number <= LAST_YEAR):
        abort(404)
    return Choice(species, rare == "1", number, parse_key(request.args.get("after")))


def album_href(**chosen: str) -> str:
    """The address of a choice."""
    return page_href("cabinet.herbarium", **chosen)


def year_href(choice: Choice, year: int) -> str:
    """The address of a year, with the choice as it is."""
    return url_for("cabinet.herbarium", **choice_values(choice), year=year)


def choice_values(choice: Choice) -> dict[str, Any]:
    """What stands in the address for a choice, years aside."""
    values: dict[str, Any] = {} if choice.species is None else {"species": choice.species}
    return values | ({"rare": "1"} if choice.rare else {})


def more_href(view: HerbariumPage, choice: Choice) -> str | None:
    """The address of the rest of a year."""
    if view.after is None:
        return None
    values = choice_values(choice)
    return url_for("cabinet.herbarium", **values, year=view.year, after=view.after)


def leaf_href(leaf: Leaf) -> str:
    """The address of a leaf's own page."""
    return url_for("cabinet.herbarium_leaf", leaf_id=leaf.id)


@blueprint.get("/herbarium/<int:leaf_id>")
@allow("customer")
def herbarium_leaf(leaf_id: int) -> Response:
    """One leaf: its species, its receipt, and its draw to repeat."""
    if leaf_id >= 2**63:
        abort(404)
    with open_world(readonly=True) as world:
        view = leaf_of(world, own_member_id(), leaf_id)
    if view is None:
        abort(404)
    leaf = view.leaf
    receipt = url_for("cabinet.history", after=f"{leaf.occurred}.{leaf.id + 1}")
    return page(
        "cabinet/herbarium_leaf.html",
        frame=place_in_frame("herbarium"),
        page=view,
        check=check_text(),
        hrefs={
            "album": url_for("cabinet.herbarium", year=leaf.on.year),
            "kind": album_href(species=leaf.species),
            "receipt": f"{receipt}#op-{leaf.occurred}.{leaf.id}",
            "newer": leaf_href(view.newer) if view.newer else None,
            "older": leaf_href(view.older) if view.older else None,
        },
    )
