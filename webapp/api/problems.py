"""Every no of the API as problem+json (RFC 9457), with codes that never change."""

from typing import Any

from flask import Response, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from gamification.refusals import Refusal
from webapp.api.faults import fault_text
from webapp.api.refusals import Fault, InvalidRequest
from webapp.log import LOG
from webapp.refused import answer_http, problem, status_of
from webapp.words.refusals import refusal_text

REALM = 'Bearer realm="laurel"'
STATUSES = {
    "unreadable_body": 400,
    "wrong_media_type": 415,
    "invalid_request": 422,
    "key_missing": 401,
    "key_unknown": 401,
    "scope_missing": 403,
}
HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    414: "address_too_long",
}


def answer_no(refusal: Refusal) -> Response:
    """The programme or the API said no."""
    status = STATUSES.get(refusal.code) or status_of(refusal)
    LOG.info("refused", code_of_refusal=refusal.code, path=request.path, status=status)
    answer = problem(status, refusal.code, sentence_of(refusal), **details_of(refusal))
    if status == 401:
        known = refusal.code == "key_unknown"
        answer.headers["WWW-Authenticate"] = f'{REALM}, error="invalid_token"' if known else REALM
    elif refusal.code == "scope_missing":
        lacks = f'error="insufficient_scope", scope="{refusal.values["scope"]}"'
        answer.headers["WWW-Authenticate"] = f"{REALM}, {lacks}"
    return in_language(answer)


def answer_http_no(error: HTTPException) -> Response:
    """Flask's own no, under a code that does not depend on the version of Python."""
    answer = answer_http(error)
    if code := HTTP_CODES.get(error.code or 0):
        again = problem(answer.status_code, code, http_text(code))
        answer.set_data(again.get_data())
    return in_language(answer)


def in_language(answer: Response) -> Response:
    """Say which language an answer is in, and that it depends on what was asked for."""
    answer.headers["Content-Language"] = str(get_locale() or "en")
    answer.vary.add("Accept-Language")
    return answer


def details_of(refusal: Refusal) -> dict[str, Any]:
    """The faults of fields, or the values of a refusal, for programs to read."""
    if isinstance(refusal, InvalidRequest):
        return {"errors": [fault_details(fault) for fault in refusal.faults]}
    plain = {
        name: value
        for name, value in refusal.values.items()
        if isinstance(value, str | int) and name != "source"
    }
    return {"values": plain} if plain else {}


def fault_details(fault: Fault) -> dict[str, Any]:
    """One fault: where it stands, its code, its sentence."""
    place = {"parameter": fault.parameter} if fault.parameter else {"pointer": fault.pointer}
    return {**place, "code": fault.code, "detail": fault_text(fault)}


def sentence_of(refusal: Refusal) -> str:
    """What a person reads about a no."""
    if refusal.code == "unreadable_body":
        return unreadable_text(str(refusal.values["why"]))
    return refusal_text(refusal)


def unreadable_text(why: str) -> str:
    """Why a body could not be read."""
    sentences = {
        "not_json": _("The body is not JSON in UTF-8."),
        "not_an_object": _("The body is not a JSON object."),
        "too_deep": _("The body nests deeper than we read."),
        "field_twice": _("The body names a field twice."),
        "not_unicode": _("The body holds half of a character."),
    }
    return str(sentences[why])


def http_text(code: str) -> str:
    """What to say about a request that met no verb of ours."""
    sentences = {
        "bad_request": _("The request cannot be read."),
        "not_found": _("There is nothing at this address."),
        "method_not_allowed": _("This address is not used this way."),
        "body_too_large": _("The body is larger than 256 KB."),
        "address_too_long": _("The address is too long."),
    }
    return str(sentences[code])
