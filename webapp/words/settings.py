"""The settings as words: rows of the list, switches with their consequences, messages."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from gamification.readmodels.choices import Choices, OwnContact
from webapp.accounts.rules import masked_contact
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import number

LANGUAGE_NAMES = {"ru": "Русский", "en": "English"}
THEME_NAMES = {
    "system": _l("theme as on the device"),
    "light": _l("light theme"),
    "dark": _l("dark theme"),
}
KIND_NAMES = {
    "returned": _l("Returns"),
    "expiring": _l("Points that will expire"),
    "tier_reached": _l("A new tier"),
    "medal": _l("A new medal"),
    "challenge_invitation": _l("Challenges"),
    "birthday": _l("Birthday"),
}
KIND_NOTES = {
    "returned": _l("Points that went or came."),
    "expiring": _l("30 days, 7 days and a day before, while there is time to spend them."),
    "challenge_invitation": _l("Invitations, reminders and results."),
}
CHANNEL_NAMES = {"inbox": _l("in the cabinet"), "email": _l("by e-mail"), "sms": _l("by SMS")}


class SectionWords(NamedTuple):
    """A row of the list: where it leads, and what is chosen there now."""

    key: Code
    icon: Code
    title: str
    value: str
    href: str
    here: bool
    hot: bool = False


class GroupWords(NamedTuple):
    """Rows under one heading."""

    title: str
    rows: tuple[SectionWords, ...]


class SwitchWords(NamedTuple):
    """One switch: a button of a form of its own, so that it works without scripts too.

    `field` is set to the other state when it is pressed.
    """

    id: Code
    title: str
    note: str
    on: bool
    can: bool
    field: Code
    turn: Code
    href: str
    target: Code
    token: str


class UndoWords(NamedTuple):
    """The way back from a change, on the toast that tells of it."""

    href: str
    field: Code
    turn: Code
    target: Code
    token: str


class MessageWords(NamedTuple):
    """A kind of message with its switches, in the order of the channels."""

    title: str
    note: str
    switches: tuple[SwitchWords, ...]


def given_count(on: int, of: int) -> str:
    """«2 of 6 on»."""
    if not on:
        return _("everything is off")
    return _("%(on)s of %(of)s on", on=number(on), of=number(of))


def contacts_text(contacts: tuple[OwnContact, ...]) -> str:
    """Masked: somebody may look over the shoulder."""
    return ", ".join(masked_contact(contact.value) for contact in contacts)


def devices_text(count: int) -> str:
    """«2 devices»."""
    return ngettext("%(n)s device", "%(n)s devices", count, n=number(count))


def channels_text(choices: Choices) -> str:
    """By which channels anything comes."""
    used = [name for name in ("email", "sms") if any(c == name for _k, c in choices.wanted)]
    return ", ".join(str(CHANNEL_NAMES[name]) for name in ("inbox", *used))


def looks_text(locale: str, theme: str) -> str:
    """«English, dark theme»."""
    return f"{LANGUAGE_NAMES[locale]}, {THEME_NAMES[theme]}"


def hour_text(hour: int) -> str:
    """«22:00»."""
    return f"{hour:02d}:00"


def quiet_text(quiet: tuple[int, int] | None) -> str:
    """From when until when copies wait."""
    if quiet is None:
        return _("Messages may come at any time.")
    return _(
        "From %(start)s to %(end)s messages wait; codes to sign in come at once.",
        start=hour_text(quiet[0]),
        end=hour_text(quiet[1]),
    )


FILTERS: dict[str, Callable[..., Any]] = {
    "hour_text": hour_text,
    "quiet_text": quiet_text,
}
