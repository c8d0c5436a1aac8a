"""Names of what members do besides buying, and how often it counts."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l

from gamification.readmodels.visits import CheckInCard
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import number

NAMES = {
    "joined": _l("Joined the programme"),
    "profile_completed": _l("Filled in the profile"),
    "phone_confirmed": _l("Confirmed the phone"),
    "email_confirmed": _l("Confirmed the e-mail"),
    "daily_check_in": _l("Looked in"),
    "birthday": _l("Birthday"),
    "friend_joined": _l("A friend joined by your invitation"),
    "friend_came": _l("A friend's purchase was kept"),
    "friend_bought": _l("Share of a friend's purchase"),
    "friend_of_friend": _l("A friend of your friend came"),
    "welcome_gift": _l("Welcome gift of an invitation"),
    "invited_bonus": _l("You came by an invitation and stayed"),
    "challenge_step": _l("A step of a challenge"),
    "challenge_completed": _l("A challenge is done"),
    "challenge_compensation": _l("A challenge was called off"),
}
GLYPHS = {
    "joined": "people",
    "profile_completed": "note",
    "phone_confirmed": "chat",
    "email_confirmed": "link",
    "daily_check_in": "spark",
    "birthday": "cake",
    "friend_joined": "people",
    "friend_came": "people",
    "friend_bought": "people",
    "friend_of_friend": "people",
    "welcome_gift": "spark",
    "invited_bonus": "spark",
    "challenge_step": "star",
    "challenge_completed": "star",
    "challenge_compensation": "star",
}


def act_name(code: str) -> str:
    """What somebody did; an act that came after this page was written keeps its code."""
    return str(NAMES.get(code, code))


def act_glyph(code: str | None) -> str:
    """The picture beside it in the history."""
    return GLYPHS.get(code or "", "star")


def how_often(per: str, most: int) -> str:
    """«2 раза в день»: the limit of an act, as a part of a sentence."""
    times = {"most": number(most)}
    match per:
        case "day":
            return ngettext("once a day", "%(most)s times a day", most, **times)
        case "week":
            return ngettext("once a week", "%(most)s times a week", most, **times)
        case "month":
            return ngettext("once a month", "%(most)s times a month", most, **times)
        case "year":
            return ngettext("once a year", "%(most)s times a year", most, **times)
        case _:
            return ngettext("once and for all", "%(most)s times in all", most, **times)


def per_text(per: str) -> str:
    """The span of a limit as a choice in a form."""
    spans = {
        "day": _("one day"),
        "week": _("seven days"),
        "month": _("thirty days"),
        "year": _("365 days"),
        "ever": _("all time"),
    }
    return spans[per]


def days_in_row(count: int) -> str:
    """«3 дня подряд»."""
    return ngettext("%(n)s day in a row", "%(n)s days in a row", count, n=number(count))


def check_in_title(card: CheckInCard) -> str:
    """Whether today is counted."""
    return _("Today is counted") if card.done else _("Good to see you")


def check_in_text(card: CheckInCard) -> str:
    """What the part of Home about looking in says."""
    if card.done:
        return _("%(days)s. See you tomorrow.", days=days_in_row(card.run))
    if card.run:
        return _("%(days)s so far. Today is not counted yet.", days=days_in_row(card.run))
    return _("Say that you are here: days in a row make a medal.")


FILTERS: dict[str, Callable[..., Any]] = {
    "act_name": act_name,
    "act_glyph": act_glyph,
    "how_often": how_often,
    "check_in_title": check_in_title,
    "check_in_text": check_in_text,
}
