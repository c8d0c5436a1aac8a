"""What the page of a member says about things put right."""

from collections.abc import Callable
from typing import Any, NamedTuple

from gamification.commands.member import MOST_CITY
from gamification.readmodels.corrections import CountedAct, KeptCorrection
from webapp.tongue import gettext as _
from webapp.words.acts import act_name
from webapp.words.formats import clock, day_year, points


class ActChoice(NamedTuple):
    """An act to choose: what it was, when, and the points that go with it."""

    key: str
    title: str
    when: str
    loss: str


class JournalLine(NamedTuple):
    """One entry of the journal."""

    title: str
    reason: str
    meta: str
    instant: str


def act_choice(act: CountedAct) -> ActChoice:
    """What a choice says."""
    when = f"{day_year(act.at.date())}, {clock(act.at)}"
    loss = _("%(points)s will go", points=points(act.points)) if act.points else _("no points")
    return ActChoice(str(act.id), act_name(act.type), when, loss)


def journal_line(one: KeptCorrection, who: str) -> JournalLine:
    """What an entry says."""
    if one.kind == "act":
        title = _("Cancelled: %(act)s", act=act_name(one.before))
    elif not one.after:
        title = _("Taken away: %(before)s", before=one.before)
    elif one.before:
        title = _("%(before)s is now %(after)s", before=one.before, after=one.after)
    else:
        title = _("Added: %(after)s", after=one.after)
    meta = f"{day_year(one.at.date())}, {clock(one.at)}, {who}"
    return JournalLine(title, one.reason, meta, one.at.isoformat())


def no_reason() -> str:
    """A correction without a reason."""
    return _("Write why, so that it can be understood a year from now.")


def no_city() -> str:
    """What was typed is no city."""
    return _("Write a city with letters, up to %(n)s of them, or leave it empty.", n=MOST_CITY)


def own_account() -> str:
    """Somebody puts things right for themselves."""
    return _("This is your own e-mail. Somebody else has to do it for you.")


def cancelled_text() -> str:
    """What a toast says."""
    return _("The act is cancelled. Points and medals follow.")


FILTERS: dict[str, Callable[..., Any]] = {"act_choice": act_choice, "journal_line": journal_line}
