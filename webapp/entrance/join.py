"""Somebody new joins: the contact is proved, now the name and the consents."""

from functools import partial

from flask import Response, request, session, url_for
from flask_babel import gettext as _

from gamification.commands.member import ConsentAnswer, join_member, person_of
from gamification.world import World
from webapp import consents
from webapp.access import allow
from webapp.accounts.codes import use_proof
from webapp.accounts.refusals import DeadCode
from webapp.accounts.rules import masked_contact
from webapp.entrance.blueprint import blueprint
from webapp.entrance.by_code import proved
from webapp.entrance.known import remember_browser
from webapp.entrance.steps import (
    admit,
    go,
    next_path,
    note_proof,
    refuse_in_the_past,
)
from webapp.frame import chosen_locale
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
        return go(url_for("entrance.sign_in"))
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
        return go(url_for("entrance.sign_in"))
    errors = join_errors()
    if errors:
        return join_page(errors=errors, status=422)
    given = consents.answers(request.form, chosen_locale())
    name, locale = request.form["name"].strip(), chosen_locale()
    secret = run_entrance(
        partial(add_and_admit, ticket=ticket, name=name, locale=locale, given=given)
    )
    enter(secret)
    there = url_for("cabinet.welcome", next=next_path() or None)
    return remember_browser(go(there), contact.value)


def join_errors() -> dict[str, str]:
    """What is missing on the form, by field."""
    errors: dict[str, str] = {}
    name = request.form.get("name", "").strip()
    if not name or len(name) > NAME_LENGTH:
        errors["name"] = str(_("Write how the shop may call you, up to 80 letters."))
    for question in consents.questions():
        if question.required and request.form.get(f"consent-{question.purpose}") != "yes":
            errors[question.purpose] = str(_("Without this we cannot count points."))
    return errors


def add_and_admit(
    world: World, ticket: str, name: str, locale: str, given: tuple[ConsentAnswer, ...]
) -> str:
    """Use the proof up, add the member and open the session, in one transaction."""
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
    secret = admit(world, person)
    note_proof(world, person, contact)
    return secret


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
        contact=masked_contact(proved(session.get("ticket", "")).value), next=next_path(),
        name=request.form.get("name", "")[:NAME_LENGTH], error=(errors or {}).get("name", ""),
        boxes=boxes, hrefs={"back": url_for("entrance.sign_in")},
    )  # fmt: skip
