"""Messages that a shop may write itself: the shipped words, and what names in braces stand for."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from gamification.readmodels.messages import PLACES, fill
from webapp.tongue import gettext as _
from webapp.tongue import ngettext, reader
from webapp.words.challenges import challenge_name
from webapp.words.formats import day, money, number, points

BLANKS = re.compile(r"[ \t\r\n\v\f\u2028\u2029\x85]+")
Values = Mapping[str, Any]
Said = Mapping[str, tuple[str, str]]
"""Subject and text by language, where the shop has written them itself."""


class Message(NamedTuple):
    """A message in words, ready to be read; lines of the text are its paragraphs."""

    subject: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The lines of the text that say something."""
        return [line for line in self.text.splitlines() if line]


SHIPPED: dict[str, tuple[Any, Any]] = {
    "challenge_invitation": (
        _l("“{challenge}” has begun"),
        _l("{about}\nReward: {reward}. The last day is {until}."),
    ),
    "challenge_reminder": (
        _l("“{challenge}” ends on {until}"),
        _l("Still to do: {left}. Reward: {reward}."),
    ),
    "challenge_almost": (
        _l("Almost there: “{challenge}”"),
        _l("Still to do: {left}. The last day is {until}."),
    ),
    "challenge_step": (_l("A step of “{challenge}” is done"), _l("{outcome}")),
    "challenge_won": (_l("“{challenge}” is done"), _l("{outcome}")),
    "challenge_ended": (_l("“{challenge}” is over"), _l("You were {missing}.")),
    "challenge_returned": (_l("“{challenge}” is open again"), _l("{outcome}")),
    "challenge_cancelled": (_l("“{challenge}” was called off"), _l("{outcome}")),
    "birthday": (
        _l("Happy birthday, {name}!"),
        _l("{shop} wishes you all the best. {outcome}"),
    ),
}
TITLES = {
    "challenge_invitation": _l("Invitation to a challenge"),
    "challenge_reminder": _l("Reminder before the end"),
    "challenge_almost": _l("Almost there"),
    "challenge_step": _l("A step is done"),
    "challenge_won": _l("A challenge is done"),
    "challenge_ended": _l("Ended without the goal"),
    "challenge_returned": _l("A return opened it again"),
    "challenge_cancelled": _l("Called off by the shop"),
    "birthday": _l("Birthday greeting"),
}
WHEN = {
    "challenge_invitation": _l("When a challenge begins: to those it is meant for who agreed to"
                               " news. If the challenge has its own text of the invitation, that"
                               " text is sent."),
    "challenge_reminder": _l("As many days before the end as the challenge says, at 10:00: to"
                             " those taking part, and to the invited who have not begun."),
    "challenge_almost": _l("When one step or the last fifth is left, once."),
    "challenge_step": _l("When a step of the ladder is reached and paid."),
    "challenge_won": _l("When the goal is reached and paid."),
    "challenge_ended": _l("After the end: to those who had begun and did not finish."),
    "challenge_returned": _l("When goods were returned and a reward went with them."),
    "challenge_cancelled": _l("When the shop calls a challenge off: to those who had begun."),
    "birthday": _l("On the member’s own day."),
}  # fmt: skip
PLACE_NOTES = {
    "name": _l("the member’s first name"),
    "shop": _l("name of the shop"),
    "challenge": _l("name of the challenge"),
    "about": _l("its one sentence"),
    "reward": _l("what it brings"),
    "until": _l("the last day"),
    "left": _l("what is still to be done"),
    "missing": _l("what was missing"),
    "outcome": _l("a sentence on what came of it"),
}


def shipped(kind: str) -> Message:
    """The shipped words in the reader's language, with names in braces."""
    subject, text = SHIPPED[kind]
    return Message(str(subject), str(text))


def message_words(kind: str, values: Values, said: Said | None, currency: str) -> Message:
    """What a message says to its reader: the shop's own words, else the shipped ones.

    Words in the other language are not taken: who reads English gets English.
    """
    language = reader().language
    own = (said or {}).get(language)
    subject, text = own or shipped(kind)
    invitation = _in_language(values.get("invitations"), strict=True)
    if kind == "challenge_invitation" and invitation:
        text = invitation
    found = {name: FOUND[name](kind, values, currency) for name in PLACES[kind]}
    lines = (one_line(fill(line, found)) for line in text.splitlines())
    return Message(one_line(fill(subject, found)), "\n".join(line for line in lines if line))


def one_line(text: str) -> str:
    """Without breaks and doubled spaces; hard spaces stay."""
    return BLANKS.sub(" ", text).strip(" ")


def _in_language(texts: Any, *, strict: bool = False) -> str:
    if not isinstance(texts, Mapping):
        return ""
    found = texts.get(reader().language)
    return str(found or ("" if strict else next(iter(texts.values()), "")))


def _name(_kind: str, values: Values, _currency: str) -> str:
    return str(values.get("name") or "").partition(" ")[0] or _("friend of ours")


def _shop(_kind: str, values: Values, _currency: str) -> str:
    return str(values.get("shop", ""))


def _challenge(_kind: str, values: Values, _currency: str) -> str:
    return challenge_name(values)


def _about(_kind: str, values: Values, _currency: str) -> str:
    return _in_language(values.get("abouts"))


def _reward(_kind: str, values: Values, _currency: str) -> str:
    count, medal = values.get("points", 0), values.get("medal")
    if count and medal:
        return _("%(points)s and a medal", points=points(count))
    return points(count) if count else _("a medal")


def _until(_kind: str, values: Values, _currency: str) -> str:
    return day(date.fromisoformat(values["until"])) if "until" in values else ""


def _left(_kind: str, values: Values, currency: str) -> str:
    """«2 покупки», «1 200 ₽»."""
    n, unit = int(values.get("left", 0)), values.get("unit")
    if unit == "money":
        return money(n, currency)
    if unit == "receipt":
        return _("a receipt of %(sum)s", sum=money(n, currency))
    return LEFT.get(str(unit), LEFT["event"])(n)


def _missing(_kind: str, values: Values, currency: str) -> str:
    """«2 покупок», as after «не хватило»."""
    n, unit = int(values.get("left", 0)), values.get("unit")
    if unit == "money":
        return _("%(sum)s short", sum=money(n, currency))
    if unit == "receipt":
        return _("one receipt of %(sum)s short", sum=money(n, currency))
    return MISSING.get(str(unit), MISSING["event"])(n)


LEFT: dict[str, Callable[[int], str]] = {
    "purchase": lambda n: ngettext("%(n)s purchase", "%(n)s purchases", n, n=number(n)),
    "step": lambda n: ngettext("%(n)s step", "%(n)s steps", n, n=number(n)),
    "day": lambda n: ngettext("%(n)s day", "%(n)s days", n, n=number(n)),
    "week": lambda n: ngettext("%(n)s week", "%(n)s weeks", n, n=number(n)),
    "month": lambda n: ngettext("%(n)s month", "%(n)s months", n, n=number(n)),
    "category": lambda n: ngettext("%(n)s category", "%(n)s categories", n, n=number(n)),
    "store": lambda n: ngettext("%(n)s shop", "%(n)s shops", n, n=number(n)),
    "sku": lambda n: ngettext("%(n)s new product", "%(n)s new products", n, n=number(n)),
    "event": lambda n: ngettext("%(n)s time", "%(n)s times", n, n=number(n)),
}
MISSING: dict[str, Callable[[int], str]] = {
    "purchase": lambda n: ngettext("%(n)s purchase short", "%(n)s purchases short", n, n=number(n)),
    "step": lambda n: ngettext("%(n)s step short", "%(n)s steps short", n, n=number(n)),
    "day": lambda n: ngettext("%(n)s day short", "%(n)s days short", n, n=number(n)),
    "week": lambda n: ngettext("%(n)s week short", "%(n)s weeks short", n, n=number(n)),
    "month": lambda n: ngettext("%(n)s month short", "%(n)s months short", n, n=number(n)),
    "category": lambda n: ngettext(
        "%(n)s category short", "%(n)s categories short", n, n=number(n)
    ),
    "store": lambda n: ngettext("%(n)s shop short", "%(n)s shops short", n, n=number(n)),
    "sku": lambda n: ngettext("%(n)s product short", "%(n)s products short", n, n=number(n)),
    "place": lambda n: ngettext("%(n)s place short", "%(n)s places short", n, n=number(n)),
    "event": lambda n: ngettext("%(n)s time short", "%(n)s times short", n, n=number(n)),
}


def _outcome(kind: str, values: Values, _currency: str) -> str:
    """A sentence on the points that came or went, or on why there are none."""
    count = points(values["points"]) if values.get("points") else ""
    match kind:
        case "challenge_won" if not count and values.get("prize") == "budget":
            return _("The prizes of this challenge had already run out.")
        case "challenge_won" if not count and values.get("prize") == "cap":
            return _("You already had everything one person can get here.")
        case "challenge_returned":
            if count:
                return _("Goods were returned, and %(points)s went with them.", points=count)
            return _("Goods that counted towards it were returned.")
        case "challenge_cancelled":
            if count:
                return _("%(points)s for what you had done so far.", points=count)
            return _("We are sorry.")
    return _("%(points)s for you.", points=count) if count else ""


FOUND: dict[str, Callable[[str, Values, str], str]] = {
    "name": _name,
    "shop": _shop,
    "challenge": _challenge,
    "about": _about,
    "reward": _reward,
    "until": _until,
    "left": _left,
    "missing": _missing,
    "outcome": _outcome,
}
