"""Tiers: the ladder side by side, where the member stands, and how it came to that."""

from datetime import date

from flask import Response, abort, request, url_for

from gamification.readmodels.tier_page import Key, tiers_of
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.history import is_id
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.links import page_href
from webapp.page import page
from webapp.world import open_world


@blueprint.get("/tiers")
@allow("customer")
def tiers() -> Response:
    """The whole page; `after` in the address leafs through the decisions."""
    after = parse_day_key(request.args.get("after"))
    with open_world(readonly=True) as world:
        view = tiers_of(world, own_member_id(), after=after)
    return page(
        "cabinet/tiers.html",
        frame=place_in_frame("tiers", view.card),
        tiers=view,
        first=after is None,
        more_href=url_for("cabinet.tiers", after=view.after) if view.after else None,
        hrefs={"card": page_href("cabinet.card"), "tiers": page_href("cabinet.tiers")},
    )


def parse_day_key(text: str | None) -> Key | None:
    """The local day and the id at which the page before ended."""
    if not text:
        return None
    day, _, row_id = text.partition(".")
    try:
        date.fromisoformat(day)
    except ValueError:
        abort(404)
    if len(day) != len("2026-11-24") or not is_id(row_id):
        abort(404)
    return day, int(row_id)
