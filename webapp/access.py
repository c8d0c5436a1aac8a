"""Every route says who may come in; a route that does not keeps the app from starting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request, url_for
from flask.globals import _cv_request
from werkzeug.routing import Rule

from webapp.links import page_href
from webapp.signin import visitor
from webapp.surroundings import here

View = TypeVar("View", bound=Callable[..., Any])
ROLES = ("anonymous", "customer", "cashier", "marketer", "owner")
BODY_LIMIT = 256 * 1024
KeyGate = Callable[[str], None]


class UndeclaredRoute(Exception):  # noqa: N818 - says what is wrong
    """A route does not say who may come in."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in: people of these roles, or a till key with this scope.

    `body` is the largest request body in bytes; `keeps` names the fields of a form that
    wait for whoever sent them when their session had ended. `signed` is a form whose address
    itself, signed by us, proves that it may be sent: by a mail program without any page.
    """

    roles: frozenset[str]
    key: str | None = None
    body: int = BODY_LIMIT
    keeps: tuple[str, ...] = ()
    signed: bool = False


def allow(
    *roles: str,
    key: str | None = None,
    body: int = BODY_LIMIT,
    keeps: tuple[str, ...] = (),
    signed: bool = False,
) -> Callable[[View], View]:
    """Declare who may come in. `anonymous` lets everybody in, signed in or not.

    A form that people fill at some length declares what of it may be kept (decision 0109).

    To stand below the line that names the route:

        @blueprint.get("/history")
        @allow("customer")
        def history() -> Response: ...
    """
    assert set(roles) <= set(ROLES), f"roles are {', '.join(ROLES)}"
    assert bool(roles) != bool(key), "either people or a key"
    access = Access(frozenset(roles), key, body, keeps, signed)

    def declare(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What an endpoint declares; None when there is no such endpoint or it says nothing."""
    return getattr(app.view_functions.get(endpoint), "access", None)


def declared_routes(app: Flask) -> Iterator[tuple[Rule, Access]]:
    """Every route with its declaration.

    Raises:
        UndeclaredRoute: one of them has none, or asks for a key that nobody checks.
    """
    gated = here(app).key_gate is not None
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        access = access_of(app, rule.endpoint)
        if access is None:
            raise UndeclaredRoute(f"{rule.rule} ({rule.endpoint}) does not say who may come in")
        if access.key is not None and not gated:
            raise UndeclaredRoute(f"{rule.rule} wants a key, and nothing checks keys")
        yield rule, access


def set_key_gate(app: Flask, gate: KeyGate) -> None:
    """Name the function that lets a request with the right key and scope through.

    It gets the scope and raises an HTTP error (401 or 403) for everybody else.
    """
    here(app).key_gate = gate


def current_access() -> Access | None:
    """What the route of this request declares; None where there is no such route."""
    context = _cv_request.get(None)  # every check asks, and proxies ask several times
    if context is None or context.request.url_rule is None:
        return None
    return access_of(context.app, context.request.url_rule.endpoint)


def check_access() -> Response | None:
    """Let the visitor in, or answer where to sign in instead."""
    access = current_access()
    if access is None or request.routing_exception is not None:
        return None
    if access.key is not None:
        gate = here().key_gate
        assert gate is not None, "the start made sure of it"
        gate(access.key)
        return None
    if "anonymous" in access.roles:
        return None
    who = visitor()
    if who is None:
        return ask_to_sign_in(access)
    if who.role not in access.roles:
        abort(403)
    return None


def ask_to_sign_in(access: Access, back_to: str | None = None) -> Response:
    """Lead a browser to its door, and back to this page afterwards.

    Args:
        back_to: the page to come back to instead; a form says where it was filled.
    """
    if request.path.startswith("/api/"):
        abort(401)
    door = "entrance.sign_in" if "customer" in access.roles else "entrance.staff"
    by_htmx = request.headers.get("HX-Request") == "true"
    wanted = back_to
    if wanted is None and request.method in ("GET", "HEAD") and not by_htmx:
        wanted = request.full_path.rstrip("?")
    if wanted is None and by_htmx:
        wanted = page_seen()
    where = url_for(door, next=None if wanted == "/" else wanted)
    if by_htmx:
        return Response(status=401, headers={"HX-Redirect": where})
    return redirect(where, code=303)  # type: ignore[return-value]


def page_seen() -> str | None:
    """The page that asked by htmx for a part of itself; the door looks at where it leads."""
    told = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{told.path}?{told.query}".rstrip("?") if told.netloc == request.host else None


LANDINGS = {
    "customer": ("cabinet.home", "cabinet.settings"),
    "cashier": ("staff.find",),
    "marketer": ("console.overview", "cabinet.settings"),
    "owner": ("console.overview", "staff.find"),
}


def landing_of(app: Flask, role: str) -> str:
    """The page that somebody of this role sees first."""
    found = (name for name in LANDINGS[role] if name in app.view_functions)
    return page_href(next(found, "entrance.sign_in"))
