"""Somebody new joins: the contact is proved, now the name and the consents."""

from functools import partial

from flask import Response, request, session, url_for
from flask_babel import gettext as _

from gamification.commands.member import ConsentAnswer, join_member, person_of
from gamification.commands.referrals import Invitation, bind_friend
from gamification.world import World
from webapp import consents
from webapp.access import allow
from webapp.accounts.codes import use_proof
from webapp.accounts.refusals import DeadCode
from webapp.accounts.rules import masked_contact
from webapp.entrance.blueprint import blueprint
from webapp.entrance.by_code import proved
from webapp.entrance.invited import FIELD, code_field, guess_fault, told_invitation
from webapp.entrance.known import remember_browser
from webapp.entrance.steps import (
    admit,
    along,
    go,
    next_path,
    note_proof,
    refuse_in_the_past,
)
from webapp.frame import chosen_locale
from webapp.invitations.cookie import forget_opened
from webapp.log import LOG
from webapp.page import page
from webapp.signin import enter
from webapp.world import run_entrance

NAME_LENGTH = 80


@blueprint.get("/join")
@allow("anonymous")
def join() -> Response:
    """Ask how to call the new member, and what they agree to."""
    try:
        proved(session.get("ticket", ""))
    except DeadCode:
        return go(url_for("entrance.sign_in", **along()))
    return join_page()


@blueprint.post("/join")
@allow("anonymous")
def become_member() -> Response:
    """A new member, signed in at once, and then asked a few things."""
    refuse_in_the_past()
    ticket = session.get("ticket", "")
    try:
        contact = proved(ticket)
    except DeadCode:
        return go(url_for("entrance.sign_in", **along()))
    invitation = told_invitation()
    errors = join_errors(invitation)
    if errors:
        return join_page(errors=errors, status=422)
    given = consents.answers(request.form, chosen_locale())
    name, locale = request.form["name"].strip(), chosen_locale()
    joining = partial(
        add_and_admit, ticket=ticket, name=name, locale=locale, given=given, invitation=invitation
    )
    try:
        secret, became = run_entrance(joining)
    except DeadCode:  # the same form a moment ago has made the member
        return go(url_for("cabinet.welcome"))
    enter(secret)
    there = url_for("cabinet.welcome", next=next_path() or None, invited=became)
    answer = remember_browser(go(there), contact.value)
    forget_opened(answer)
    return answer


def join_errors(invitation: Invitation | None) -> dict[str, str]:
    """What is missing on the form, by field."""
    errors: dict[str, str] = {}
    name = request.form.get("name", "").strip()
    if not name or len(name) > NAME_LENGTH:
        errors["name"] = str(_("Tell us what to call you, in up to 80 letters."))
    for question in consents.questions():
        if question.required and request.form.get(f"consent-{question.purpose}") != "yes":
            errors[question.purpose] = str(_("Without this we cannot count points."))
    if not errors and (fault := guess_fault(invitation)):
        errors[FIELD] = fault
    return errors


def add_and_admit(
    world: World,
    ticket: str,
    name: str,
    locale: str,
    given: tuple[ConsentAnswer, ...],
    invitation: Invitation | None = None,
) -> tuple[str, str | None]:
    """Use the proof up, add the member, bind them to a friend and open the session, at once.

    Answers the secret for `enter`, and what became of the invitation: a bad one is no
    reason to stay outside.
    """
    contact = use_proof(world, ticket)
    member = join_member(
        world,
        name=name,
        phone=contact.value if contact.kind == "phone" else None,
        email=contact.value if contact.kind == "email" else None,
        locale=locale,
        consents=given,
    )
    assert member.id is not None, "a flushed row has its id"
    person = person_of(world, member.id)
    assert person is not None, "the member has just joined"
    LOG.info("joined", member=member.id)
    secret = admit(world, person)  # first: rules judge an invitation by what is known here
    became = None if invitation is None else bind_friend(world, member.id, invitation)
    if invitation is not None:
        LOG.info("invitation_told", member=member.id, how=invitation.how, became=became)
    note_proof(world, person, contact)
    return secret, became


def join_page(*, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    """The form, with what was typed; boxes keep what was ticked."""
    boxes = [
        {
            "name": f"consent-{question.purpose}",
            "text": question.text,
            "required": question.required,
            "ticked": request.form.get(f"consent-{question.purpose}") == "yes",
            "error": (errors or {}).get(question.purpose, ""),
        }
        for question in consents.questions()
    ]
    return page(
        "entrance/join.html", status=status, action=url_for("entrance.become_member"),
        contact=masked_contact(proved(session.get("ticket", "")).value), along=along(),
        name=request.form.get("name", "")[:NAME_LENGTH], error=(errors or {}).get("name", ""),
        boxes=boxes, hrefs={"back": url_for("entrance.sign_in", **along())},
        invited=code_field((errors or {}).get(FIELD, "")),
    )  # fmt: skip
