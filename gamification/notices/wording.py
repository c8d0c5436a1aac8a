"""Messages whose words a shop may change: which there are, and what their words may name; pure.

`{challenge}` in a text stands for a value that is known when the message is read.
"""

import re
from collections.abc import Mapping

PLACE = re.compile(r"\{([^{}]*)\}")
LOCALES = ("ru", "en")
MOST_SUBJECT, MOST_TEXT = 120, 1000
_CHALLENGE = ("name", "shop", "challenge", "about")

PLACES: Mapping[str, tuple[str, ...]] = {
    "challenge_invitation": (*_CHALLENGE, "reward", "until"),
    "challenge_reminder": (*_CHALLENGE, "reward", "until", "left"),
    "challenge_almost": (*_CHALLENGE, "reward", "until", "left"),
    "challenge_step": (*_CHALLENGE, "outcome"),
    "challenge_won": (*_CHALLENGE, "outcome"),
    "challenge_ended": (*_CHALLENGE, "missing"),
    "challenge_returned": (*_CHALLENGE, "outcome"),
    "challenge_cancelled": (*_CHALLENGE, "outcome"),
    "birthday": ("name", "shop", "outcome"),
}
"""Kinds that a shop may write itself, each with the names its words may have in braces."""


def unknown_places(kind: str, text: str) -> list[str]:
    """Names in braces that a message of this kind does not know, in order, once each."""
    known = PLACES[kind]
    return list(dict.fromkeys(name for name in PLACE.findall(text) if name not in known))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what is in braces and unknown stays as it was typed."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)
