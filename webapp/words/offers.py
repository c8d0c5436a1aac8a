"""What an invitation brings, as whoever may invite reads it: the title, the rules, the fund."""

from collections.abc import Callable
from typing import Any

from gamification.commands.referrals import ReferralTerms
from gamification.readmodels.friends import FriendsPage
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import money, number, percent, points
from webapp.words.tiers import days_text


def title_lines(terms: ReferralTerms) -> tuple[str, ...]:
    """«Вам 300. Другу 300.»: what each side gets, a line each."""
    mine, theirs = terms.referrer_points, terms.friend_points or terms.welcome_points
    lines = (
        _("%(n)s for you.", n=number(mine)) if mine else "",
        _("%(n)s for a friend.", n=number(theirs)) if theirs else "",
    )
    return tuple(line for line in lines if line) or (_("Invite a friend"),)


def lead_text(terms: ReferralTerms, currency: str) -> str:
    """When it comes, in a sentence or two."""
    total = money(terms.minimum, currency)
    kept = days_text(terms.hold_days)
    if not terms.referrer_points and not terms.friend_points:
        return unpaid_lead(terms)
    if not terms.hold_days:
        text = _("Points come with the friend's first purchase of %(sum)s or more.", sum=total)
    elif terms.referrer_points and terms.friend_points:
        text = _(
            "You both get points once your friend makes a first purchase of %(sum)s or more and"
            " keeps it for %(days)s.", sum=total, days=kept,
        )  # fmt: skip
    else:
        text = _(
            "Points come once your friend makes a first purchase of %(sum)s or more and keeps it"
            " for %(days)s.",
            sum=total, days=kept,
        )  # fmt: skip
    if terms.welcome_points and terms.friend_points:
        gift = points(terms.welcome_points)
        text += " " + _("The friend gets %(points)s more at once, for joining.", points=gift)
    return text


def unpaid_lead(terms: ReferralTerms) -> str:
    """Where a first purchase brings nobody points: what else there is."""
    if terms.welcome_points:
        return _("The friend gets %(points)s at once, for joining.",
                 points=points(terms.welcome_points))  # fmt: skip
    return _("A first purchase brings no points just now. A friend who stays still counts.")


def fund_text(page: FriendsPage) -> str:
    """How long there is something to be paid; '' where the shop has set no limit."""
    if page.fund == "open":
        return ""
    if page.fund == "lasts":
        return _("Points come as long as the shop's fund for invitations lasts.")
    offer = page.terms
    if offer.referrer_points or offer.friend_points or offer.welcome_points:
        return _("The shop's fund for invitations is nearly used up: this is what it can still"
                 " pay.")  # fmt: skip
    return _("The shop's fund for invitations is used up.")


def rule_lines(terms: ReferralTerms, currency: str) -> tuple[str, str]:
    """How it works, in two sentences: what the friend does, and what follows when."""
    first = _(
        "A friend joins by your link and makes a first purchase of %(sum)s or more within"
        " %(days)s.", sum=money(terms.minimum, currency), days=days_text(terms.qualify_days),
    )  # fmt: skip
    values = {
        "yours": number(terms.referrer_points), "theirs": number(terms.friend_points),
        "limit": limit_text(terms),
    }  # fmt: skip
    if not terms.referrer_points and not terms.friend_points:
        return first, unpaid_rule(terms)
    if not terms.hold_days:
        return first, _(
            "Points come at once: %(yours)s to you and %(theirs)s to the friend, %(limit)s.",
            **values,
        )  # fmt: skip
    return first, _(
        "In %(days)s, if nothing was returned, points come: %(yours)s to you and %(theirs)s to"
        " the friend, %(limit)s.", days=days_text(terms.hold_days), **values,
    )  # fmt: skip


def unpaid_rule(terms: ReferralTerms) -> str:
    """What follows where a first purchase brings nobody points."""
    if not terms.hold_days:
        return _("The friend counts at once.")
    return _("In %(days)s, if nothing was returned, the friend counts.",
             days=days_text(terms.hold_days))  # fmt: skip


def limit_text(terms: ReferralTerms) -> str:
    """How many friends are rewarded in a while."""
    return ngettext(
        "for %(n)s friend in %(days)s at most", "for %(n)s friends in %(days)s at most",
        terms.cap, n=number(terms.cap), days=days_text(terms.cap_days),
    )  # fmt: skip


def small_print(terms: ReferralTerms) -> str:
    """What else is good to know."""
    texts = [
        _("Nobody can invite themselves."),
        _("You see a friend's name only if they allowed it."),
    ]
    if terms.share_percent:
        share = _(
            "%(percent)s of the points that a friend earns come to you as well, for %(days)s.",
            percent=percent(terms.share_percent * 100), days=days_text(terms.share_days),
        )  # fmt: skip
        texts.insert(0, share)
    return " ".join(texts)


FILTERS: dict[str, Callable[..., Any]] = {
    "title_lines": title_lines,
    "lead_text": lead_text,
    "fund_text": fund_text,
    "rule_lines": rule_lines,
    "small_print": small_print,
}
