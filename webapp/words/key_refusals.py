"""How the API says no by itself."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.tongue import gettext as _

Values = Mapping[str, Any]


def unreadable_body(_values: Values) -> str:
    return _("The body cannot be read as one JSON object.")


def wrong_media_type(_values: Values) -> str:
    return _("The body must be application/json in UTF-8.")


def invalid_request(_values: Values) -> str:
    return _("Some fields are missing, unknown or outside what they may be.")


def key_missing(_values: Values) -> str:
    return _("A key is needed.")


def key_unknown(_values: Values) -> str:
    return _("No such key works here.")


def scope_missing(values: Values) -> str:
    return _("The key lacks the right “%(scope)s”.", scope=values.get("scope", ""))


def key_exists(_values: Values) -> str:
    return _("A key of this name works already: rotate it instead.")


def no_such_key(_values: Values) -> str:
    return _("No working key has this name.")


def bad_key_plan(values: Values) -> str:
    sentences = {
        "name": _(
            "The name may have up to 60 Latin letters, digits, points and dashes, and begins with"
            " a letter or a digit."
        ),
        "scope": _("Choose at least one thing that the key may do."),
        "expiry": _("A key cannot end before it begins."),
    }
    return sentences[str(values.get("what", "name"))]


SENTENCES: dict[str, Callable[[Values], str]] = {
    "unreadable_body": unreadable_body,
    "wrong_media_type": wrong_media_type,
    "invalid_request": invalid_request,
    "key_missing": key_missing,
    "key_unknown": key_unknown,
    "scope_missing": scope_missing,
    "key_exists": key_exists,
    "no_such_key": no_such_key,
    "bad_key_plan": bad_key_plan,
}
