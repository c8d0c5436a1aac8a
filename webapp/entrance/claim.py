"""A member claims a history with the code on a slip from the shop."""

from flask import Response, request, url_for

from gamification.commands.member import person_of
from gamification.refusals import HistoryClaimed, Refusal
from gamification.world import World
from webapp.access import allow
from webapp.accounts.codes import activation_of
from webapp.accounts.refusals import DeadActivation, UnreadableContact
from webapp.accounts.rules import typed_activation
from webapp.accounts.throttles import ACTIVATION_ADDRESS, ACTIVATION_ALL
from webapp.doors import brake, by_address, read_contact
from webapp.entrance.blueprint import blueprint
from webapp.entrance.steps import go, refuse_in_the_past, send_code
from webapp.page import page
from webapp.refused import status_of
from webapp.surroundings import here
from webapp.words.refusals import refusal_text
from webapp.world import open_entrance


@blueprint.get("/claim")
@allow("anonymous")
def claim() -> Response:
    """Ask for the code of the slip, and for a contact to sign in with from now on."""
    return claim_page()


@blueprint.post("/claim")
@allow("anonymous")
def take_slip() -> Response:
    """Check the slip and send a code to the contact: both have to be this person's."""
    refuse_in_the_past()
    brake((ACTIVATION_ADDRESS, by_address()), (ACTIVATION_ALL, ""))
    try:
        contact = read_contact(request.form.get("contact", ""))
        with open_entrance(readonly=True) as world:
            typed = typed_activation(request.form.get("code", ""))
            slip = activation_of(world, typed, key=here().secret)
            refuse_claimed(world, slip.member_id)
    except UnreadableContact as refusal:
        return claim_page(field="contact", refusal=refusal)
    except DeadActivation as refusal:
        return claim_page(field="code", refusal=refusal)
    except HistoryClaimed as refusal:
        return claim_page(error=refusal_text(refusal), status=status_of(refusal))
    send_code(contact, activation_id=slip.id)
    return go(url_for("entrance.code"))


def refuse_claimed(world: World, member_id: int) -> None:
    """A slip is for a history that nobody has claimed yet, not for changing its contact.

    Raises:
        HistoryClaimed: its owner signs in already.
    """
    person = person_of(world, member_id)
    if person is not None and person.claimed_at is not None:
        raise HistoryClaimed(member_id=member_id)


def claim_page(
    *, field: str = "", refusal: Refusal | None = None, error: str = "", status: int = 200
) -> Response:
    """The form, with what was typed and what was wrong with it."""
    errors = {"code": "", "contact": ""}
    if refusal is not None:
        errors[field] = refusal_text(refusal)
    values = {name: request.form.get(name, "")[:254] for name in errors}
    if request.endpoint != "entrance.take_slip":
        values = dict.fromkeys(errors, "")
    return page(
        "entrance/claim.html",
        status=422 if refusal else status,
        action=url_for("entrance.take_slip"),
        values=values,
        errors=errors,
        error=error,
        hrefs={"back": url_for("entrance.sign_in")},
    )
