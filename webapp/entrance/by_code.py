"""A customer signs in: a contact, then the code that was sent there.

What happens up to the typed code is the same for known and unknown contacts.
"""

from functools import partial

from flask import Response, request, session, url_for
from flask_babel import gettext as _

from gamification.commands.member import (
    Person,
    change_locale,
    claim_at_contact,
    person_of,
    reachable_member,
)
from gamification.refusals import AlreadyTaken, HistoryClaimed, Refusal
from gamification.world import World
from webapp.access import allow
from webapp.accounts.codes import (
    Contact,
    Proof,
    asked_at,
    proved_contact,
    tell_before,
    try_code,
    use_activation,
    use_proof,
)
from webapp.accounts.refusals import DeadCode, UnreadableContact, WrongCode
from webapp.accounts.rules import CODE_PAUSE, masked_contact, typed_code
from webapp.accounts.throttles import TRY_ADDRESS
from webapp.choice import remember_choice
from webapp.doors import brake, by_address, read_contact
from webapp.entrance.blueprint import blueprint
from webapp.entrance.invited import invitation_note
from webapp.entrance.steps import (
    admit,
    along,
    already_in,
    go,
    let_in,
    note_proof,
    refuse_in_the_past,
    send_code,
)
from webapp.frame import chosen_locale
from webapp.log import LOG
from webapp.page import page
from webapp.surroundings import here
from webapp.words.refusals import refusal_text
from webapp.world import open_entrance, run_entrance


@blueprint.get("/sign-in")
@allow("anonymous")
def sign_in() -> Response:
    """Ask for a phone or an e-mail."""
    remember_choice()
    again = _("For safety, sign in once more before you change this.")
    return already_in() or first_page(error=str(again) if request.args.get("again") else "")


@blueprint.post("/sign-in")
@allow("anonymous")
def send() -> Response:
    """Queue a code, for whoever this is."""
    typed = request.form.get("contact", "")
    try:
        contact = read_contact(typed)
    except UnreadableContact as refusal:
        return first_page(value=typed, error=refusal_text(refusal), status=422)
    send_code(contact)
    return go(url_for("entrance.code", **along()))


def first_page(*, value: str = "", error: str = "", status: int = 200) -> Response:
    hrefs = {
        "password": url_for("entrance.password", **along()),
        "claim": url_for("entrance.claim"),
        "staff": url_for("entrance.staff"),
    }
    return page(
        "entrance/sign_in.html", status=status, action=url_for("entrance.send"), value=value[:254],
        error=error, along=along(), hrefs=hrefs, note=invitation_note(),
    )  # fmt: skip


@blueprint.get("/sign-in/code")
@allow("anonymous")
def code() -> Response:
    """Ask for the code."""
    return code_page()


@blueprint.post("/sign-in/code")
@allow("anonymous")
def check() -> Response:
    """Compare the code; a right one opens the door that it was asked for."""
    ticket = session.get("ticket", "")
    contact = waiting_contact(ticket)
    if contact is None:
        return go(url_for("entrance.sign_in"))
    # By address alone: whoever guesses must not lock the contact's owner out. Five tries a code
    # and the limits on codes already bound guessing at one contact (decision 0030).
    brake((TRY_ADDRESS, by_address()))
    typed, key = typed_code(request.form.get("code", "")), here().secret
    try:
        proof = run_entrance(lambda world: try_code(world, ticket, typed, key=key))
        if not proof.right:
            LOG.warning("wrong_code", contact=contact.value, left=proof.left)
            raise WrongCode(left=proof.left) if proof.left else DeadCode()
    except (WrongCode, DeadCode) as refusal:
        return code_page(error=refusal_text(refusal), status=422)
    return open_door(ticket, proof)


def open_door(ticket: str, proof: Proof) -> Response:
    """The contact is proved: claim by a slip, sign in, or join."""
    if proof.activation_id is not None:
        return claim_by_slip(ticket, proof.contact, proof.activation_id)
    with open_entrance(readonly=True) as world:
        person = reachable_member(world, kind=proof.contact.kind, contact=proof.contact.value)
    if person is None:
        refuse_in_the_past()
        return go(url_for("entrance.join", **along()))
    secret = run_entrance(partial(sign_in_member, ticket=ticket, person=person))
    return let_in(secret, name=proof.contact.value, year_waits=person.year_waits)


def sign_in_member(world: World, ticket: str, person: Person) -> str:
    """Use the proof up and open the session, in one transaction."""
    contact = use_proof(world, ticket)
    secret = admit(world, person)
    note_proof(world, person, contact)
    return secret


def claim_by_slip(ticket: str, contact: Contact, activation_id: int) -> Response:
    """The slip says whose history it is, the code that the contact is this person's."""
    refuse_in_the_past()
    try:
        secret, person = run_entrance(
            partial(claim_with_contact, ticket=ticket, activation_id=activation_id)
        )
    except (AlreadyTaken, HistoryClaimed) as refusal:
        return failed_claim(refusal)
    return let_in(secret, name=contact.value, year_waits=person.year_waits)


def claim_with_contact(world: World, ticket: str, activation_id: int) -> tuple[str, Person]:
    """The member's history is claimed, and the proved contact is theirs from now on."""
    contact = use_proof(world, ticket)
    member_id = use_activation(world, activation_id)
    before = claim_at_contact(world, member_id, kind=contact.kind, contact=contact.value)
    if before is not None:
        tell_before(world, Contact(contact.kind, before), contact, activation_id)
    change_locale(world, member_id, chosen_locale())  # a file knows nobody's language
    person = person_of(world, member_id)
    assert person is not None, "the member was just claimed"
    LOG.info("claimed_by_slip", member=member_id, activation=activation_id)
    secret = admit(world, person)
    note_proof(world, person, contact)
    return secret, person


def failed_claim(refusal: Refusal) -> Response:
    """What stands in the way, above the form: a slip for another contact can be tried again."""
    from webapp.entrance.claim import claim_page

    return claim_page(error=refusal_text(refusal), status=409)


@blueprint.post("/sign-in/again")
@allow("anonymous")
def again() -> Response:
    """Send a new code to the contact that this browser gave, not sooner than after a minute."""
    with open_entrance(readonly=True) as world:
        asked = asked_at(world, session.get("ticket", ""))
        now = world.now
    if asked is None:
        return go(url_for("entrance.sign_in"))
    contact, since, activation_id = asked
    if now - since >= CODE_PAUSE:
        send_code(contact, activation_id=activation_id)
    return go(url_for("entrance.code", **along()))


def code_page(*, error: str = "", status: int = 200) -> Response:
    """The page for the code, or the first one when this browser asked for none."""
    with open_entrance(readonly=True) as world:
        asked = asked_at(world, session.get("ticket", ""))
        now = world.now
    if asked is None:
        return go(url_for("entrance.sign_in"))
    contact, since, activation_id = asked
    other = "entrance.sign_in" if activation_id is None else "entrance.claim"
    carried = along() if activation_id is None else {}
    return page(
        "entrance/code.html", status=status, action=url_for("entrance.check"),
        contact=masked_contact(contact.value), value="", error=error, along=along(),
        hrefs={"again": url_for("entrance.again"), "other": url_for(other, **carried)},
        wait=max(0, int((since + CODE_PAUSE - now).total_seconds())),
    )  # fmt: skip


def waiting_contact(ticket: str) -> Contact | None:
    """Where the code of this browser went."""
    with open_entrance(readonly=True) as world:
        asked = asked_at(world, ticket)
    return asked[0] if asked else None


def proved(ticket: str) -> Contact:
    """The contact that this browser proved. Raises DeadCode."""
    with open_entrance(readonly=True) as world:
        return proved_contact(world, ticket)
