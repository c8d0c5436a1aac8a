"""A shelf that its owner opened, for whoever has the address; nothing of it is indexed."""

from typing import Any

from flask import Response, abort, current_app, request, url_for

from gamification.readmodels.board import BoardMedal
from gamification.readmodels.shelf import PublicShelf, shelf_at
from webapp.access import allow, landing_of
from webapp.accounts.throttles import SHELF_ADDRESS
from webapp.assets import asset
from webapp.doors import brake, by_address
from webapp.frame import frame_for, shop_facts
from webapp.invitations.robots import is_robot
from webapp.links import public_href, public_place
from webapp.page import page
from webapp.public.blueprint import blueprint
from webapp.signin import visitor
from webapp.surroundings import here
from webapp.words.shelf import key_of
from webapp.world import open_world

PREVIEW, WIDTH, HEIGHT = "shelf.png", 1200, 630
LONGEST_ADDRESS = 24


@blueprint.get("/shelf/<address>")
@allow("anonymous")
def shelf(address: str) -> Response:
    """Every medal that stands on it; a closed shelf and a wrong address are the same no."""
    found = open_shelf_at(address)
    return shown(
        "public/shelf.html", "public.shelf", shelf=found, address=address,
        base=url_for("public.shelf", address=address),
    )  # fmt: skip


@blueprint.get("/shelf/<address>/<code>")
@allow("anonymous")
def shown_medal(address: str, code: str) -> Response:
    """One medal of a shelf."""
    found, subject = open_shelf_at(address), request.args.get("of")
    wanted = f"{code}:{subject}" if subject else code
    medal = medal_on(found, wanted)
    if medal is None:
        abort(404)
    more = {"code": code} | ({"of": subject} if subject else {})
    return shown(
        "public/shown_medal.html", "public.shown_medal", shelf=found, medal=medal,
        address=address, base=url_for("public.shelf", address=address), more=more,
    )  # fmt: skip


def medal_on(found: PublicShelf, wanted: str) -> BoardMedal | None:
    """A medal of a shelf by its key."""
    return next((medal for medal in found.medals if key_of(medal.tile) == wanted), None)


def open_shelf_at(address: str) -> PublicShelf:
    """The shelf behind an address; not found while it is closed, and before the shop is live."""
    if len(address) > LONGEST_ADDRESS or not shop_facts().live:
        abort(404)
    with open_world(readonly=True) as world:
        found = shelf_at(world, address)
    if found is None:
        brake((SHELF_ADDRESS, by_address()))  # only misses count: nobody finds one by trying
        abort(404)
    return found


def shown(
    template: str,
    endpoint: str,
    *,
    address: str,
    more: dict[str, str] | None = None,
    **values: Any,
) -> Response:
    """A public page: no index, no manifest, a picture for messengers that shows nobody."""
    found = visitor()
    answer = page(
        template,
        frame=frame_for()._replace(install=None),
        guest=found is None,
        robot=is_robot(),
        hrefs={
            "join": url_for("entrance.sign_in"),
            "sign_in": url_for("entrance.sign_in"),
            "home": landing_of(current_app, found.role) if found else "/",
        },
        preview={
            "page": public_href(endpoint, address=address, **(more or {})),
            "picture": public_place(asset(PREVIEW)), "width": WIDTH, "height": HEIGHT,
        },
        still=here().settings.as_of is not None,
        **values,
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
