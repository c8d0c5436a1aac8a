"""Challenges: what runs, what comes, what is over; one of them whole, and what is said to it."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, abort, flash, get_flashed_messages, redirect, request, url_for

from gamification.commands.challenge_members import (
    choose_reminder,
    join_challenge,
    leave_challenge,
    look_at_challenges,
)
from gamification.readmodels.challenges import (
    ChallengePage,
    ChallengesPage,
    challenge_of,
    challenges_of,
)
from gamification.refusals import ChallengeClosed, PrizesGone
from gamification.world import World
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.home import is_still
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.links import page_href
from webapp.page import page
from webapp.words.challenge_pages import said_text
from webapp.words.refusals import refusal_text
from webapp.world import open_world, run_world

TABS = ("now", "coming", "over")
CODE = re.compile(r"[a-z0-9_.-]{1,60}")
SAID, REFUSED = "challenge", "challenge_refused"


@blueprint.get("/challenges")
@allow("customer")
def challenges() -> Response:
    """The member's challenges under one of three tabs; `chosen` stands in the address."""
    chosen = request.args.get("chosen", "now")
    if chosen not in TABS:
        abort(404)
    view = read_all()
    shown = {"now": view.current, "coming": view.coming, "over": view.over}
    return page(
        "cabinet/challenges.html",
        frame=place_in_frame("challenges"),
        view=view,
        chosen=chosen,
        shown=shown[chosen],
        counts={key: len(found) for key, found in shown.items()},
        tabs={key: tab_href(key) for key in TABS},
        acts=not is_still(),
        hrefs=addresses(),
        **told(),
    )


@blueprint.get("/challenges/<code>")
@allow("customer")
def challenge(code: str) -> Response:
    """One challenge of the member; `of` names an earlier period of it."""
    view = read_one(code)
    return page(
        "cabinet/challenge.html",
        frame=place_in_frame("challenges"),
        view=view,
        acts=not is_still(),
        hrefs=addresses(),
        **told(),
    )


@blueprint.post("/challenges/<code>/join")
@allow("customer")
def join(code: str) -> Response:
    """Take part; a second press changes nothing."""
    return change(code, "joined", join_challenge)


@blueprint.post("/challenges/<code>/leave")
@allow("customer")
def leave(code: str) -> Response:
    """Take part no more; it costs nothing."""
    return change(code, "left", leave_challenge)


@blueprint.post("/challenges/<code>/remind")
@allow("customer")
def remind_of(code: str) -> Response:
    """Be told before it begins or ends, or not."""
    wanted = request.form.get("wanted")
    if wanted not in ("yes", "no"):
        abort(400)
    choose = partial(choose_reminder, wanted=wanted == "yes")
    return change(code, "reminds" if wanted == "yes" else "silent", choose)


def change(code: str, said: str, act: Callable[[World, int, str], object]) -> Response:
    """Do it and show the challenge, which says what was done or why it cannot be."""
    known(code)
    member_id = own_member_id()
    try:
        run_world(lambda world: act(world, member_id, code))
        flash(said, SAID)
    except (ChallengeClosed, PrizesGone) as refusal:
        flash(refusal_text(refusal), REFUSED)
    return redirect(url_for("cabinet.challenge", code=code), code=303)  # type: ignore[return-value]


def known(code: str) -> str:
    """A code as challenges have them; anything else is no page of ours."""
    if CODE.fullmatch(code) is None:
        abort(404)
    return code


def told() -> dict[str, Any]:
    """What the last act did, as a toast, or why it could not be done."""
    done = [str(said) for said in get_flashed_messages(category_filter=[SAID])]
    refused = [str(why) for why in get_flashed_messages(category_filter=[REFUSED])]
    return {"toast": said_text(done[0]) if done else "", "fault": refused[0] if refused else ""}


def read_all() -> ChallengesPage:
    """The member's challenges; a first look asks which are meant for them."""
    member_id = own_member_id()
    with open_world(readonly=True) as world:
        view = challenges_of(world, member_id)
    if not view.asks or is_still():
        return view
    run_world(partial(look_at_challenges, member_id=member_id))
    with open_world(readonly=True) as world:
        return challenges_of(world, member_id)


def read_one(code: str) -> ChallengePage:
    """One challenge of the member; nothing where it is not for them."""
    member_id, period = own_member_id(), request.args.get("of", "")[:16]
    known(code)
    with open_world(readonly=True) as world:
        view = challenge_of(world, member_id, code, period)
    if view is None and not is_still():
        run_world(partial(look_at_challenges, member_id=member_id))
        with open_world(readonly=True) as world:
            view = challenge_of(world, member_id, code, period)
    if view is None:
        abort(404)
    return view


def tab_href(key: str) -> str:
    """The address of a tab."""
    return page_href("cabinet.challenges", **({} if key == "now" else {"chosen": key}))


def addresses() -> dict[str, str]:
    """Where the parts of these pages lead."""
    return {
        "challenges": page_href("cabinet.challenges"),
        "coming": tab_href("coming"),
        "history": page_href("cabinet.history"),
        "card": page_href("cabinet.card"),
        "home": page_href("cabinet.home"),
        "medals": page_href("cabinet.medals"),
    }
