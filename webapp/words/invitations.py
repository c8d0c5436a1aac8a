"""Words of the invitations' desk: what the terms promise each side, and how friends came."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from gamification.commands.referrals import ReferralTerms
from gamification.readmodels.referral_fund import Fund
from gamification.readmodels.referral_report import Ended
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.console import days
from webapp.words.formats import money, number, percent, points

FIELD_NAMES = {
    "is_on": _l("People may invite friends"),
    "referrer_points": _l("For whoever invites"),
    "friend_points": _l("For the friend"),
    "welcome_points": _l("Welcome gift for the friend, at once"),
    "minimum": _l("The purchase is worth at least"),
    "hold_days": _l("It must be kept for"),
    "qualify_days": _l("Time for the first purchase"),
    "link_days": _l("An opened link counts for"),
    "bind": _l("Who has invited, if several did"),
    "cap": _l("Rewarded friends at most"),
    "cap_days": _l("Within"),
    "budget": _l("Points for all invitations together"),
    "share_percent": _l("Share of the friend’s points"),
    "share_days": _l("For how long"),
    "second_percent": _l("For whoever invited the inviter"),
}
CHANNELS = {
    "link": _l("Link"),
    "qr": _l("QR code"),
    "telegram": _l("Telegram"),
    "vk": _l("VK"),
    "whatsapp": _l("WhatsApp"),
    "email": _l("E-mail"),
    "share": _l("Share menu"),
    "code": _l("Code typed by hand"),
    "till": _l("Told at the till"),
    "staff": _l("Told to the staff"),
}
STEPS = {
    "opened": _l("Opened the link"),
    "joined": _l("Friends joined"),
    "bought": _l("Bought something"),
    "qualified": _l("Kept the purchase"),
    "paid": _l("Brought points"),
}
ENDED = {
    "in_review": _l("Waiting for a decision"),
    "blocked": _l("Turned down"),
    "reversed": _l("Taken back"),
    "expired": _l("Came to nothing"),
    "qualified": _l("Counted, without points"),
}
REASONS = {
    "in_review": _l("a rule holds it"),
    "same_person": _l("the same person on both sides"),
    "not_new": _l("known before they joined"),
    "rejected": _l("a decision or a rule"),
    "returned": _l("the purchase was returned"),
    "too_late": _l("no purchase in time"),
    "excluded": _l("gift cards and goods without points only"),
    "gone": _l("one of the two has left"),
    "cap": _l("over the limit of friends"),
    "budget": _l("the points for invitations are used up"),
}
COSTS = {
    "referrers": _l("For whoever invited"),
    "friends": _l("For the friends"),
    "welcome": _l("Welcome gifts"),
    "shares": _l("Shares of friends’ purchases"),
    "second": _l("For the one who invited the inviter"),
}


class Sides(NamedTuple):
    """What terms say to each of the two, sentence by sentence, and to the shop."""

    referrer: tuple[str, ...]
    friend: tuple[str, ...]
    shop: tuple[str, ...]


def sides_of(terms: ReferralTerms, currency: str) -> Sides:
    """The terms as sentences about Ana, who invites, and Boris, who comes."""
    return Sides(
        tuple(_referrer(terms, currency)), tuple(_friend(terms, currency)), tuple(_shop(terms))
    )


def _referrer(terms: ReferralTerms, currency: str) -> list[str]:
    reward, sum_ = points(terms.referrer_points), money(terms.minimum, currency)
    if not terms.referrer_points:
        said = [_("Ana gets no points for Boris’s purchase.")]
    elif terms.hold_days:
        said = [
            _("Ana gets %(points)s when Boris makes a purchase of %(money)s or more and keeps it"
              " for %(days)s.", points=reward, money=sum_, days=days(terms.hold_days))
        ]  # fmt: skip
    else:
        said = [
            _("Ana gets %(points)s when Boris makes a purchase of %(money)s or more.",
              points=reward, money=sum_)
        ]  # fmt: skip
    if terms.referrer_points:
        limit = ngettext(
            "That goes for up to %(n)s friend within %(days)s.",
            "That goes for up to %(n)s friends within %(days)s.",
            terms.cap, n=number(terms.cap), days=days(terms.cap_days),
        )  # fmt: skip
        said.append(limit)
    if terms.share_percent:
        share = percent(terms.share_percent * 100)
        said.append(
            _("She also gets %(share)s of the points of his purchases for %(days)s.",
              share=share, days=days(terms.share_days))
        )  # fmt: skip
    return [*said, *_second(terms)]


def _second(terms: ReferralTerms) -> list[str]:
    reward = terms.referrer_points * terms.second_percent // 100
    if not reward:
        return []
    return [_("Whoever invited Ana gets %(points)s.", points=points(reward))]


def _friend(terms: ReferralTerms, currency: str) -> list[str]:
    said = []
    if terms.welcome_points:
        said.append(
            _("Boris gets %(points)s when he joins.", points=points(terms.welcome_points))
        )  # fmt: skip
    if terms.friend_points:
        sum_, reward = money(terms.minimum, currency), points(terms.friend_points)
        said.append(
            _("Boris gets %(points)s when he has made a purchase of %(money)s or more and kept it"
              " for %(days)s.", points=reward, money=sum_, days=days(terms.hold_days))
            if terms.hold_days
            else _("Boris gets %(points)s when he has made a purchase of %(money)s or more.",
                   points=reward, money=sum_)
        )  # fmt: skip
    if not said:
        said.append(_("Boris gets no points of his own."))
    said.append(_("He has %(days)s from joining for that purchase.", days=days(terms.qualify_days)))
    return said


def _shop(terms: ReferralTerms) -> list[str]:
    ways = {
        "first": _("If several people invited Boris, the first link within %(days)s counts."),
        "last": _("If several people invited Boris, the last link within %(days)s counts."),
    }
    said = [ways[terms.bind] % {"days": days(terms.link_days)}]
    if terms.budget is not None:
        said.append(
            _("When invitations have brought %(points)s in all, gifts and shares included, they"
              " bring no more.",
              points=points(terms.budget))
        )  # fmt: skip
    return said


def fund_hint(fund: Fund | None) -> str:
    """What the fund is for, and what has been spent of it so far."""
    text = _("Everything that invitations bring, gifts and shares included, whoever was invited"
             " when. Leave it empty for no limit.")  # fmt: skip
    if fund is None or not fund.spent:
        return text
    spent = _("So far they have brought %(points)s.", points=points(fund.spent))
    return f"{text} {spent}"


def fund_line(fund: Fund | None) -> str:
    """How much of the fund is spent; '' without a limit."""
    if fund is None or fund.terms.budget is None:
        return ""
    return _(
        "Spent from the fund for invitations so far: %(spent)s of %(budget)s, over all time.",
        spent=number(fund.spent), budget=points(fund.terms.budget),
    )  # fmt: skip


def terms_line(terms: ReferralTerms, currency: str) -> str:
    """The heart of the terms in one line, for a list of versions."""
    if not terms.is_on:
        return _("Invitations are off.")
    both = _("%(referrer)s and %(friend)s", referrer=points(terms.referrer_points),
             friend=points(terms.friend_points))  # fmt: skip
    sum_, kept = money(terms.minimum, currency), days(terms.hold_days)
    return _("%(both)s for a purchase from %(money)s, kept for %(days)s.",
             both=both, money=sum_, days=kept)  # fmt: skip


def channel_name(code: str) -> str:
    """How somebody came; a channel that is newer than this page keeps its code."""
    return str(CHANNELS.get(code, code))


def step_name(code: str) -> str:
    """A step of a friend's way."""
    return str(STEPS[code])


def cost_name(code: str) -> str:
    """What points were for."""
    return str(COSTS[code])


def ended_name(one: Ended) -> str:
    """Where an invitation stands that brings nothing, and why."""
    state = str(ENDED[one.state])
    reason = REASONS.get(one.reason or "")
    return _("%(state)s: %(reason)s", state=state, reason=str(reason)) if reason else state


def friends_text(count: int) -> str:
    """«3 друга»."""
    return ngettext("%(n)s friend", "%(n)s friends", count, n=number(count))


FILTERS: dict[str, Callable[..., Any]] = {
    "channel_name": channel_name,
    "step_name": step_name,
    "cost_name": cost_name,
    "ended_name": ended_name,
    "friends_text": friends_text,
    "terms_line": terms_line,
    "terms_sides": sides_of,
    "fund_hint": fund_hint,
    "fund_line": fund_line,
}
