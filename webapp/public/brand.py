"""The shop's colours as a style sheet, and its logo."""

from flask import Response, abort, request

from webapp.access import allow
from webapp.brand.logo import logo_of
from webapp.contrast import brand_of, stylesheet
from webapp.frame import shop_facts
from webapp.public.blueprint import blueprint
from webapp.world import open_entrance

KEPT = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"


@blueprint.get("/brand.css")
@allow("anonymous")
def colours() -> Response:
    """The brand's colours in both themes, each readable whatever was chosen."""
    colour = shop_facts().colour
    sheet = stylesheet(brand_of(colour) if colour else None)
    answer = Response(sheet, content_type="text/css; charset=utf-8")
    return kept(answer, current=request.args.get("v") == (colour or "").strip("#"))


@blueprint.get("/logo")
@allow("anonymous")
def logo() -> Response:
    """The shop's logo, as a picture and nothing else whatever its bytes would like to be."""
    with open_entrance(readonly=True) as world:
        found = logo_of(world)
    if found is None:
        abort(404)
    answer = Response(found.content, content_type=found.kind)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = "inline"
    answer.set_etag(found.digest)
    return kept(answer, current=request.args.get("v") == found.digest)


def kept(answer: Response, *, current: bool) -> Response:
    """For long where the address names the version, else asked for again each time."""
    answer.headers["Cache-Control"] = KEPT if current else ASKED_AGAIN
    answer.add_etag()
    answer.make_conditional(request)
    return answer
