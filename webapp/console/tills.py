"""How a till is connected: the address, the key, and the handbook."""

from flask import Response, g, url_for

from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.frame import frame_for
from webapp.links import public_href
from webapp.page import page


@blueprint.get("/console/tills")
@allow("owner")
def tills() -> Response:
    """What to hand to whoever programs the till."""
    g.frame = frame_for("setup")
    return page(
        "console/tills.html",
        frame=g.frame,
        address=public_href("api.post_purchase"),
        hrefs={
            "key_list": url_for("console.keys"),
            "handbook": url_for("api.docs"),
            "back": url_for("console.programme"),
        },
    )
