"""The page behind a friend's link: who invites, what both get, and one button."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Response, current_app, redirect, request, url_for

from gamification.commands.referrals import CodeOwner, normal_code, owner_of
from gamification.readmodels.inviter import Inviter, inviter_of
from gamification.world import World
from webapp.access import allow, landing_of
from webapp.accounts.queries import Visitor
from webapp.assets import asset
from webapp.drawn import drawn_page
from webapp.frame import chosen_locale, chosen_theme, frame_for, shop_facts
from webapp.invitations.adverts import is_paid
from webapp.invitations.codes import LINK, Carried, channel_in, look_up, owner_or_brake
from webapp.invitations.cookie import Opened, keep_opened, read_opened
from webapp.invitations.robots import is_robot
from webapp.invitations.visits import visits_of
from webapp.links import public_base, public_href, public_place
from webapp.page import page
from webapp.public.blueprint import blueprint
from webapp.signin import visitor
from webapp.surroundings import here
from webapp.words.invited import InviteWords, code_shown, invite_words
from webapp.world import open_entrance

PREVIEW, WIDTH, HEIGHT = "invitation.png", 1200, 630


@dataclass(frozen=True, slots=True)
class Click:
    """A link that was opened: whose, by whom, and what counts in this browser.

    `robot` is True when nobody looks.
    """

    owner: CodeOwner
    inviter: Inviter
    opened: Opened
    before: Opened | None
    counts: Opened
    now: datetime
    robot: bool


@blueprint.get("/r/<code>")
@allow("anonymous")
def invitation(code: str) -> Response:
    """A live code's page; any other leads to the plain door, whatever is wrong with it."""
    with open_entrance(readonly=True) as world:
        found = look_up(world, code)
        click = None
        if found.owner is not None and shop_facts().live:
            click = read_click(world, found.owner, normal_code(code))
    if click is None:
        owner_or_brake(found)
        return redirect(url_for("entrance.sign_in", ended=1), code=303)  # type: ignore[return-value]
    answer = answer_to(click, visitor())
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def answer_to(click: Click, who: Visitor | None) -> Response:
    """The page; a stranger is counted, and their browser carries the invitation on."""
    if who is not None:
        return invitation_page(click, who)
    answer = drawn_page(everything_said(click), lambda: invitation_page(click, None))
    if not click.robot and here().settings.as_of is None:
        count(click)
        carry(answer, click)
    return answer


def read_click(world: World, owner: CodeOwner, code: str) -> Click:
    """What the page needs, in one transaction that only reads."""
    before = read_opened()
    opened = Opened(code, channel_in(request.args.get("c", "")), world.now, paid=is_paid())
    stays = before is not None and is_first(world, owner, before)
    return Click(
        owner=owner,
        inviter=inviter_of(world, owner.member_id),
        opened=opened,
        before=before,
        counts=before if before and stays else opened,
        now=world.now,
        robot=is_robot(),
    )


def is_first(world: World, owner: CodeOwner, before: Opened) -> bool:
    """Whether an earlier invitation stays: the first counts here, and it still leads somewhere."""
    if owner.terms.bind != "first" or before.at + lifetime(owner) <= world.now:
        return False
    return owner_of(world, before.code) is not None


def lifetime(owner: CodeOwner) -> timedelta:
    """How long a link counts after it was opened."""
    return timedelta(days=owner.terms.link_days)


def count(click: Click) -> None:
    """A person more has opened this link, unless this browser was here before."""
    code_id = click.owner.code_id
    if click.before is None or code_id not in click.before.seen:
        visits_of(current_app).add(code_id, click.inviter.today, click.opened.channel)


def carry(answer: Response, click: Click) -> None:
    """Note in the browser what counts, and that it has seen this page."""
    seen = click.before.seen if click.before else ()
    if click.owner.code_id not in seen:
        seen = (*seen, click.owner.code_id)
    kept = replace(click.counts, seen=seen)
    if kept != click.before:
        keep_opened(answer, kept, until=kept.at + lifetime(click.owner), now=click.now)


def everything_said(click: Click) -> tuple[object, ...]:
    """What a stranger's page is made of: where all of it is the same, so is the page."""
    return (
        click.opened.code, click.opened.channel, click.counts.code, click.counts.channel,
        click.robot, click.owner.terms, click.inviter.name, click.inviter.point_worth,
        shop_facts(), chosen_locale(), chosen_theme(None), public_base(), request.script_root,
    )  # fmt: skip


def invitation_page(click: Click, who: Visitor | None) -> Response:
    """The page, for guests, for members who look, and for the one who invites."""
    code, counts = click.opened.code, click.counts
    return page(
        "public/invitation.html",
        frame=frame_for()._replace(install=None, here=own_href(click.opened)),
        it=words_of(click),
        code=code_shown(code),
        standing=standing(click.owner, who),
        other=counts.code != code,
        robot=click.robot,
        hrefs=hrefs_of(Carried(counts.code, counts.channel), who),
        preview={
            "page": public_href("public.invitation", code=code),
            "picture": public_place(asset(PREVIEW)), "width": WIDTH, "height": HEIGHT,
        },
    )  # fmt: skip


def own_href(opened: Opened) -> str:
    """Where a choice of language leads back to: this page, without what others hung on it."""
    channel = None if opened.channel == LINK else opened.channel
    return url_for("public.invitation", code=opened.code, c=channel)


def words_of(click: Click) -> InviteWords:
    """The sentences of the page."""
    shop, inviter = shop_facts(), click.inviter
    return invite_words(
        click.owner.terms, inviter.name, shop=shop.name, currency=shop.currency,
        worth_minor=inviter.point_worth,
    )  # fmt: skip


def standing(owner: CodeOwner, who: Visitor | None) -> str:
    """Who looks: a guest, a member or one of the staff, or the one who invites."""
    if who is None:
        return "guest"
    return "own" if who.member_id == owner.member_id else "member"


def hrefs_of(carried: Carried, who: Visitor | None) -> dict[str, str]:
    """Where the page leads: the code travels along, for browsers that keep no cookie."""
    return {
        "join": url_for("entrance.sign_in", i=carried.text),
        "sign_in": url_for("entrance.sign_in"),
        "home": landing_of(current_app, who.role) if who else "/",
    }
