"""A word about an invitation that was stopped: said once, and what became of it."""

from datetime import timedelta
from functools import partial

from flask import Response, abort, redirect, request, url_for

from gamification.commands.appeals import LONGEST_TEXT, appeal
from gamification.readmodels.friends import friend_of
from webapp.access import allow
from webapp.accounts.throttles import Limit
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.doors import brake
from webapp.links import page_href
from webapp.log import LOG
from webapp.page import page
from webapp.tongue import gettext as _
from webapp.words.formats import number
from webapp.world import open_world, run_world

APPEALS = Limit("invitation.appeals", 40, timedelta(days=1))
PLACE = "/friends/<int(max=9223372036854775807):referral_id>/appeal"
SAID = {"sent": "appealed", "again": "appealed", "late": "appeal_late"}


@blueprint.get(PLACE, endpoint="appeal")
@allow("customer")
def appeal_form(referral_id: int) -> Response:
    """The invitation, and a field for a word about it; or what became of the word."""
    return appeal_page(referral_id)


@blueprint.post(PLACE)
@allow("customer", keeps=("text",))
def send_appeal(referral_id: int) -> Response:
    """Say it; pressed twice it is said once."""
    typed = plain_text(request.form.get("text", ""))
    if len(typed) > LONGEST_TEXT:
        return appeal_page(referral_id, typed=typed, status=422)
    member_id = own_member_id()
    brake((APPEALS, str(member_id)))
    say = partial(appeal, member_id=member_id, referral_id=referral_id, text=typed)
    answer = run_world(say)
    if answer == "unknown":
        abort(404)
    LOG.info("invitation_appealed", member=member_id, came_to=answer)
    where = url_for("cabinet.friends", changed=SAID[answer])
    return redirect(where, code=303)  # type: ignore[return-value]


def plain_text(typed: str) -> str:
    """What was typed, without signs that are neither letters nor ends of lines."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign == "\n" or sign.isprintable()).strip()


def appeal_page(referral_id: int, *, typed: str = "", status: int = 200) -> Response:
    """The page, with a text that was too long as it was typed."""
    member_id = own_member_id()
    with open_world(readonly=True) as world:
        case = friend_of(world, member_id, referral_id)
    if case is None:
        abort(404)
    fault = (
        _("Up to %(most)s characters, please.", most=number(LONGEST_TEXT)) if status != 200 else ""
    )
    return page(
        "cabinet/friends_appeal.html",
        status=status,
        frame=place_in_frame("friends"),
        case=case,
        typed=typed,
        fault=fault,
        most=LONGEST_TEXT,
        hrefs={
            "send": url_for("cabinet.send_appeal", referral_id=referral_id),
            "back": page_href("cabinet.friends"),
        },
    )
