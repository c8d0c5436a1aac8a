"""A no as an answer: the status, and the sentence as a page or as problem+json."""

import json
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError

from gamification.refusals import Refusal
from webapp.log import LOG
from webapp.world import is_busy, is_collision

STATUSES = {
    "unknown_member": 404,
    "unknown_receipt": 404,
    "unknown_source": 404,
    "member_blocked": 403,
    "card_blocked": 403,
    "read_only_now": 403,
    "too_many_tries": 429,
    "busy": 503,
    "dead_link": 410,
    "already_taken": 409,
    "history_claimed": 409,
    "conflicting_body": 409,
    "receipt_closed": 409,
    "programme_exists": 409,
    "programme_missing": 409,
    "programme_in_use": 409,
    "not_waiting": 409,
    "act_closed": 409,
    "unknown_activity": 404,
    "medal_not_held": 404,
    "unknown_challenge": 404,
    "challenge_closed": 409,
    "overtaken": 409,
    "prizes_gone": 409,
    "birthday_fixed": 409,
    "zone_too_soon": 409,
    "last_contact": 409,
    "account_exists": 409,
    "unknown_account": 404,
    "last_owner": 409,
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a no; 422 for what was understood and cannot be done."""
    return STATUSES.get(refusal.code, 422)


def register_refusals(app: Flask) -> None:
    """Turn every way of failing into an answer."""
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(CSRFError, answer_old_form)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(DBAPIError, answer_database)
    app.register_error_handler(Exception, answer_fault)


def answer_refusal(refusal: Refusal) -> Response:
    """The programme or the entrance said no."""
    from webapp.words.refusals import refusal_text

    status = status_of(refusal)
    LOG.info("refused", code_of_refusal=refusal.code, path=request.path, status=status)
    retry = int(refusal.values.get("retry", 0))
    answer = no(status, refusal.code, refusal_text(refusal), retry=retry)
    if retry:
        answer.headers["Retry-After"] = str(retry)
    return answer


def answer_old_form(error: CSRFError) -> Response:
    """A form without the right token: old, or not ours."""
    LOG.warning("form_refused", path=request.path, why=error.description)
    return no(400, "form_refused", "")


def answer_http(error: HTTPException) -> Response:
    """Flask's own no: its headers stay, such as Allow and Retry-After."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    if isinstance(error, SecurityError):
        LOG.warning("host_refused")
        return Response("This name is not served here.\n", 400, content_type="text/plain")
    if error.code in (401, 403):
        LOG.warning("denied", path=request.path, method=request.method, status=error.code)
    code = HTTPStatus(error.code).phrase.lower().replace(" ", "_").replace("-", "_")
    answer = no(error.code, code, http_sentence(error.code))
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def http_sentence(status: int) -> str:
    """What a program is told beside the status; the page for people speaks for itself."""
    sentences = {
        404: _("There is nothing at this address."),
        405: _("This address is not used this way."),
        413: _("This is more than we can take at once."),
        414: _("The address is too long."),
        415: _("We cannot read this kind of file here."),
    }
    return str(sentences.get(status, "")) if wants_problem() else ""


def answer_database(error: DBAPIError) -> Response:
    """The database was busy or met somebody else: try again; anything else is a fault."""
    if not (is_busy(error) or is_collision(error)):
        return answer_fault(error)
    LOG.warning("database_busy", path=request.path, error=type(error.orig).__name__)
    answer = no(503, "busy", str(_("We are very busy just now. Try again in a moment.")))
    answer.headers["Retry-After"] = "2"
    return answer


def answer_fault(error: Exception) -> Response:
    """Something broke: all of it into the log, a number for the person."""
    number = g.get("request_id", "")
    LOG.error("fault", path=request.path, request_id=number, exc_info=error)
    said = _("Nothing of yours was changed. We have written it down under %(id)s.", id=number)
    return no(500, "fault", str(said))


def no(status: int, code: str, sentence: str, *, retry: int = 0) -> Response:
    """The answer as whoever asks can read it."""
    if wants_problem():
        return problem(status, code, sentence)
    try:
        body = render_template("errors/error.html", code=status, detail=sentence, retry=retry)
    except Exception as error:  # noqa: BLE001 - a broken page must not hide the first fault
        LOG.error("error_page_broken", exc_info=error)
        body = f"<!doctype html><title>{status}</title><p>{HTTPStatus(status).phrase}</p>"
    return Response(body, status, content_type="text/html; charset=utf-8")


def wants_problem() -> bool:
    """Whether a program asks, not a person."""
    if request.path.startswith("/api/"):
        return True
    kinds = request.accept_mimetypes
    return kinds["application/json"] > kinds["text/html"]


def problem(status: int, code: str, detail: str = "", **more: Any) -> Response:
    """RFC 9457: a no for programs. `code` stays the same for ever, `detail` may change."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code,
    }  # fmt: skip
    if detail:
        body["detail"] = detail
    text = json.dumps(body | more, ensure_ascii=False)
    return Response(text, status, content_type="application/problem+json")
