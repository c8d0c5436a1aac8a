"""Language and theme as an address names them: a choice that needs no session and no form.

A page that costs little lets its reader choose by plain links. The doors that its links
lead to open a session anyway; there the choice is remembered as one made by a button.
"""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import session

from webapp.catalogue import LANGUAGES
from webapp.serving import this_request
from webapp.signin import visitor

THEMES = ("system", "light", "dark")
LOCALE, THEME = "lang", "theme"


class Choice(NamedTuple):
    """What an address names; None for what it leaves open."""

    locale: str | None = None
    theme: str | None = None

    @property
    def query(self) -> dict[str, Any]:
        """As it goes along in another address."""
        return {LOCALE: self.locale, THEME: self.theme}


OPEN = Choice()


def named_choice() -> Choice:
    """What the address of this request names; what we do not know, it leaves open."""
    asked = this_request()
    if b"lang=" not in asked.query_string and b"theme=" not in asked.query_string:
        return OPEN
    locale, theme = asked.args.get(LOCALE), asked.args.get(THEME)
    return Choice(locale if locale in LANGUAGES else None, theme if theme in THEMES else None)


def remember_choice() -> None:
    """Keep what the address names in a stranger's session; members have settings of their own."""
    if visitor() is not None:
        return
    named = named_choice()
    if named.locale:
        session["locale"] = named.locale
    if named.theme:
        session["theme"] = named.theme


def place_without_choice() -> str:
    """This page's path and query, where a button's choice may lead back to and hold."""
    asked = this_request()
    left = [(name, text) for name, text in asked.args.items(multi=True) if name not in OPEN.query]
    return f"{asked.path}?{urlencode(left)}".rstrip("?")


def is_on_our_page() -> bool:
    """Whether a reader chooses on the page itself: they are there already, and have not come."""
    asked = this_request()
    if named_choice() == OPEN:
        return False
    site = asked.headers.get("Sec-Fetch-Site")
    return site == "same-origin" or asked.headers.get("Referer", "").startswith(asked.host_url)
