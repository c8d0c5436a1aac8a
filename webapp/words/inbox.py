"""Messages of the inbox as words: what happened, and where to look."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from gamification.readmodels.inbox import InboxRow
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.challenges import challenge_name
from webapp.words.formats import clock, day, money, named, number, points
from webapp.words.medals import medals_gone, told_medal
from webapp.words.messages import message_words


class InboxWords(NamedTuple):
    """A message of the inbox. `place` names the page that it leads to."""

    glyph: Code
    title: str
    text: str
    instant: str
    when: str
    fresh: bool
    place: str


def inbox_words(row: InboxRow, currency: str) -> InboxWords:
    """What a message says; a kind that came after this page was written says its name."""
    glyph, place, title, text = SAYINGS.get(row.kind, other)(row, currency)
    return InboxWords(
        glyph=Code(glyph),
        title=title,
        text=text,
        instant=row.at.isoformat(),
        when=clock(row.at),
        fresh=row.fresh,
        place=place,
    )


class InboxDay(NamedTuple):
    """The messages of one day. `title` is empty where the page before ended with the same day."""

    title: str
    letters: tuple[InboxWords, ...]


def inbox_days(
    rows: Sequence[InboxRow], currency: str, today: date, after: date | None = None
) -> tuple[InboxDay, ...]:
    """Messages by day, the newest first; alike ones of a day are one message.

    Args:
        after: the day with which the page before ended.
    """
    days = groupby(rows, key=lambda row: row.at.date())
    return tuple(
        InboxDay("" if on == after else day_title(on, today), letters_of(list(told), currency))
        for on, told in days
    )


def day_title(on: date, today: date) -> str:
    """«Сегодня», «Вчера», «21 ноября»."""
    if on == today:
        return _("Today")
    return _("Yesterday") if on == today - timedelta(days=1) else day(on, today)


def letters_of(rows: Sequence[InboxRow], currency: str) -> tuple[InboxWords, ...]:
    """The messages of a day: gathered ones stand where the newest of them does.

    What was read stays apart from what is new: nothing is announced twice.
    """
    alike = [(row.kind, row.fresh) for row in rows]
    found: list[InboxWords] = []
    for place, row in enumerate(rows):
        mine = alike[place]
        if row.kind not in GATHERED or alike.count(mine) == 1:
            found.append(inbox_words(row, currency))
        elif mine not in alike[:place]:
            same = zip(rows, alike, strict=True)
            found.append(gathered([one for one, its in same if its == mine], currency))
    return tuple(found)


def gathered(rows: Sequence[InboxRow], currency: str) -> InboxWords:
    """Several alike messages as one: «+3 медали», and which."""
    first = inbox_words(rows[0], currency)
    title, text = GATHERED[rows[0].kind](rows)
    return first._replace(title=title, text=text)


def medals(rows: Sequence[InboxRow]) -> tuple[str, str]:
    """Several medals of one day."""
    names = [told_medal(row.values) for row in rows]
    title = ngettext("+%(n)s medal", "+%(n)s medals", len(rows), n=number(len(rows)))
    return title, ", ".join(names)


def friends(rows: Sequence[InboxRow]) -> tuple[str, str]:
    """Several friends of one day."""
    title = ngettext(
        "+%(n)s friend is with us", "+%(n)s friends are with us", len(rows), n=number(len(rows))
    )
    total = sum(row.values.get("points") or 0 for row in rows)
    return title, _("%(points)s for you.", points=points(total)) if total else ""


GATHERED: dict[str, Callable[[Sequence[InboxRow]], tuple[str, str]]] = {
    "medal": medals,
    "friend_came": friends,
}
"""Kinds that say no more apart than together."""

Saying = tuple[str, str, str, str]
"""Glyph, place, title, text."""


def medal(row: InboxRow, _currency: str) -> Saying:
    """A medal was earned."""
    name = told_medal(row.values)
    return "medal", "medals", _("New medal: “%(medal)s”", medal=name), _("It is on your board.")


def tier_reached(row: InboxRow, _currency: str) -> Saying:
    """A higher tier."""
    name = named(row.tier) if row.tier else ""
    text = _("Its rate in points applies from your next purchase.")
    return "crown", "tiers", _("New tier: “%(tier)s”", tier=name), text


def tier_lost(row: InboxRow, _currency: str) -> Saying:
    """A lower tier."""
    name = named(row.tier) if row.tier else ""
    text = _(
        "It depends on your purchases of the last twelve months. You can move back up on any day."
    )
    return "leaf", "tiers", _("Your tier is now “%(tier)s”", tier=name), text


def returned(row: InboxRow, currency: str) -> Saying:
    """A return was counted."""
    amount = money(abs(row.values.get("amount", 0)), currency)
    parts = []
    if row.values.get("clawed_back"):
        taken = points(row.values["clawed_back"])
        parts.append(_("Points earned on it were taken back: %(points)s.", points=taken))
    if row.values.get("points_back"):
        back = points(row.values["points_back"])
        parts.append(_("Points paid for it came back: %(points)s.", points=back))
    if gone := row.values.get("medals"):
        parts.append(medals_gone(gone))
    title = _("Return of %(sum)s is counted", sum=amount)
    return "again", "history", title, " ".join(parts) or _("Your points stay as they were.")


def expiring(row: InboxRow, _currency: str) -> Saying:
    """Points that will burn soon."""
    count = points(row.values.get("points", 0))
    on = day(date.fromisoformat(row.values["on"]))
    title = _("%(points)s expire on %(day)s", points=count, day=on)
    return "clock", "expiring", title, _("Spend them at the till: just show the card.")


def friend_came(row: InboxRow, _currency: str) -> Saying:
    """A friend's purchase was kept: what it brought, or why it brought nothing."""
    title = _("Your friend is with us")
    if count := row.values.get("points"):
        return "people", "invite", title, _("%(points)s for you.", points=points(count))
    reasons = {
        "cap": _(
            "You have reached your limit of rewarded friends, so there are no points for this one."
        ),
        "budget": _("The shop's fund for invitations is used up."),
    }
    return "people", "invite", title, reasons.get(row.values.get("reason") or "", "")


def invited_bonus(row: InboxRow, _currency: str) -> Saying:
    """Whoever came by an invitation has bought and kept something."""
    title = _("Thank you for staying")
    if count := row.values.get("points"):
        return "spark", "invite", title, _("%(points)s for you.", points=points(count))
    used_up = row.values.get("reason") == "budget"
    text = _("The shop's fund for invitations is used up.") if used_up else ""
    return "spark", "invite", title, text


def referral_returned(_row: InboxRow, _currency: str) -> Saying:
    """The purchase that an invitation was rewarded for went back."""
    text = _("The points for the invitation went with it.")
    return "again", "invite", _("The first purchase was returned"), text


def referral_waits(row: InboxRow, currency: str) -> Saying:
    """After a return too little is left of the first purchase; another one may count."""
    until = day(date.fromisoformat(row.values["until"]), row.at.date())
    text = _(
        "Too little is left of the purchase after a return. Another one of %(sum)s or more"
        " until %(day)s still counts.",
        sum=money(row.values.get("minimum", 0), currency), day=until,
    )  # fmt: skip
    return "again", "", _("The invitation waits for another purchase"), text


def referral_withdrawn(_row: InboxRow, _currency: str) -> Saying:
    """The shop took back the decision by which an invitation was paid."""
    text = _("Its points were taken back meanwhile.")
    return "again", "invite", _("An invitation is being checked again"), text


def appeal_answered(row: InboxRow, _currency: str) -> Saying:
    """What a referrer objected to was looked at again."""
    title = _("We looked at your invitation again")
    if row.values.get("accepted"):
        return "people", "invite", title, _("You were right: the invitation stands.")
    reasons = {
        "same_person": _("It still does not count: it looks like one person with two cards."),
        "not_new": _("It still does not count: this friend was in the club before."),
        "too_late": _("There was no purchase in time."),
        "gone": _("Your friend is not in the club any more."),
    }
    plain = _("After a check, it still does not count.")
    return "people", "invite", title, reasons.get(row.values.get("reason") or "", plain)


def appeal_reopened(_row: InboxRow, _currency: str) -> Saying:
    """The answer to an objection was taken back."""
    text = _("The answer you had no longer applies; a new one will come here.")
    return "people", "invite", _("We are looking at your invitation once more"), text


def friend_reminds(row: InboxRow, currency: str) -> Saying:
    """Whoever invited this member asks after the first purchase."""
    total, until = money(row.values.get("minimum", 0), currency), row.values["until"]
    values = {"sum": total, "day": day(date.fromisoformat(until), row.at.date())}
    if count := row.values.get("points"):
        text = _(
            "A first purchase of %(sum)s or more until %(day)s brings you %(points)s.",
            points=points(count), **values,
        )  # fmt: skip
    else:
        text = _("A first purchase of %(sum)s or more until %(day)s still counts.", **values)
    return "people", "", _("The friend who invited you says hello"), text


def written(row: InboxRow, currency: str) -> Saying:
    """A message that the shop may write itself."""
    glyph, place = LOOKS[row.kind]
    said = message_words(row.kind, row.values, row.said, currency)
    return glyph, place, said.subject, said.text


LOOKS = {
    "challenge_invitation": ("rocket", "challenges"),
    "challenge_reminder": ("clock", "challenges"),
    "challenge_almost": ("star", "challenges"),
    "challenge_step": ("star", "challenges"),
    "challenge_won": ("star", "challenges"),
    "challenge_ended": ("leaf", "challenges"),
    "challenge_returned": ("again", "challenges"),
    "challenge_cancelled": ("star", "challenges"),
    "birthday": ("cake", ""),
}
"""Glyph and place of messages that a shop may write itself."""


def challenge_ends(row: InboxRow, _currency: str) -> Saying:
    """A challenge of theirs ends soon."""
    name, on = challenge_name(row.values), day(date.fromisoformat(row.values["on"]), row.at.date())
    title = _("“%(challenge)s” runs until %(day)s inclusive", challenge=name, day=on)
    return "clock", "challenges", title, _("See how much is left.")


def challenge_begins(row: InboxRow, _currency: str) -> Saying:
    """A challenge that they asked about has begun."""
    title = _("“%(challenge)s” has begun", challenge=challenge_name(row.values))
    return "star", "challenges", title, _("You asked to be reminded.")


def other(row: InboxRow, _currency: str) -> Saying:
    """A kind without words of its own."""
    return "note", "", row.kind, ""


SAYINGS: dict[str, Callable[[InboxRow, str], Saying]] = {
    "medal": medal,
    "tier_reached": tier_reached,
    "tier_lost": tier_lost,
    "returned": returned,
    "expiring": expiring,
    "friend_came": friend_came,
    "invited_bonus": invited_bonus,
    "referral_returned": referral_returned,
    "referral_waits": referral_waits,
    "referral_withdrawn": referral_withdrawn,
    "appeal_answered": appeal_answered,
    "appeal_reopened": appeal_reopened,
    "friend_reminds": friend_reminds,
    "challenge_ends": challenge_ends,
    "challenge_begins": challenge_begins,
    **dict.fromkeys(LOOKS, written),
}
