"""The card on the whole screen, and its code as a picture."""

from flask import Response, abort, make_response, url_for

from gamification.readmodels.member import card_of
from gamification.readmodels.views import PassCard
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.page import page
from webapp.words.pieces import qr_svg, qr_version
from webapp.world import open_world

CODE_KEPT = 30 * 24 * 3600


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
        code_href=code_href(found),
        home_href=url_for("cabinet.home"),
    )


@blueprint.get("/card/code.svg")
@allow("customer")
def card_code() -> Response:
    """What the QR of the card carries; a browser keeps it until the card is another one."""
    with open_world(readonly=True) as world:
        found = card_of(world, own_member_id())
    if found is None:
        abort(404)
    answer = make_response(qr_svg(found.code))
    answer.mimetype = "image/svg+xml"
    answer.cache_control.private = True
    answer.cache_control.max_age = CODE_KEPT
    return answer


def code_href(card: PassCard) -> str:
    """Where the picture of a card's code is."""
    return url_for("cabinet.card_code", v=qr_version(card.code))
