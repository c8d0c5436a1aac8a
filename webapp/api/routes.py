"""API v1 under /api/v1: its verbs, its description, and the page that shows it."""

from typing import Any, cast

from flask import Blueprint, Flask, Response, json, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException

from gamification.refusals import Refusal
from webapp.access import allow, set_key_gate
from webapp.api import activities, invitations, members, purchases, receipts, returns
from webapp.api.description import describe
from webapp.api.gate import check_key
from webapp.api.handbook import handbook_of
from webapp.api.problems import answer_http_no, answer_no, in_language
from webapp.api.verbs import Verb, mount
from webapp.frame import frame_for
from webapp.links import public_href
from webapp.page import page

VERSION = "/v1"
VERBS: tuple[Verb, ...] = (
    purchases.VERB,
    returns.VERB,
    receipts.VERB,
    members.VERB,
    members.PATCH,
    activities.POST,
    activities.GET,
    activities.CANCEL,
    invitations.VERB,
)

blueprint = Blueprint("api", __name__, url_prefix="/api")
blueprint.register_error_handler(Refusal, answer_no)
blueprint.register_error_handler(HTTPException, answer_http_no)


@blueprint.record_once
def set_gate(state: BlueprintSetupState) -> None:
    """Keys are checked by us."""
    set_key_gate(cast(Flask, state.app), check_key)


for verb in VERBS:
    mount(blueprint, verb, VERSION)


@blueprint.get(f"{VERSION}/openapi.json", provide_automatic_options=False)
@allow("anonymous")
def openapi() -> Response:
    """The description for programs."""
    text = json.dumps(description(), ensure_ascii=False)
    return in_language(Response(text, content_type="application/json"))


@blueprint.get("/docs", provide_automatic_options=False)
@allow("anonymous")
def docs() -> Response:
    """The description for people."""
    return page(
        "public/api.html",
        frame=frame_for(),
        book=handbook_of(description()),
        openapi_href=url_for("api.openapi"),
    )


def description() -> dict[str, Any]:
    """The description in the reader's language."""
    return describe(VERBS, server=public_href("api.openapi").rsplit("/", 1)[0])
