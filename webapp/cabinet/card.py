"""The card on the whole screen."""

from flask import Response, abort, url_for

from gamification.readmodels.member import card_of
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.page import page
from webapp.world import open_world


@blueprint.get("/card")
@allow("customer")
def card() -> Response:
    """Number and QR code: enough to earn, never enough to spend."""
    with open_world(readonly=True) as world:
        found = card_of(world, own_member_id())
    if found is None:
        abort(404)
    return page(
        "cabinet/card.html",
        frame=place_in_frame("card"),
        card=found,
        home_href=url_for("cabinet.home"),
    )
