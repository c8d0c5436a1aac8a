"""What somebody who was invited reads: who asks them in, what both get, and what came of it."""

from typing import NamedTuple

from gamification.commands.referrals import ReferralTerms
from gamification.readmodels.referral_fund import Came
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import HARD_SPACE, money, number, points
from webapp.words.pieces import initials


class Gift(NamedTuple):
    """What one side gets: how many points, for whom, and when."""

    sum: str
    title: str
    text: str


class InviteWords(NamedTuple):
    """The page of an invitation. `letters` stand for the face of whoever invites.

    `lasts` says, where there is a limit, that points come while the shop's fund has them.
    """

    letters: str
    who: str
    titles: tuple[str, ...]
    lead: str
    gifts: tuple[Gift, ...]
    steps: tuple[str, ...]
    worth: str
    preview: str
    lasts: str = ""


def invite_words(
    terms: ReferralTerms, name: str | None, *, shop: str, currency: str, worth_minor: int
) -> InviteWords:
    """Everything that the page says; `name` is None for a referrer who stays unnamed."""
    minimum = money(terms.minimum, currency)
    return InviteWords(
        letters=initials(name) if name else "",
        who=_("%(name)s invites you to %(shop)s", name=name, shop=shop)
        if name
        else _("Your friend invites you to %(shop)s", shop=shop),
        titles=titles_of(terms),
        lead=lead_of(terms, minimum),
        gifts=tuple(gift for gift in (own_gift(terms), friend_gift(terms)) if gift is not None),
        steps=steps_of(terms, minimum),
        worth=_("1 point is worth %(money)s.", money=money(worth_minor, currency)),
        preview=preview_of(terms, minimum),
        lasts=lasts_text(terms),
    )


def titles_of(terms: ReferralTerms) -> tuple[str, ...]:
    """The heading, a line for each side that gets something."""
    own = terms.friend_points or terms.welcome_points
    lines = []
    if own:
        lines.append(_("%(n)s for you.", n=number(own)))
    if terms.referrer_points:
        lines.append(_("%(n)s for your friend.", n=number(terms.referrer_points)))
    return tuple(lines) or (_("We look forward to seeing you."),)


def lead_of(terms: ReferralTerms, minimum: str) -> str:
    """What it takes, in one sentence."""
    if terms.friend_points and terms.referrer_points:
        return _("You will both get points for your first purchase of %(money)s or more.",
                 money=minimum)  # fmt: skip
    if terms.friend_points:
        return _("Points come for your first purchase of %(money)s or more.", money=minimum)
    if terms.welcome_points:
        return _("Points for joining come at once.")
    return _("A card, points for purchases and medals for what you like.")


def own_gift(terms: ReferralTerms) -> Gift | None:
    """What the newcomer gets."""
    if terms.friend_points and terms.welcome_points:
        text = _("And %(points)s more at once, for joining.", points=points(terms.welcome_points))
        return Gift(number(terms.friend_points), _("For you"), text)
    if terms.friend_points:
        return Gift(number(terms.friend_points), _("For you"), when(terms))
    if terms.welcome_points:
        return Gift(number(terms.welcome_points), _("For you"), _("At once, for joining."))
    return None


def friend_gift(terms: ReferralTerms) -> Gift | None:
    """What whoever invited gets, said openly."""
    share = ""
    if terms.share_percent:
        share = _(
            "And %(pct)s%% on top of the points that your purchases earn in the first %(days)s.",
            pct=number(terms.share_percent),
            days=days(terms.share_days),
        )
    if terms.referrer_points:
        text = share or (_("Together with yours.") if terms.friend_points else when(terms))
        return Gift(number(terms.referrer_points), _("For your friend"), text)
    return Gift(f"{number(terms.share_percent)}%", _("For your friend"), share) if share else None


def when(terms: ReferralTerms) -> str:
    """When the points for a first purchase come."""
    if not terms.hold_days:
        return _("Right after your first purchase.")
    return _("%(days)s after your first purchase.", days=days(terms.hold_days))


def steps_of(terms: ReferralTerms, minimum: str) -> tuple[str, ...]:
    """How it works, one step after another."""
    join = _("Join with a phone or an e-mail. It takes a minute.")
    if terms.welcome_points:
        join = _("Join with a phone or an e-mail: %(points)s come at once.",
                 points=points(terms.welcome_points))  # fmt: skip
    if not (terms.friend_points or terms.referrer_points):
        return (join,)
    buy = _("Make your first purchase of %(money)s or more within %(days)s.",
            money=minimum, days=days(terms.qualify_days))  # fmt: skip
    if not terms.hold_days:
        return (join, buy, _("The points come right after it."))
    wait = _("The points come %(days)s later, when it can no longer be returned.",
             days=days(terms.hold_days))  # fmt: skip
    return (join, buy, wait)


def preview_of(terms: ReferralTerms, minimum: str) -> str:
    """What a messenger shows under the link: no names, for it keeps what it has read."""
    parts = (*titles_of(terms), lead_of(terms, minimum), lasts_text(terms))
    return " ".join(part for part in parts if part)


def lasts_text(terms: ReferralTerms) -> str:
    """That the fund has an end, to whoever is promised something; '' without a limit."""
    if terms.budget is None or not (own_gift(terms) or friend_gift(terms)):
        return ""
    return _("Points come as long as the shop's fund for invitations lasts.")


def days(count: int) -> str:
    """«14 дней»."""
    return ngettext("%(n)s day", "%(n)s days", count, n=number(count)).replace(" ", HARD_SPACE)


def code_shown(code: str) -> str:
    """A drawn code in two halves, as people read and dictate it; a word as it is."""
    drawn = len(code) == 8 and code.isascii() and any(letter.isdigit() for letter in code)
    return f"{code[:4]}{HARD_SPACE}{code[4:]}" if drawn else code


def ended_text() -> str:
    """A link that leads nowhere, whatever the reason."""
    return _("This invitation no longer works. You can join without it just as well.")


def waiting_text(code: str) -> str:
    """An invitation that counts when this person joins."""
    return _(
        "We have saved the invitation %(code)s for you: it counts when you join.",
        code=code_shown(code),
    )


def bound_text(status: str, came: Came | None, currency: str) -> str:
    """What became of an invitation, to whoever has just joined; '' where nothing is to be said."""
    if status == "bound":
        return welcome_text(came, currency)
    known = {
        "unknown": _("There is no such invitation any more. You have joined without it."),
        "off": _("There is no such invitation any more. You have joined without it."),
        "expired": _("The invitation was opened too long ago. You have joined without it."),
        "own": _("You cannot invite yourself. You have joined without an invitation."),
        "blocked": _(
            "You have joined. This invitation does not count: it does not meet the rules."
        ),
    }
    other = _("You have joined. This invitation does not count.")
    return known.get(status, other if status in ("already", "late", "loop") else "")


def welcome_text(came: Came | None, currency: str) -> str:
    """The invitation counts, and this is what follows, as far as the shop's fund goes."""
    said = [_("The invitation counts. Thank you for coming.")]
    if came is not None and came.points:
        said = [
            _("The invitation counts: %(points)s come for your first purchase of %(money)s or"
              " more.", points=points(came.points), money=money(came.minimum, currency))
        ]  # fmt: skip
    if came is not None and came.gift_unpaid:
        said.append(_("The shop's fund for invitations had too little left for the welcome gift."))
    if came is not None and came.is_short:
        said.append(
            _("It is used up, so that points for a first purchase cannot be promised.")
            if came.gift_unpaid
            else _("The shop's fund for invitations is used up, so that points for a first"
                   " purchase cannot be promised.")
        )  # fmt: skip
    return " ".join(said)
