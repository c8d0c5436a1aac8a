"""A form whose session had ended waits while its sender signs in, and is found filled in again.

Kept is what a route declares, of a form that one of our pages drew for this very browser,
for the person whose session it was; decision 0109.
"""

from functools import partial
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, render_template, request, session
from flask_wtf.csrf import validate_csrf
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp.access import access_of, ask_to_sign_in, current_access
from webapp.kept.actions import Kept, forget_kept, keep, kept_for, whose_session
from webapp.kept.filling import filled
from webapp.kept.rules import NAME, carrying, kept_fields
from webapp.log import LOG
from webapp.security import UNSAFE_METHODS, has_nul, is_own_origin, own_path
from webapp.serving import this_request
from webapp.signin import visitor
from webapp.surroundings import here
from webapp.world import open_entrance, run_entrance

LONGEST_ADDRESS = 400
LONGEST_KEY = 64


def register_kept(app: Flask) -> None:
    """Fill in what was kept when its page is asked for, and forget it when it is sent."""
    app.before_request(forget_sent)
    app.after_request(fill_in)


def keep_late_form() -> Response | None:
    """Keep a form that comes after its session has ended, and lead to the door and back."""
    if request.method not in UNSAFE_METHODS:
        return None
    access = current_access()
    if access is None or not access.keeps:
        return None
    if request.routing_exception is not None or visitor() is not None:
        return None
    if here().settings.as_of is not None or not is_own_form():
        return None
    page, fields = page_of_form(), kept_fields(request.form.lists(), access.keeps)
    if page is None or not fields or len(request.path) > LONGEST_ADDRESS:
        return None
    key = keep_for_sender(Kept(request.endpoint or "", request.path, fields))
    return None if key is None else ask_to_sign_in(access, carrying(page, key))


def is_own_form() -> bool:
    """Whether one of our pages drew this form for this browser."""
    if not is_own_origin() or has_nul(request.form):
        return False
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValueError:
        return False
    return True


def keep_for_sender(kept: Kept) -> str | None:
    """Keep a form for whoever this browser's session was opened for; None when nobody knows."""
    with open_entrance(readonly=True) as world:
        account_id = whose_session(world, str(session.get("_user_id", "")))
    if account_id is None:
        return None
    try:
        key = run_entrance(partial(keep, account_id=account_id, kept=kept))
    except DBAPIError:  # a busy database must not close the door
        LOG.warning("form_not_kept", path=request.path)
        return None
    LOG.info("form_kept", account=account_id, endpoint=kept.endpoint)
    return key


def page_of_form() -> str | None:
    """The page on which the form stood: as the browser says, else where it was sent, or above."""
    told = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    pages = [f"{told.path}?{told.query}".rstrip("?")] if told.netloc == request.host else []
    pages += [request.path, request.path.rpartition("/")[0]]
    return next((page for page in pages if own_path(page) and is_page(page)), None)


def is_page(path: str) -> bool:
    """Whether a path of ours can be looked at."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "a request is being answered"
    try:
        endpoint, _ = adapter.match(urlsplit(path).path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return access_of(current_app, endpoint) is not None


def forget_sent() -> None:
    """A form that was kept is sent: nothing of it is needed any more."""
    if request.method not in UNSAFE_METHODS or (who := visitor()) is None:
        return
    access = current_access()
    key = request.form.get(NAME, "") if access is not None and access.keeps else ""
    if key:
        run_entrance(partial(forget_kept, account_id=who.account_id, key=key[:LONGEST_KEY]))


def fill_in(answer: Response) -> Response:
    """Write what was kept into the page that the key came back to."""
    asked = this_request()
    if asked.method != "GET" or not asked.query_string or not (key := asked.args.get(NAME)):
        return answer
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return answer
    who = visitor()
    if who is None:
        return answer
    with open_entrance(readonly=True) as world:
        kept = kept_for(world, who.account_id, key[:LONGEST_KEY])
    access = None if kept is None else access_of(current_app, kept.endpoint)
    if kept is None or access is None:
        return answer
    body = filled(
        answer.get_data(as_text=True),
        action=kept.action,
        keeps=access.keeps,
        fields=kept.fields,
        note=render_template("layout/kept.html", key=key),
    )
    if body is not None:
        answer.set_data(body)
    return answer
