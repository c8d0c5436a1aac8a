"""Friends: the link to share, what became of it, and a word of one's own in it."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import Response, abort, make_response, redirect, request, url_for

from gamification.commands.referrals import (
    choose_word,
    code_for,
    retire_word,
    rotate_code,
    terms_now,
)
from gamification.commands.reminders import remind_friend
from gamification.readmodels.friends import FriendsPage, Key, friends_of
from gamification.refusals import AlreadyTaken, InvalidSetting
from gamification.world import World
from webapp.access import allow
from webapp.accounts.throttles import Limit
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.doors import brake
from webapp.frame import shop_facts
from webapp.links import invitation_href, page_href, public_base
from webapp.log import LOG
from webapp.page import page
from webapp.surroundings import here
from webapp.tongue import gettext as _
from webapp.words.friends import CHANGED, WORD_FAULTS
from webapp.words.pieces import qr_svg, qr_version
from webapp.words.shares import ShareWords, share_words
from webapp.words.stop_words import is_banned
from webapp.world import open_world, run_world

KEY = re.compile(r"([0-9]{1,18})\.([0-9]{1,19})")
ID = re.compile(r"[0-9]{1,18}")
CODE_KEPT = 3600
LONGEST_TYPED = 60
CHANGES = Limit("invitation.changes", 20, timedelta(days=1))
"""A word that was given up is used up, so that nobody empties the dictionary."""
REMINDERS = Limit("invitation.reminders", 200, timedelta(days=1))


@blueprint.get("/friends")
@allow("customer")
def friends() -> Response:
    """The whole page; `before` in the address leafs through the friends."""
    if here().settings.as_of is not None:
        return past_page()
    told = CHANGED.get(request.args.get("changed", ""))
    return friends_page(before=wanted_before(), toast=_(told) if told else "")


@blueprint.post("/friends/link")
@allow("customer")
def draw_link() -> Response:
    """The first link; asked for again, it stays."""
    return change(code_for, "link")


@blueprint.post("/friends/link/new")
@allow("customer")
def renew_link() -> Response:
    """Another link; the drawn one before leads nowhere from now on."""
    return change(rotate_code, "renewed")


@blueprint.post("/friends/word")
@allow("customer", keeps=("word",))
def save_word() -> Response:
    """A word of one's own instead of a drawn code; a bad one is said beside the field."""
    typed = " ".join(request.form.get("word", "").split())[:LONGEST_TYPED]
    shop = shop_facts().name
    if is_banned(typed, shop):
        return friends_page(typed=typed, fault="banned", status=422)
    take = partial(choose_word, typed=typed, banned=())
    try:
        return change(take, "word")
    except InvalidSetting as refusal:
        return friends_page(typed=typed, fault=str(refusal.values["fault"]), status=422)
    except AlreadyTaken:
        return friends_page(typed=typed, fault="taken", status=409)


@blueprint.post("/friends/remind")
@allow("customer")
def remind() -> Response:
    """A word to a friend who has bought nothing yet, once a week."""
    typed = request.form.get("friend", "")
    if ID.fullmatch(typed) is None:
        abort(400)
    member_id = own_member_id()
    brake((REMINDERS, str(member_id)))
    told = run_world(partial(remind_friend, member_id=member_id, referral_id=int(typed)))
    if told is None:
        abort(404)
    LOG.info("friend_reminded", member=member_id, told=told)
    said = "reminded" if told else "waits"
    return redirect(url_for("cabinet.friends", changed=said), code=303)  # type: ignore[return-value]


@blueprint.post("/friends/word/drop")
@allow("customer")
def drop_word() -> Response:
    """Give up the word; nobody can take it afterwards, and links with it lead nowhere."""
    return change(drop_own_word, "dropped")


def drop_own_word(world: World, member_id: int) -> None:
    """A link is left behind, also for somebody who never had a drawn one."""
    retire_word(world, member_id)
    code_for(world, member_id)


def change(act: Callable[[World, int], object], said: str) -> Response:
    """Do it while invitations are on, then show the page that says so."""
    member_id = own_member_id()
    brake((CHANGES, str(member_id)))
    if not run_world(partial(do_while_on, act, member_id)):
        abort(404)
    LOG.info("invitation_changed", member=member_id, what=said)
    return redirect(url_for("cabinet.friends", changed=said), code=303)  # type: ignore[return-value]


def do_while_on(act: Callable[[World, int], object], member_id: int, world: World) -> bool:
    """Whether invitations are on; only then anything is done."""
    terms = terms_now(world)
    if terms is None or not terms.is_on:
        return False
    act(world, member_id)
    return True


@blueprint.get("/friends/qr")
@allow("customer")
def friends_qr() -> Response:
    """The code on the whole screen, for a friend who stands beside."""
    view = read_friends()
    words = words_of(view)
    if words is None:
        abort(404)
    return page(
        "cabinet/friends_qr.html",
        frame=place_in_frame("friends"),
        view=view,
        share=words,
        qr_href=qr_href(view),
        back_href=page_href("cabinet.friends"),
    )


@blueprint.get("/friends/code.svg")
@allow("customer")
def friends_code() -> Response:
    """The link as a QR code; a browser keeps it until the link is another one."""
    view = read_friends()
    if view.code is None or not view.terms.is_on:
        abort(404)
    answer = make_response(qr_svg(qr_text(view.code)))
    answer.mimetype = "image/svg+xml"
    answer.cache_control.private = True
    answer.cache_control.max_age = CODE_KEPT
    return answer


def past_page() -> Response:
    """What a past day was like is not kept of invitations, and the page says so."""
    with open_world(readonly=True) as world:
        if terms_now(world) is None:
            abort(404)
    return page(
        "cabinet/friends_past.html",
        frame=place_in_frame("friends"),
        home_href=page_href("cabinet.home"),
    )


def read_friends(before: Key | None = None) -> FriendsPage:
    """The member's own page; nothing where nobody may invite."""
    member_id = own_member_id()
    with open_world(readonly=True) as world:
        view = friends_of(world, member_id, before=before)
    if view is None:
        abort(404)
    return view


def friends_page(
    *,
    before: Key | None = None,
    typed: str = "",
    fault: str = "",
    status: int = 200,
    toast: str = "",
) -> Response:
    """The page with a word as it was typed, and what is wrong with it."""
    view = read_friends(before)
    more = None
    if view.before is not None:
        more = url_for("cabinet.friends", before=f"{view.before[0]}.{view.before[1]}")
    return page(
        "cabinet/friends.html",
        status=status,
        frame=place_in_frame("friends"),
        view=view,
        share=words_of(view),
        qr_href=qr_href(view),
        first=before is None,
        more_href=more,
        typed=typed,
        fault=_(WORD_FAULTS[fault]) if fault else "",
        toast=toast,
        hrefs={
            "friends": page_href("cabinet.friends"),
            "qr": page_href("cabinet.friends_qr"),
            "draw": page_href("cabinet.draw_link"),
            "renew": page_href("cabinet.renew_link"),
            "word": page_href("cabinet.save_word"),
            "drop": page_href("cabinet.drop_word"),
            "remind": page_href("cabinet.remind"),
            "appeal": appeal_href,
            "medal": url_for("cabinet.medal", code=view.ladder.code) if view.ladder else "",
            "home": page_href("cabinet.home"),
        },
    )


def appeal_href(referral_id: int) -> str:
    """Where an invitation can be objected to."""
    return url_for("cabinet.appeal", referral_id=referral_id)


def words_of(view: FriendsPage) -> ShareWords | None:
    """What to send; nothing before the first link, or while invitations rest."""
    if view.code is None or not view.terms.is_on:
        return None
    code = shown_code(view)
    return share_words(base_of_links(), code, view.terms, view.currency, shop_facts().name)


def shown_code(view: FriendsPage) -> str:
    """The code as it is shown: a word of one's own reads better small."""
    assert view.code is not None, "asked only where there is a code"
    return view.own.lower() if view.own else view.code


def qr_text(code: str) -> str:
    """What the QR code says."""
    return invitation_href(base_of_links(), code, "qr")


def base_of_links() -> str:
    """What stands before /r/CODE, also where the house is not at the root of its host."""
    return public_base() + request.script_root


def qr_href(view: FriendsPage) -> str:
    """Where the picture of the QR code is."""
    if view.code is None:
        return ""
    return url_for("cabinet.friends_code", v=qr_version(qr_text(view.code)))


def wanted_before() -> Key | None:
    """The key of the page of friends that the address asks for."""
    asked = request.args.get("before")
    if asked is None:
        return None
    found = KEY.fullmatch(asked)
    if found is None or int(found[2]) >= 2**63:
        abort(404)
    return int(found[1]), int(found[2])
