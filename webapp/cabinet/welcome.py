"""The first questions to somebody new, one a page; each can be passed over, none comes twice."""

from datetime import date
from functools import partial
from urllib.parse import quote

from flask import Response, redirect, request
from flask_babel import gettext as _

from gamification.commands.prompts import (
    answer_birthday,
    answer_favourite,
    answer_messages,
    pass_over,
)
from gamification.readmodels.referral_fund import came_by_invitation
from gamification.readmodels.welcome import Welcome, welcome_of
from gamification.refusals import BirthdayFixed, InvalidSetting, ParentNeeded
from webapp import consents
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.home import is_still
from webapp.cabinet.person import own_member_id
from webapp.frame import chosen_locale, frame_for, shop_facts
from webapp.links import page_href
from webapp.log import LOG
from webapp.page import page
from webapp.security import own_path
from webapp.words.invited import bound_text
from webapp.words.refusals import refusal_text
from webapp.world import open_world, run_world

EARLIEST = "1900-01-01"


@blueprint.get("/welcome")
@allow("customer")
def welcome() -> Response:
    """The question that is next; on to Home when nothing is left to ask."""
    view = read_welcome()
    return leave_welcome() if view.question is None or is_still() else ask(view)


@blueprint.post("/welcome")
@allow("customer", keeps=("answer", "parent"))
def answer_welcome() -> Response:
    """Keep one answer and go on; an answer to a question that is over changes nothing."""
    view, member_id = read_welcome(), own_member_id()
    if view.question is None or request.form.get("question") != view.question:
        return go_on()
    if "skip" in request.form:
        run_world(partial(pass_over, member_id=member_id, code=view.question))
        return go_on()
    try:
        keep_answer(view, member_id)
    except ParentNeeded as refusal:
        return ask(view, error=refusal_text(refusal), child=True, status=422)
    except (InvalidSetting, BirthdayFixed) as refusal:
        return ask(view, error=fault_text(view, refusal), status=422)
    LOG.info("welcome_answered", member=member_id, question=view.question)
    return go_on()


def keep_answer(view: Welcome, member_id: int) -> None:
    """Hand the typed answer to the programme; its refusals come through."""
    typed = request.form.get("answer", "").strip()[:120]
    if view.question == "birthday":
        parent = consents.parent_answers(request.form, chosen_locale())
        run_world(partial(answer_birthday, member_id=member_id, birthday=day_in(typed),
                          parent=parent))  # fmt: skip
    elif view.question == "favourite":
        run_world(partial(answer_favourite, member_id=member_id, category=typed))
    else:
        channel = None if typed == "inbox" else typed
        run_world(partial(answer_messages, member_id=member_id, channel=channel))


def day_in(typed: str) -> date:
    """A day as a date field sends it. Raises InvalidSetting."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InvalidSetting(setting="birthday", value=typed) from None


def fault_text(view: Welcome, refusal: InvalidSetting | BirthdayFixed) -> str:
    """What is wrong with the answer."""
    if isinstance(refusal, BirthdayFixed):
        return refusal_text(refusal)
    if view.question == "birthday":
        return str(_("Enter your birthday as a date in the past, or skip the question."))
    return str(_("Choose one of the answers, or skip the question."))


def read_welcome() -> Welcome:
    with open_world(readonly=True) as world:
        return welcome_of(world, own_member_id())


def ask(view: Welcome, *, error: str = "", child: bool = False, status: int = 200) -> Response:
    typed = request.form.get("answer", "")[:120]
    return page(
        "cabinet/welcome.html", status=status, frame=frame_for(), welcome=view, error=error,
        action=page_href("cabinet.answer_welcome"), next=next_path(), typed=typed,
        parent=consents.parent_question().text if child else "", earliest=EARLIEST,
        notice=invitation_text(), noticed="good" if invited() == "bound" else "info",
    )  # fmt: skip


def invitation_text() -> str:
    """What became of the invitation that somebody has just joined by; '' for everybody else."""
    if invited() != "bound":
        return bound_text(invited(), None, "")
    with open_world(readonly=True) as world:
        came = came_by_invitation(world, own_member_id())
    return bound_text("bound", came, shop_facts().currency)


def invited() -> str:
    """What the door has told of an invitation."""
    return request.args.get("invited", "")


def go_on() -> Response:
    """To the next question, or out."""
    if read_welcome().question is None:
        return leave_welcome()
    there = page_href("cabinet.welcome")
    wanted = next_path()
    return redirect(f"{there}?next={quote(wanted)}" if wanted else there, code=303)  # type: ignore[return-value]


def leave_welcome() -> Response:
    """By way of what there is to celebrate to where the new member was going, else Home."""
    there = page_href("cabinet.home")
    if wanted := next_path():
        there = f"{page_href('cabinet.celebrate')}?next={quote(wanted)}"
    return redirect(there, code=303)  # type: ignore[return-value]


def next_path() -> str:
    """Where to go afterwards, if it is a page of ours; else nothing."""
    return own_path(request.values.get("next")) or ""
