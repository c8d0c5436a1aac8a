"""Who is signed in: Flask-Login, with sessions that live in the database.

The cookie carries a secret of 256 bits and a token against forged forms; what it opens
is one row that can be listed and ended.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from flask import Flask, Request, Response, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, current_user, login_user

from gamification.world import World
from webapp.accounts.actions import SEEN_EVERY, end_session, start_session, touch_sessions
from webapp.accounts.queries import Visitor, kind_of, visitor_of
from webapp.accounts.rules import FRESH, SESSION_IDLE, device_name
from webapp.accounts.tables import Account
from webapp.batches import Batch
from webapp.log import LOG
from webapp.sealing import TimedSealer, form_token
from webapp.serving import this_app
from webapp.surroundings import here
from webapp.world import open_entrance, run_entrance

KEPT = ("locale", "theme")
COOKIE_DAYS = 180


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie with one signer for all requests, and no work where there is none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """As Flask does; a browser that carries nothing of ours is not read."""
        if self.get_cookie_name(app) not in request.environ.get("HTTP_COOKIE", ""):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does; a session that is empty and stays so only says that it was read."""
        if session or session.modified:
            super().save_session(app, session, response)
        elif session.accessed and "Cookie" not in response.headers.get("Vary", ""):
            response.vary.add("Cookie")

    def get_signing_serializer(self, app: Flask) -> TimedSealer:
        """The signer for the app's key, as Flask sets it up."""
        assert app.secret_key, "the start made sure of it"
        return self._signer(app.secret_key)

    @lru_cache(maxsize=8)  # noqa: B019 - there is one for each app
    def _signer(self, secret: str | bytes) -> TimedSealer:
        how = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
        return TimedSealer(secret, salt=self.salt, serializer=self.serializer, signer_kwargs=how)


def register_signin(app: Flask, *, https: bool) -> None:
    """Set the cookie and teach Flask-Login our sessions."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-laurel" if https else "laurel",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=COOKIE_DAYS),
        REMEMBER_COOKIE_NAME="laurel-never-remembered",
    )
    app.session_interface = Cookies()
    manager = LoginManager()
    manager.session_protection = None  # a phone changes its address on the way home
    manager.user_loader(load_visitor)
    entrance = here(app).entrance
    app.extensions["laurel.seen"] = Batch[int, datetime](
        "sessions", lambda seen: entrance.run(lambda world: touch_sessions(world, seen)), max
    )
    app.login_manager = manager  # type: ignore[attr-defined]  # no init_app: it minds a cookie


def load_visitor(secret: str) -> Visitor | None:
    """Whoever the cookie's secret opens a session for."""
    with open_entrance(readonly=True) as world:
        found = visitor_of(world, secret)
    if found is not None and world.now - found.seen_at > SEEN_EVERY:
        note_visit(found, world.now)
    return found


def note_visit(found: Visitor, now: datetime) -> None:
    """Note that the session is in use; at once where it would fall asleep without the note."""
    seen = seen_sessions(this_app())
    seen.add(found.session_id, now)
    if now - found.seen_at > SESSION_IDLE[kind_of(found.role)] / 2:
        seen.flush()


def seen_sessions(app: Flask) -> Batch[int, datetime]:
    """Which sessions were in use, until it is written down: no page waits for a till's receipt."""
    found: Batch[int, datetime] = app.extensions["laurel.seen"]
    return found


def visitor() -> Visitor | None:
    """Who is signed in with this request; None for a stranger."""
    if "_user_id" not in session:  # as Flask-Login would find out, in ten times as many calls
        return None
    found = current_user._get_current_object()
    return found if isinstance(found, Visitor) else None


def signed_in() -> Visitor:
    """Who is signed in, on a page that only they can reach."""
    found = visitor()
    assert found is not None, "the route lets nobody else in"
    return found


def signed_in_member() -> int:
    """The id of the member whose page this is."""
    member_id = signed_in().member_id
    assert member_id is not None, "the route lets only customers in"
    return member_id


def open_session(world: World, account: Account) -> str:
    """A session for this account in this browser; its secret goes to `enter` after commit."""
    agent = device_name(request.headers.get("User-Agent", ""))
    return start_session(world, account, agent=agent, address=request.remote_addr or "")


def enter(secret: str) -> Visitor:
    """Sign this browser in: everything it carried before is gone, the form token too."""
    if (before := visitor()) is not None:
        run_entrance(lambda world: end_session(world, before.account_id, before.key))
    forget_cookie()
    with open_entrance(readonly=True) as world:
        found = visitor_of(world, secret)
    assert found is not None, "the session was just opened"
    session.permanent = True
    login_user(found)
    form_token()  # now, so that no page has to write the cookie again
    LOG.info("signed_in", account=found.account_id, role=found.role, session=found.key)
    return found


def leave() -> None:
    """Sign this browser out."""
    found = visitor()
    if found is not None:
        run_entrance(lambda world: end_session(world, found.account_id, found.key))
        LOG.info("signed_out", account=found.account_id, session=found.key)
    forget_cookie()


def forget_cookie() -> None:
    """Empty the cookie but for language and theme."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)


def is_fresh(found: Visitor, now: datetime) -> bool:
    """Whether somebody signed in so lately that a password may be changed without asking."""
    return now - found.since < FRESH
