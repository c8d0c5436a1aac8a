"""The page behind a friend's link: who invites, what both get, and one button."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Response, current_app, redirect, request, url_for

from gamification.commands.referrals import CodeOwner, day_of_visit, normal_code, owner_of
from gamification.readmodels.inviter import inviter_name
from gamification.readmodels.terms import terms_of
from gamification.world import World
from webapp.access import allow, landing_of
from webapp.assets import asset
from webapp.frame import frame_for, shop_facts
from webapp.invitations.adverts import is_paid
from webapp.invitations.codes import Carried, channel_in, find_inviter
from webapp.invitations.cookie import Opened, keep_opened, read_opened
from webapp.invitations.robots import is_robot
from webapp.invitations.visits import visits_of
from webapp.links import public_href, public_place
from webapp.page import page
from webapp.public.blueprint import blueprint
from webapp.signin import visitor
from webapp.surroundings import here
from webapp.words.invited import InviteWords, code_shown, invite_words
from webapp.world import open_entrance

PREVIEW, WIDTH, HEIGHT = "invitation.png", 1200, 630


@dataclass(frozen=True, slots=True)
class Click:
    """A link that was opened: whose, the words of its page, and what counts in this browser."""

    owner: CodeOwner
    words: InviteWords
    opened: Opened
    before: Opened | None
    counts: Opened
    now: datetime


@blueprint.get("/r/<code>")
@allow("anonymous")
def invitation(code: str) -> Response:
    """A live code's page; any other leads to the plain door, whatever is wrong with it."""
    owner = find_inviter(code)
    if owner is None or not shop_facts().live:
        return redirect(url_for("entrance.sign_in", ended=1), code=303)  # type: ignore[return-value]
    with open_entrance(readonly=True) as world:
        click = read_click(world, owner, normal_code(code))
        day = day_of_visit(world)
    answer = invitation_page(click)
    if visitor() is None and not is_robot() and here().settings.as_of is None:
        if owner.code_id not in (click.before.seen if click.before else ()):
            visits_of(current_app).add(owner.code_id, day, click.opened.channel)
        carry(answer, click)
    return answer


def read_click(world: World, owner: CodeOwner, code: str) -> Click:
    """What the page needs, in one transaction that only reads."""
    shop, before = shop_facts(), read_opened()
    words = invite_words(
        owner.terms, inviter_name(world, owner.member_id), shop=shop.name, currency=shop.currency,
        worth_minor=terms_of(world).programme.point_worth,
    )  # fmt: skip
    opened = Opened(code, channel_in(request.args.get("c", "")), world.now, paid=is_paid())
    stays = before is not None and is_first(world, owner, before)
    return Click(owner, words, opened, before, before if before and stays else opened, world.now)


def is_first(world: World, owner: CodeOwner, before: Opened) -> bool:
    """Whether an earlier invitation stays: the first counts here, and it still leads somewhere."""
    if owner.terms.bind != "first" or before.at + lifetime(owner) <= world.now:
        return False
    return owner_of(world, before.code) is not None


def lifetime(owner: CodeOwner) -> timedelta:
    """How long a link counts after it was opened."""
    return timedelta(days=owner.terms.link_days)


def carry(answer: Response, click: Click) -> None:
    """Note in the browser what counts, and that it has seen this page."""
    seen = click.before.seen if click.before else ()
    if click.owner.code_id not in seen:
        seen = (*seen, click.owner.code_id)
    kept = replace(click.counts, seen=seen)
    if kept != click.before:
        keep_opened(answer, kept, until=kept.at + lifetime(click.owner), now=click.now)


def invitation_page(click: Click) -> Response:
    """The page, for guests, for members who look, and for the one who invites."""
    code, counts = click.opened.code, click.counts
    answer = page(
        "public/invitation.html",
        frame=frame_for()._replace(install=None),
        it=click.words,
        code=code_shown(code),
        standing=standing(click.owner),
        other=counts.code != code,
        robot=is_robot(),
        hrefs=hrefs_of(Carried(counts.code, counts.channel)),
        preview={
            "page": public_href("public.invitation", code=code),
            "picture": public_place(asset(PREVIEW)), "width": WIDTH, "height": HEIGHT,
        },
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def standing(owner: CodeOwner) -> str:
    """Who looks: a guest, a member or one of the staff, or the one who invites."""
    found = visitor()
    if found is None:
        return "guest"
    return "own" if found.member_id == owner.member_id else "member"


def hrefs_of(carried: Carried) -> dict[str, str]:
    """Where the page leads: the code travels along, for browsers that keep no cookie."""
    found = visitor()
    return {
        "join": url_for("entrance.sign_in", i=carried.text),
        "sign_in": url_for("entrance.sign_in"),
        "home": landing_of(current_app, found.role) if found else "/",
    }
