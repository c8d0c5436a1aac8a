"""The page of friends as the words that stand on it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from gamification.readmodels.friends import FriendRow, FriendsPage, Funnel, Ladder, Rung
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext
from webapp.words.formats import day, number, percent, points, signed
from webapp.words.pieces import initials

TONES = ("coral", "sky", "sun", "mint", "iris")
REFUSED: Mapping[str, str] = {
    "same_person": _l("Not counted: it looks like one person with two cards"),
    "not_new": _l("Not counted: this friend was in the club before"),
}
"""Why an invitation is worth nothing; whatever a check finds besides is not told."""
UNPAID: Mapping[str, str] = {
    "cap": _l("Stayed, but your limit of rewarded friends was reached by then"),
    "budget": _l("Stayed, but the shop's fund for invitations was used up by then"),
}
DOUBTS: Mapping[str, str] = {
    "cap": _l("your limit of rewarded friends may be reached by then"),
    "budget": _l("the shop's fund for invitations may be used up by then"),
}
"""Why nothing is promised for a purchase that is still on hold."""
ANSWERS: Mapping[str, str] = {
    "open": _l("You objected on %(said)s, we are looking again"),
    "accepted": _l("You objected on %(said)s. Decided on %(answered)s: the invitation goes on"),
    "refused": _l("You objected on %(said)s. Decided on %(answered)s: no change"),
}
WORD_FAULTS: Mapping[str, str] = {
    "taken": _l("This word is taken or has been used before. Try another one."),
    "length": _l("4 to 20 characters, please."),
    "signs": _l("Use Russian or Latin letters, digits and dashes, with at least one letter."),
    "banned": _l("This word is not allowed in a link. Try another one."),
}
CHANGED: Mapping[str, str] = {
    "link": _l("Your link is ready."),
    "renewed": _l("You have a new link. The old one leads nowhere now."),
    "word": _l("Your word is in the link now."),
    "dropped": _l("The word is given up."),
    "reminded": _l("Your friend will find a message in their inbox."),
    "waits": _l("There is nothing to remind them of, or you have already reminded them this week."),
    "appealed": _l("We have received your objection and will look at the invitation again."),
    "appeal_late": _l("You can no longer object to this invitation."),
}


class Dated(Protocol):
    """What knows which day it is."""

    @property
    def today(self) -> date: ...


class FriendWords(NamedTuple):
    """A friend of the list; `done` of three steps are behind."""

    tone: Code
    letters: str
    name: str
    line: str
    done: int
    spoken: str
    look: Code
    sum: str
    chip: str
    id: str
    remind_href: str
    token: str
    answer: str = ""
    appeal_href: str = ""


def friend_words(
    row: FriendRow,
    page: FriendsPage,
    remind_href: str = "",
    token: str = "",
    appeal_href: Callable[[int], str] | None = None,
) -> FriendWords:
    """What is known of a friend: the step, its date, and the points.

    Args:
        remind_href, token: where a reminder is sent, for a friend who can be reminded now.
        appeal_href: where a friend's invitation can be objected to.
    """
    can_remind = row.state == "registered" and not row.reminded and row.until >= page.today
    done = {"registered": 1, "purchased": 2, "in_review": 2, "qualified": 3, "rewarded": 3}
    steps = done.get(row.state, 0)
    look = {"rewarded": "plus", "purchased": "wait"}.get(row.state, "zero")
    if row.reminded and row.state == "registered":
        look = "asked"
    return FriendWords(
        tone=Code(TONES[row.id % len(TONES)]),
        letters=initials(row.name) if row.name else "",
        name=row.name or _("A friend"),
        line=friend_line(row, page),
        done=steps,
        spoken=_("Step %(done)s of 3", done=steps) if steps else _("Not counted"),
        look=Code(look),
        sum=signed(row.points) if row.points and not row.doubt else "",
        chip="" if can_remind and remind_href else chip_text(row),
        id=str(row.id) if can_remind and remind_href else "",
        remind_href=remind_href if can_remind else "",
        token=token if can_remind and remind_href else "",
        answer=answer_text(row, page),
        appeal_href=appeal_href(row.id) if row.can_appeal and appeal_href else "",
    )


def friend_line(row: FriendRow, page: Dated) -> str:
    """Where an invitation stands, in a plain line with its date."""

    def on(value: Any) -> str:
        return day(value, page.today) if value else ""

    lines: dict[str, Callable[[], str]] = {
        "registered": lambda: waiting_text(row, joined=on(row.joined), until=on(row.until)),
        "purchased": lambda: doubt_text(row, page) or
                             _("Bought on %(day)s, the points come on %(arrives)s",
                               day=on(row.bought), arrives=on(row.arrives)),
        "in_review": lambda: _("Bought on %(day)s, we are checking the invitation",
                               day=on(row.bought)),
        "rewarded": lambda: _("Bought on %(day)s, the points came on %(paid)s",
                              day=on(row.bought), paid=on(row.paid)),
        "qualified": lambda: unpaid_text(row) or _("Counted on %(day)s", day=on(row.paid)),
        "expired": lambda: _("Is not in the club any more") if row.reason == "gone" else
                           _("No purchase by %(until)s", until=on(row.until)),
        "blocked": lambda: _(REFUSED.get(row.reason or "", _l("Not counted after a check"))),
        "reversed": lambda: _("The purchase was returned, and the points with it"),
    }  # fmt: skip
    return lines[row.state]()


def waiting_text(row: FriendRow, *, joined: str, until: str) -> str:
    """Until when a purchase counts, and what was wrong with the one before."""
    if row.reason == "excluded":
        return _(
            "Gift cards and goods without points do not count, another purchase does until"
            " %(until)s", until=until,
        )  # fmt: skip
    if row.reason == "returned":
        return _(
            "The purchase or a part of it was returned, another one counts until %(until)s",
            until=until,
        )  # fmt: skip
    return _("In the club since %(day)s, a purchase counts until %(until)s",
             day=joined, until=until)  # fmt: skip


def doubt_text(row: FriendRow, page: Dated) -> str:
    """What may stand against the points; nothing where they are sure to come."""
    if not row.doubt or not row.bought or not row.arrives:
        return ""
    return _(
        "Bought on %(day)s, it is decided on %(arrives)s: %(doubt)s",
        day=day(row.bought, page.today), arrives=day(row.arrives, page.today),
        doubt=_(DOUBTS[row.doubt]),
    )  # fmt: skip


def answer_text(row: FriendRow, page: Dated) -> str:
    """What became of an objection; only its own invitation's."""
    if row.appeal is None or row.appealed is None:
        return ""
    if row.appeal == "open" and row.state not in ("in_review", "blocked"):
        return ""
    answered = day(row.answered, page.today) if row.answered else ""
    return _(ANSWERS[row.appeal], said=day(row.appealed, page.today), answered=answered)


def unpaid_text(row: FriendRow) -> str:
    """Why a friend who stayed brought nothing."""
    found = UNPAID.get(row.reason or "")
    return _(found) if found else ""


def chip_text(row: FriendRow) -> str:
    """The state in a word, where no points say it."""
    chips = {
        "registered": _("reminded") if row.reminded else _("waiting"),
        "purchased": _("on the way"),
        "in_review": _("checking"),
        "qualified": _("counted"),
        "expired": _("too late"),
        "reversed": _("went back"),
        "blocked": _("not counted"),
    }
    return chips.get(row.state, "")


class StageWords(NamedTuple):
    """A step of the funnel; `value` of `most` is as wide as it is true."""

    tone: Code
    label: str
    note: str
    shown: str
    value: int
    most: int


def funnel_words(funnel: Funnel) -> tuple[StageWords, ...]:
    """Opened, joined, bought, in true proportions.

    A code told at the till is not opened before, so that more may join than have opened.
    """
    most = max(*funnel, 1)
    joined = part_text(funnel.joined, funnel.opened)
    bought = part_text(funnel.bought, funnel.joined)
    if bought:
        bought = _("%(part)s of those who joined", part=bought)
    stages = (
        ("level", _("Opened the link"), "", funnel.opened),
        ("info", _("Joined the club"), joined, funnel.joined),
        ("action", _("Made a purchase"), bought, funnel.bought),
    )  # fmt: skip
    return tuple(
        StageWords(Code(tone), label, note, number(count), count, most)
        for tone, label, note, count in stages
    )


def part_text(count: int, whole: int) -> str:
    """A share in whole per cent; nothing where it would mean nothing."""
    return percent(round(100 * count / whole) * 100) if 0 < count <= whole else ""


class RungWords(NamedTuple):
    """A level of the medal."""

    code: Code
    level: int
    held: bool
    way: int
    label: str
    state: str


class LadderWords(NamedTuple):
    """The medal for friends, its four levels and what is next."""

    title: str
    rungs: tuple[RungWords, ...]
    value: int
    most: int
    line: str


def ladder_words(ladder: Ladder) -> LadderWords:
    """How far the next medal is."""
    goal = ladder.next
    title, line, value, most = _("Every medal for friends is yours"), "", 0, 0
    if goal is not None:
        left = max(goal.need - ladder.done, 0)
        title = ngettext(
            "%(n)s friend to the medal", "%(n)s friends to the medal", left, n=number(left)
        )
        value, most = min(ladder.done, goal.need), goal.need
        line = ngettext(
            "%(done)s of %(n)s friend with a purchase they kept",
            "%(done)s of %(n)s friends with a purchase they kept",
            goal.need, n=number(goal.need), done=number(value),
        )  # fmt: skip
        if goal.points:
            line += ", " + _("the medal brings %(points)s", points=points(goal.points))
    rungs = tuple(rung_words(rung, ladder) for rung in ladder.rungs)
    return LadderWords(title, rungs, value, most, line)


def rung_words(rung: Rung, ladder: Ladder) -> RungWords:
    """A level with how far it is."""
    is_next, done = rung == ladder.next, min(ladder.done, rung.need)
    state = _("ahead")
    if rung.held:
        state = _("received")
    elif is_next:
        state = _("%(done)s of %(target)s", done=number(done), target=number(rung.need))
    return RungWords(
        code=Code(ladder.code),
        level=rung.level,
        held=rung.held,
        way=100 * done // rung.need if is_next else 0,
        label=ngettext("%(n)s friend", "%(n)s friends", rung.need, n=number(rung.need)),
        state=state,
    )


FILTERS: dict[str, Callable[..., Any]] = {
    "friend_words": friend_words,
    "friend_line": friend_line,
    "answer_text": answer_text,
    "funnel_words": funnel_words,
    "ladder_words": ladder_words,
}
