"""What protects every answer and every form: headers, tokens, bounds, known hosts."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask.json.provider import DefaultJSONProvider
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict

from webapp.access import current_access
from webapp.sealing import form_token
from webapp.serving import this_request

MOST_FIELDS = 1_000
DEEPEST_JSON = 32
LONGEST_QUERY = 8_192
MOST_DRAINED, DRAUGHT = 32 * 1024 * 1024, 64 * 1024
UNSAFE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
LASTING = {name.lower(): (name, value) for name, value in HEADERS.items()}
BY_HTTPS = LASTING | {
    "strict-transport-security": ("Strict-Transport-Security", "max-age=31536000")
}
STRUCTURE = re.compile(r'\\.|["\[\]{}]', re.DOTALL)

CSRF = CSRFProtect()


def register_security(app: Flask, *, https: bool, hosts: list[str]) -> None:
    """Set the bounds, and the checks that run before every view."""
    app.config.update(
        TRUSTED_HOSTS=hosts,
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_CHECK_DEFAULT=False,  # check_form below does, after the sign-in
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
    )
    app.json = BoundedJson(app)
    CSRF.init_app(app)
    app.jinja_env.globals["csrf_token"] = form_token
    app.after_request(lambda answer: with_headers(answer, https=https))
    app.after_request(drain)


def check_bounds() -> None:
    """Refuse a request that is larger or has more fields than any page of ours sends."""
    access, asked = current_access(), this_request()
    if access is not None:
        asked.max_content_length = access.body
    query = asked.query_string
    if len(query) > LONGEST_QUERY:
        abort(414)
    if "\0" in asked.path or (query and has_nul(asked.args)):
        abort(400)
    told = asked.environ.get("CONTENT_TYPE")
    plain_form = told and asked.mimetype == "application/x-www-form-urlencoded"
    if plain_form and asked.get_data(parse_form_data=False).count(b"&") >= MOST_FIELDS:
        abort(413)


def check_form() -> None:
    """A form counts only when one of our own pages sent it.

    Requests with a till key carry no cookie and need no token, nor do those to an address
    that is signed.
    """
    if request.method not in UNSAFE_METHODS:
        return
    access = current_access()
    if access is None or access.key is not None:
        return
    if access.signed:
        return
    if not is_own_origin():
        abort(403)
    CSRF.protect()
    if has_nul(request.form):
        abort(400)


def has_nul(values: MultiDict[str, str]) -> bool:
    """Whether a text holds the one character that PostgreSQL cannot keep."""
    return any("\0" in text for _, text in values.items(multi=True))


def is_own_origin() -> bool:
    """Whether the browser says that the request began on a page of ours.

    Old browsers say nothing; for them the token alone decides.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def drain(answer: Response) -> Response:
    """Take in what is still being sent when a request is refused for its size.

    A browser reads no answer while it sends; a connection closed on it is a page of the
    browser's own about a broken site. Beyond `MOST_DRAINED` we do close.
    """
    if answer.status_code == 413 and (request.content_length or 0) <= MOST_DRAINED:
        body, left = request.environ["wsgi.input"], MOST_DRAINED
        while left > 0 and (taken := len(body.read(min(DRAUGHT, left)))):
            left -= taken
    return answer


def with_headers(answer: Response, *, https: bool) -> Response:
    """The headers of every answer; pages are not kept by anybody unless they say so."""
    said = {name.lower() for name, _ in answer.headers}
    wanted = BY_HTTPS if https else LASTING
    if this_request().endpoint == "static":
        asked = (request.view_args or {}).get("filename", "")
        lasting = "v" in request.args or asked.startswith("fonts/")  # a new font gets a new name
        kept = "public, max-age=31536000, immutable" if lasting else "public, max-age=3600"
        answer.headers["Cache-Control"] = kept
    elif "cache-control" not in said:
        answer.headers["Cache-Control"] = "no-store"
    if not said >= wanted.keys():
        answer.headers.extend([wanted[name] for name in wanted if name not in said])
    return answer


class BoundedJson(DefaultJSONProvider):
    """JSON that is not deeper than any of our bodies, and has no NaN."""

    def loads(self, s: str | bytes, **options: Any) -> Any:
        text = s.decode(json.detect_encoding(s)) if isinstance(s, bytes) else s
        if is_too_deep(text):
            raise ValueError(f"deeper than {DEEPEST_JSON} levels")
        return super().loads(text, parse_constant=refuse_constant, **options)


def refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not a number")


def is_too_deep(text: str) -> bool:
    """Whether lists and objects lie deeper in each other than we read."""
    if text.count("[") + text.count("{") <= DEEPEST_JSON:
        return False
    depth, quoted = 0, False
    for found in STRUCTURE.finditer(text):
        mark = found.group()
        if mark == '"':
            quoted = not quoted
        elif not quoted and len(mark) == 1:
            depth += 1 if mark in "[{" else -1
            if depth > DEEPEST_JSON:
                return True
    return False


def own_path(text: str | None) -> str | None:
    """A path of this site to go to next; None for anything that could lead elsewhere.

    Browsers read `//`, `\\` and control characters their own way, so none may be there.
    """
    if not text or len(text) > 2_000 or not text.startswith("/"):
        return None
    if text.startswith("//") or "\\" in text or any(ord(letter) < 33 for letter in text):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc or "\x7f" in text else text
