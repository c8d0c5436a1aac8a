"""Browsers that have come in by a name before: strangers cannot use up their tries.

A cookie of its own outlives the sign-out. It is signed, and holds a random name of the
browser and keyed hashes of the names that were proved in it, so nothing is looked up and
nothing in it tells who its owner is.
"""

import secrets
from dataclasses import dataclass

from flask import Response, g, request

from webapp.accounts.rules import keyed_hash, same
from webapp.doors import hashed_name
from webapp.surroundings import here

COOKIE = "laurel-known"
KEPT_SECONDS = 365 * 24 * 3600
MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser and the hashes of the names that were proved in it, the latest last."""

    key: str
    names: tuple[str, ...]


def by_name(name: str, *more: str) -> str:
    """A name as a throttle counts it, without keeping it.

    A browser that has come in by this name before is counted apart from everybody else's,
    so that a stranger's tries leave its own untouched.

    Args:
        more: what the count is split by besides, such as the network address.
    """
    hashed = hashed_name(name)
    browser = known_browser()
    if browser is not None and hashed in browser.names:
        return f"{hashed}+{browser.key}"
    return hashed_name(name, *more) if more else hashed


def remember_browser(answer: Response, name: str) -> Response:
    """Note on an answer that somebody has just come in by this name."""
    before, hashed, key = known_browser(), hashed_name(name), browser_key()
    names = [one for one in (before.names if before else ()) if one != hashed]
    kept = [*names, hashed][-MOST_NAMES:]
    text = ".".join([key, *kept])
    answer.set_cookie(
        cookie_name(), f"{text}.{_seal(text)}", max_age=KEPT_SECONDS,
        secure=here().settings.https, httponly=True, samesite="Lax",
    )  # fmt: skip
    return answer


def browser_key() -> str:
    """The random name of this browser: from its cookie, else drawn once for this request."""
    if (browser := known_browser()) is not None:
        return browser.key
    if "browser_key" not in g:
        g.browser_key = secrets.token_urlsafe(12)
    return str(g.browser_key)


def known_browser() -> KnownBrowser | None:
    """What this browser's cookie says; None without one, or when we did not write it."""
    text, _, seal = request.cookies.get(cookie_name(), "").rpartition(".")
    if not text or not same(seal, _seal(text)):
        return None
    key, *names = text.split(".")
    return KnownBrowser(key, tuple(names))


def cookie_name() -> str:
    """`__Host-` by https: then no neighbour of ours can set it."""
    return f"__Host-{COOKIE}" if here().settings.https else COOKIE


def _seal(text: str) -> str:
    return keyed_hash(here().secret, "known browser", text)
