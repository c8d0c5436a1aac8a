"""How the entrance says no: never telling whether somebody is known here."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import number

Values = Mapping[str, Any]


def unreadable_contact(_values: Values) -> str:
    return _("Enter a phone number with its country code, or an e-mail address.")


def wrong_code(values: Values) -> str:
    left = int(values.get("left") or 0)
    if not left:
        return _("That code is not right. Check the digits.")
    return ngettext(
        "That code is not right. %(n)s try left.",
        "That code is not right. %(n)s tries left.",
        left,
        n=number(left),
    )


def dead_code(_values: Values) -> str:
    return _("This code no longer works. Ask for a new one.")


def wrong_password(_values: Values) -> str:
    return _("The name and the password do not match.")


def weak_password(values: Values) -> str:
    sentences = {
        "short": _("The password is too short: it takes at least 10 characters."),
        "long": _("The password is too long."),
        "known": _("This password is on lists of known passwords. Choose another."),
        "name": _("The password repeats your name. Choose another."),
    }
    return str(sentences.get(str(values.get("why")), _("This password is too easy to guess.")))


def dead_activation(_values: Values) -> str:
    return _("This activation code does not work. The shop can print a new one.")


def dead_link(_values: Values) -> str:
    return _("This link no longer works.")


def too_many_tries(_values: Values) -> str:
    return _("Too many attempts. For safety, please wait a little.")


def busy(_values: Values) -> str:
    return _("We are very busy just now. Try again in a moment.")


def unknown_account(_values: Values) -> str:
    return _("Nobody who works here has this e-mail.")


def last_owner(_values: Values) -> str:
    return _("There is no other owner: add one first.")


def account_exists(_values: Values) -> str:
    return _("This e-mail already has an account.")


SENTENCES: dict[str, Callable[[Values], str]] = {
    "unreadable_contact": unreadable_contact,
    "wrong_code": wrong_code,
    "dead_code": dead_code,
    "wrong_password": wrong_password,
    "weak_password": weak_password,
    "dead_activation": dead_activation,
    "dead_link": dead_link,
    "too_many_tries": too_many_tries,
    "busy": busy,
    "account_exists": account_exists,
    "unknown_account": unknown_account,
    "last_owner": last_owner,
}
