"""The reader's language, found once per request, and sentences without detours.

Flask-Babel asks for its context through several proxies at every sentence; a page has
two hundred of them. What is kept here is what it found itself, so that `force_locale`
and `refresh` work as ever.
"""

from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask
from flask.globals import _cv_app
from flask_babel import get_locale
from markupsafe import Markup

from webapp.catalogue import SOURCE_LANGUAGE, translations

ENGLISH = Locale(SOURCE_LANGUAGE)


def reader() -> Locale:
    """The reader's locale; English where nobody reads."""
    context = _cv_app.get(None)
    if context is None:
        return ENGLISH
    found = getattr(context.g.__dict__.get("_flask_babel"), "babel_locale", None)
    return found if found is not None else get_locale() or ENGLISH


def gettext(text: str, /, **values: Any) -> str:
    """A sentence in the reader's language."""
    said = sentence(reader().language, text)
    return said % values if values else said


def later(text: str) -> str:
    """Marks a sentence that `gettext` will say when somebody reads."""
    return text


def ngettext(one: str, many: str, count: float, /, **values: Any) -> str:
    """A sentence with a number, in the reader's plural."""
    return plural(reader().language, one, many, int(count)) % {"num": count, **values}


@lru_cache(maxsize=8192)
def sentence(language: str, text: str) -> str:
    """A sentence of the code's in a language; there are not more than the code holds."""
    return translations(language).gettext(text)


@lru_cache(maxsize=8192)
def plural(language: str, one: str, many: str, count: int) -> str:
    """The form of a sentence that goes with a number."""
    return translations(language).ngettext(one, many, count)


@lru_cache(maxsize=8192)
def trusted(language: str, text: str) -> Markup:
    """As `sentence`, to stand in a template as it is."""
    return Markup(sentence(language, text))  # noqa: S704 - sentences are ours


def page_gettext(text: str, /, **values: Any) -> Markup:
    """A sentence for a template: trusted itself, its values escaped."""
    said = trusted(reader().language, text)
    return said % values if values or "%" in said else said


def page_ngettext(one: str, many: str, count: float, /, **values: Any) -> Markup:
    """A sentence with a number, in the reader's plural."""
    said = Markup(plural(reader().language, one, many, int(count)))  # noqa: S704 - as above
    return said % {"num": count, **values}


def register_tongue(app: Flask) -> None:
    """Let templates say sentences the short way."""
    app.jinja_env.globals.update(
        {"_": page_gettext, "gettext": page_gettext, "ngettext": page_ngettext}
    )
