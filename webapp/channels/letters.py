"""From a notice's values to words in its reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2 import Template

from gamification.readmodels.messages import PLACES
from webapp.words.messages import message_words


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of message that can leave the house.

    `needs` are the values its template reads, `secrets` those that are forgotten
    once it is sent or given up.
    """

    needs: frozenset[str]
    secrets: frozenset[str] = frozenset()


def _kind(*needs: str, secrets: tuple[str, ...] = ()) -> LetterKind:
    return LetterKind(frozenset(needs), frozenset(secrets))


KINDS: Mapping[str, LetterKind] = {
    "signin_code": _kind("code", "minutes", secrets=("code",)),
    "password_recovery": _kind("link", "minutes", secrets=("link",)),
    "contact_changed": _kind("contact"),
    "contact_replaced": _kind("contact"),
    "leaving": _kind("on"),
    "activation": _kind("code", "link", secrets=("code", "link")),
    "tier_reached": _kind("tier"),
    "medal": _kind("medal", "level"),
    "returned": _kind("clawed_back", "points_back", "amount"),
    "expiring": _kind("points", "on"),
}
MESSAGES: Mapping[str, LetterKind] = {
    "challenge_invitation": _kind("challenge", "points", "until"),
    "challenge_reminder": _kind("challenge", "points", "until", "left", "unit"),
    "challenge_almost": _kind("challenge", "points", "until", "left", "unit"),
    "challenge_won": _kind("challenge", "points"),
    "challenge_ended": _kind("challenge", "left", "unit"),
    "birthday": _kind("points"),
}
"""Kinds whose words a shop may write itself; one template draws them all."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words. `short` is what fits an SMS.

    `unsubscribe` is the address by which its reader may have no more like it, or ''.
    """

    kind: str
    subject: str
    short: str
    text: str
    html: str
    unsubscribe: str = ""


class NoSuchLetterError(Exception):
    """There are no words for this kind, or values that they need are missing."""


def secrets_of(kind: str) -> frozenset[str]:
    """What must not stay in the outbox once the message is gone."""
    known = KINDS.get(kind)
    return known.secrets if known else frozenset()


def write_letter(kind: str, locale: str, values: Mapping[str, Any]) -> Letter:
    """The letter for these values, in this language. Needs an application context.

    Raises:
        NoSuchLetterError: an unknown kind, or a value is missing.
    """
    known = KINDS.get(kind) or MESSAGES.get(kind)
    if known is None:
        raise NoSuchLetterError(f"no letter of kind {kind}")
    if missing := known.needs - values.keys():
        raise NoSuchLetterError(f"{kind} lacks {', '.join(sorted(missing))}")
    with force_locale(locale):
        return _rendered(kind, {"locale": locale, "unsubscribe": "", "link": ""} | dict(values))


def _rendered(kind: str, values: dict[str, Any]) -> Letter:
    environment = current_app.jinja_env
    name = "message" if kind in PLACES else kind
    if kind in PLACES:
        values["said"] = message_words(
            kind, values, values.get("said"), values.get("currency") or ""
        )
    plain = environment.get_template(f"mail/{name}.txt")
    html = environment.get_template(f"mail/{name}.html")
    subject = _one_line(_block(plain, "subject", values))
    return Letter(
        kind=kind,
        subject=subject,
        short=_one_line(_block(plain, "short", values)),
        text=plain.render(values).strip() + "\n",
        html=html.render(values | {"subject": subject}),
        unsubscribe=values["unsubscribe"],
    )


def _block(template: Template, name: str, values: dict[str, Any]) -> str:
    context = template.new_context(values)
    return "".join(template.blocks[name](context))


def _one_line(text: str) -> str:
    """No line breaks, so that no value can add a header or a second message."""
    return " ".join(text.split())
