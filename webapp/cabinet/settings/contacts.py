"""Phone and e-mail: added, replaced and proved by a code, removed while the other stays."""

from functools import partial
from typing import Any

from flask import Response, abort, request, session, url_for
from flask_babel import gettext as _

from gamification.commands.contacts import remove_contact, set_contact, tell_of_change
from gamification.refusals import AlreadyTaken, LastContact
from gamification.world import World
from webapp.access import allow
from webapp.accounts.actions import forget_contact
from webapp.accounts.codes import Contact, Proof, ask_code, asked_at, try_code, use_proof
from webapp.accounts.refusals import DeadCode, UnreadableContact, WrongCode
from webapp.accounts.rules import CODE_PAUSE, masked_contact, typed_code
from webapp.accounts.throttles import (
    CODE_ADDRESS,
    CODE_ALL,
    CODE_CONTACT,
    CODE_PAIR,
    CODE_PAIR_DAY,
    TRY_ADDRESS,
)
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.cabinet.settings.pages import ask_again, go_to, read_choices, section_page
from webapp.doors import brake, by_address, hashed_name, read_contact
from webapp.frame import chosen_locale
from webapp.log import LOG
from webapp.signin import signed_in
from webapp.surroundings import here
from webapp.words.refusals import refusal_text
from webapp.world import ReadOnlyNow, open_entrance, run_entrance

KINDS = ("phone", "email")
OTHER = {"phone": "email", "email": "phone"}
TICKET = "contact_ticket"


@blueprint.get("/settings/contacts")
@allow("customer")
def contacts() -> Response:
    """By what one signs in, and is reached."""
    told = {
        "phone": _("The phone is confirmed."), "email": _("The e-mail is confirmed."),
        "removed": _("It is removed. The other one stays."),
    }  # fmt: skip
    return contacts_page(toast=told.get(request.args.get("changed", ""), ""))


def contacts_page(**told: Any) -> Response:
    mine = read_choices()
    titles = {"phone": _("Phone"), "email": _("E-mail")}
    rows = []
    for kind, icon in (("phone", "phone"), ("email", "mail")):
        found, other = mine.contact(kind), mine.contact(OTHER[kind])
        confirm = found is not None and not found.confirmed
        rows.append({
            "kind": kind, "icon": icon, "title": titles[kind],
            "contact": masked_contact(found.value) if found else "",
            "confirmed": found is not None and found.confirmed,
            "change": url_for("cabinet.contact", kind=kind),
            "confirm": url_for("cabinet.confirm_own", kind=kind) if confirm else None,
            "remove": url_for("cabinet.ask_remove", kind=kind) if found and other else None,
        })  # fmt: skip
    return section_page("contacts", rows=rows, **told)


@blueprint.get("/settings/contacts/<kind>")
@allow("customer")
def contact(kind: str) -> Response:
    """Ask for the new phone or e-mail, of somebody who signed in a moment ago."""
    known_kind(kind)
    return ask_again("cabinet.contact", kind=kind) or contact_page(kind)


@blueprint.post("/settings/contacts/<kind>")
@allow("customer", keeps=("contact",))
def send_contact_code(kind: str) -> Response:
    """Send a code there: only who reads it may name it."""
    known_kind(kind)
    if (answer := ask_again("cabinet.contact", kind=kind)) is not None:
        return answer
    typed = request.form.get("contact", "")[:254]
    try:
        found = read_contact(typed)
        if found.kind != kind:
            raise UnreadableContact()
    except UnreadableContact:
        wrong = {
            "phone": _("Enter a phone number with its country code."),
            "email": _("Enter an e-mail address."),
        }
        return contact_page(kind, value=typed, error=str(wrong[kind]), status=422)
    send_code(found)
    return go_to("cabinet.contact_code")


@blueprint.post("/settings/contacts/<kind>/confirm")
@allow("customer")
def confirm_own(kind: str) -> Response:
    """Send a code to the contact on file, which was never proved."""
    known_kind(kind)
    found = read_choices().contact(kind)
    if found is None:
        abort(404)
    send_code(Contact(kind, found.value))
    return go_to("cabinet.contact_code")


def send_code(found: Contact) -> None:
    """Queue a code, tied to this browser. Raises TooManyTries, ReadOnlyNow."""
    refuse_in_the_past()
    pair = hashed_name(found.value, f"account:{signed_in().account_id}")
    brake(
        (CODE_PAIR, pair), (CODE_PAIR_DAY, pair), (CODE_CONTACT, hashed_name(found.value)),
        (CODE_ADDRESS, by_address()), (CODE_ALL, ""),
    )  # fmt: skip
    locale, key = chosen_locale(), here().secret
    session[TICKET] = run_entrance(lambda world: ask_code(world, found, key=key, locale=locale))


def refuse_in_the_past() -> None:
    """Raises ReadOnlyNow where the pages show a day in the past."""
    if (day := here().settings.as_of) is not None:
        raise ReadOnlyNow(on=day)


@blueprint.get("/settings/contacts/code")
@allow("customer")
def contact_code() -> Response:
    """Ask for the code."""
    return code_page()


@blueprint.post("/settings/contacts/code")
@allow("customer")
def check_contact_code() -> Response:
    """A right code makes the contact the member's own."""
    refuse_in_the_past()
    ticket = session.get(TICKET, "")
    brake((TRY_ADDRESS, by_address()))
    typed, key = typed_code(request.form.get("code", "")), here().secret
    try:
        proof = run_entrance(lambda world: try_code(world, ticket, typed, key=key))
        if not proof.right:
            raise WrongCode(left=proof.left) if proof.left else DeadCode()
        take_contact(ticket, proof)
    except (WrongCode, DeadCode, AlreadyTaken) as refusal:
        return code_page(error=refusal_text(refusal), status=422)
    session.pop(TICKET, None)
    return go_to("cabinet.contacts", changed=proof.contact.kind)


def take_contact(ticket: str, proof: Proof) -> None:
    """Use the proof up, change the contact and tell the one before, in one transaction."""
    run_entrance(partial(set_proved, ticket=ticket, member_id=own_member_id()))
    LOG.info("contact_set", member=own_member_id(), kind=proof.contact.kind)


def set_proved(world: World, ticket: str, member_id: int) -> None:
    """The proved contact is the member's; the outbox and the codes forget the one before."""
    found = use_proof(world, ticket)
    before = set_contact(world, member_id, kind=found.kind, contact=found.value)
    if before is not None:
        forget_contact(world, before)
        tell_of_change(
            world, member_id, kind=found.kind, before=before,
            now_at=masked_contact(found.value), locale=chosen_locale(),
        )  # fmt: skip


@blueprint.post("/settings/contacts/code/again")
@allow("customer")
def send_again() -> Response:
    """A new code to the same contact, not sooner than after a minute."""
    with open_entrance(readonly=True) as world:
        asked, now = asked_at(world, session.get(TICKET, "")), world.now
    if asked is None:
        return go_to("cabinet.contacts")
    if now - asked[1] >= CODE_PAUSE:
        send_code(asked[0])
    return go_to("cabinet.contact_code")


def code_page(*, error: str = "", status: int = 200) -> Response:
    with open_entrance(readonly=True) as world:
        asked, now = asked_at(world, session.get(TICKET, "")), world.now
    if asked is None:
        return go_to("cabinet.contacts")
    return section_page(
        "contact_code", status=status, action=url_for("cabinet.check_contact_code"), error=error,
        contact=masked_contact(asked[0].value),
        wait=max(0, int((asked[1] + CODE_PAUSE - now).total_seconds())),
        hrefs={"again": url_for("cabinet.send_again"), "back": url_for("cabinet.contacts")},
    )  # fmt: skip


@blueprint.get("/settings/contacts/<kind>/remove")
@allow("customer")
def ask_remove(kind: str) -> Response:
    """One more question, with what it is about."""
    known_kind(kind)
    if (answer := ask_again("cabinet.ask_remove", kind=kind)) is not None:
        return answer
    mine = read_choices()
    found, other = mine.contact(kind), mine.contact(OTHER[kind])
    if found is None:
        return go_to("cabinet.contacts")
    stays = masked_contact(other.value) if other else ""
    return section_page(
        "sure", title=_("Remove %(contact)s?", contact=masked_contact(found.value)),
        lead=_("You will sign in with %(contact)s.", contact=stays) if stays
        else refusal_text(LastContact()),
        action=url_for("cabinet.drop", kind=kind), button=_("Remove"),
        hrefs={"back": url_for("cabinet.contacts")},
    )  # fmt: skip


@blueprint.post("/settings/contacts/<kind>/remove")
@allow("customer")
def drop(kind: str) -> Response:
    """Forget it, and tell it so. The last one stays."""
    known_kind(kind)
    if (answer := ask_again("cabinet.ask_remove", kind=kind)) is not None:
        return answer
    refuse_in_the_past()
    run_entrance(partial(drop_contact, member_id=own_member_id(), kind=kind))
    LOG.info("contact_removed", member=own_member_id(), kind=kind)
    return go_to("cabinet.contacts", changed="removed")


def drop_contact(world: World, member_id: int, kind: str) -> None:
    """Forget the contact everywhere, in one transaction. Raises LastContact."""
    other = read_choices().contact(OTHER[kind])
    before = remove_contact(world, member_id, kind=kind)
    if before is None or other is None:
        return
    forget_contact(world, before)
    tell_of_change(
        world, member_id, kind=kind, before=before,
        now_at=masked_contact(other.value), locale=chosen_locale(),
    )  # fmt: skip


def known_kind(kind: str) -> None:
    """Another word in the address is no page of ours."""
    if kind not in KINDS:
        abort(404)


def contact_page(kind: str, *, value: str = "", error: str = "", status: int = 200) -> Response:
    found = read_choices().contact(kind)
    return section_page(
        "contact", status=status, action=url_for("cabinet.send_contact_code", kind=kind),
        kind=kind, value=value, error=error, before=masked_contact(found.value) if found else "",
        hrefs={"back": url_for("cabinet.contacts")},
    )  # fmt: skip
