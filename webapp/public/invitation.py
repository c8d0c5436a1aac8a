"""The page behind a friend's link: who invites, what both get, and one button."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Response, current_app, redirect, url_for

from gamification.commands.referrals import ReferralTerms, normal_code
from gamification.readmodels.inviter import OpenedLink, opened_link
from webapp.access import allow, landing_of
from webapp.accounts.queries import Visitor
from webapp.assets import asset
from webapp.catalogue import LANGUAGES
from webapp.choice import OPEN, THEMES, Choice, is_on_our_page, named_choice
from webapp.drawn import drawn_page
from webapp.frame import chosen_locale, chosen_theme, frame_for, shop_facts
from webapp.invitations.adverts import is_paid
from webapp.invitations.codes import (
    LINK,
    LONGEST,
    Carried,
    channel_in,
    is_braked,
    look_up,
    owner_or_brake,
)
from webapp.invitations.cookie import Opened, keep_opened, read_opened
from webapp.invitations.robots import is_robot
from webapp.invitations.visits import visits_of
from webapp.links import public_base, public_href, public_place
from webapp.page import page
from webapp.public.blueprint import blueprint
from webapp.serving import this_app, this_request
from webapp.signin import visitor
from webapp.surroundings import here
from webapp.words.invited import InviteWords, code_shown, invite_words
from webapp.world import glance_entrance

PREVIEW, WIDTH, HEIGHT = "invitation.png", 1200, 630


@dataclass(frozen=True, slots=True)
class Click:
    """A link that was opened: whose, by whom, and what counts in this browser.

    `choice` is what its address names; `settled` is True for a reader who chooses on the page
    that they have opened before.
    """

    link: OpenedLink
    opened: Opened
    before: Opened | None
    counts: Opened
    choice: Choice
    settled: bool
    now: datetime


@blueprint.get("/r/<code>")
@allow("anonymous")
def invitation(code: str) -> Response:
    """A live code's page; any other leads to the plain door, whatever is wrong with it."""
    before = read_opened()
    with glance_entrance() as world:
        link = None
        if not is_braked(world):
            link = opened_link(world, code[:LONGEST], before.code if before else "")
        found = look_up(world, code) if link is None else None
        now = world.now
    if found is not None:
        owner_or_brake(found)
    if link is None or not shop_facts().live:
        return redirect(url_for("entrance.sign_in", ended=1, **named_choice().query), code=303)  # type: ignore[return-value]
    return answer_to(read_click(link, normal_code(code), before, now), visitor())


def answer_to(click: Click, who: Visitor | None) -> Response:
    """The page; a stranger is counted, and their browser carries the invitation on."""
    if who is not None:
        return invitation_page(click, who)
    answer = drawn_page(everything_said(click), lambda: invitation_page(click, None))
    if not is_robot() and here().settings.as_of is None:
        count(click)
        carry(answer, click)
    return answer


def read_click(link: OpenedLink, code: str, before: Opened | None, now: datetime) -> Click:
    """What was opened, and what counts: this link, or one that was opened here before."""
    args = this_request().args
    channel = channel_in(args["c"]) if "c" in args else LINK
    opened, settled = Opened(code, channel, now, paid=is_paid()), is_on_our_page()
    stays = before is not None and is_kept(link, opened, before, settled)
    return Click(
        link=link,
        opened=opened,
        before=before,
        counts=before if before and stays else opened,
        choice=named_choice(),
        settled=settled,
        now=now,
    )


def is_kept(link: OpenedLink, opened: Opened, before: Opened, settled: bool) -> bool:
    """Whether an earlier invitation stays: the first counts here, and it still leads somewhere.

    Whoever chooses a language on the page has not opened it anew.
    """
    if before.at + lifetime(link.terms) <= opened.at or not link.earlier_lives:
        return False
    return link.terms.bind == "first" or (settled and before.code == opened.code)


def lifetime(terms: ReferralTerms) -> timedelta:
    """How long a link counts after it was opened."""
    return timedelta(days=terms.link_days)


def count(click: Click) -> None:
    """A person more has opened this link, unless this browser was here before."""
    code_id = click.link.code_id
    if not click.settled and (click.before is None or code_id not in click.before.seen):
        visits_of(this_app()).add(code_id, click.link.inviter.today, click.opened.channel)


def carry(answer: Response, click: Click) -> None:
    """Note in the browser what counts, and that it has seen this page."""
    seen = click.before.seen if click.before else ()
    if click.link.code_id not in seen:
        seen = (*seen, click.link.code_id)
    kept = replace(click.counts, seen=seen)
    if kept != click.before:
        keep_opened(answer, kept, until=kept.at + lifetime(click.link.terms), now=click.now)


def everything_said(click: Click) -> tuple[object, ...]:
    """What a stranger's page is made of: where all of it is the same, so is the page."""
    opened, counts, inviter = click.opened, click.counts, click.link.inviter
    return (
        opened.code, opened.channel, counts.code, counts.channel, click.link.terms,
        inviter.name, inviter.point_worth, click.choice, shop_facts(), chosen_locale(),
        chosen_theme(None), public_base(), this_request().script_root,
    )  # fmt: skip


def invitation_page(click: Click, who: Visitor | None) -> Response:
    """The page, for guests, for members who look, and for the one who invites."""
    code, counts = click.opened.code, click.counts
    hrefs = hrefs_of(Carried(counts.code, counts.channel), click.choice, who)
    answer = page(
        "public/invitation.html",
        frame=frame_for()._replace(
            install=None, here=own_href(click.opened), home_href=hrefs["front"]
        ),
        it=words_of(click),
        code=code_shown(code),
        standing=standing(click.link, who),
        other=counts.code != code,
        ways=ways_of(click),
        hrefs=hrefs,
        preview={
            "page": public_href("public.invitation", code=code),
            "picture": public_place(asset(PREVIEW)), "width": WIDTH, "height": HEIGHT,
        },
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def own_href(opened: Opened, choice: Choice = OPEN) -> str:
    """This page with a choice, without what others hung on its address."""
    channel = None if opened.channel == LINK else opened.channel
    return url_for("public.invitation", code=opened.code, c=channel, **choice.query)


def ways_of(click: Click) -> dict[str, dict[str, str]]:
    """Where a stranger chooses language and theme, by plain links; the other choice stays."""
    opened, choice = click.opened, click.choice
    return {
        "locale": {each: own_href(opened, choice._replace(locale=each)) for each in LANGUAGES},
        "theme": {each: own_href(opened, choice._replace(theme=each)) for each in THEMES},
    }


def words_of(click: Click) -> InviteWords:
    """The sentences of the page."""
    shop, inviter = shop_facts(), click.link.inviter
    return invite_words(
        click.link.terms, inviter.name, shop=shop.name, currency=shop.currency,
        worth_minor=inviter.point_worth,
    )  # fmt: skip


def standing(link: OpenedLink, who: Visitor | None) -> str:
    """Who looks: a guest, a member or one of the staff, or the one who invites."""
    if who is None:
        return "guest"
    return "own" if who.member_id == link.member_id else "member"


def hrefs_of(carried: Carried, choice: Choice, who: Visitor | None) -> dict[str, str]:
    """Where the page leads: the code and the choice travel along, for nothing else carries them."""
    home = landing_of(current_app, who.role) if who else "/"
    return {
        "join": url_for("entrance.sign_in", i=carried.text, **choice.query),
        "sign_in": url_for("entrance.sign_in", **choice.query),
        "front": home if who else url_for("public.front", **choice.query),
        "home": home,
    }
