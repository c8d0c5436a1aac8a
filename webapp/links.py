"""Addresses: of pages within the house, and those that leave it on slips and in messages."""

from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for
from werkzeug.sansio.utils import get_current_url

from webapp.serving import this_request
from webapp.surroundings import here


def public_href(endpoint: str, **values: str) -> str:
    """The whole address of a page, from the configured one, never from what a request says.

    Only a demo or a test without a configured address takes the request's own, which is
    one of the trusted hosts.
    """
    return public_place(url_for(endpoint, _external=False, **values))


def public_place(path: str) -> str:
    """As `public_href`, of a path on this site."""
    return public_base() + path


def public_base() -> str:
    """Scheme and host of addresses that leave the house, without a slash at the end."""
    if known := here().settings.public_url:
        return known
    asked = this_request()
    return base_of(asked.scheme, asked.host)


@lru_cache(maxsize=256)
def base_of(scheme: str, host: str) -> str:
    """Scheme and host as people read them, without a slash at the end."""
    return get_current_url(scheme, host).rstrip("/")


def invitation_href(base: str, code: str, channel: str = "", *, plain: bool = False) -> str:
    """Where an invitation leads, marked with the channel by which it went out.

    `plain` keeps letters that are not Latin as people read them; a QR code wants them encoded.
    """
    marked = f"?{urlencode({'c': channel})}" if channel else ""
    return f"{base}/r/{code if plain else quote(code, safe='')}{marked}"


def page_href(endpoint: str, **values: str) -> str:
    """The address of one of our pages, found once: a page names some twenty of them.

    For values that the code itself chooses; an endless number of them would be kept for ever.
    """
    known: dict[object, str] = current_app.extensions.setdefault("laurel.hrefs", {})
    key = (request.script_root, endpoint, *values.items())
    href = known.get(key)
    if href is None:
        href = known[key] = url_for(endpoint, _external=False, **values)
    return href
