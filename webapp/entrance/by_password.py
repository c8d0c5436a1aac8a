"""A customer with a password signs in."""

from functools import partial

from flask import Response, request, url_for

from gamification.commands.member import Person, reachable_member
from gamification.world import World
from webapp.access import allow
from webapp.accounts.passwords import is_password
from webapp.accounts.queries import account_of_member
from webapp.accounts.refusals import UnreadableContact, WrongPassword
from webapp.accounts.throttles import PASSWORD_ACCOUNT, PASSWORD_ADDRESS, PASSWORD_ALL
from webapp.doors import brake, by_address, read_contact
from webapp.entrance.blueprint import blueprint
from webapp.entrance.known import by_name
from webapp.entrance.steps import admit, along, already_in, let_in
from webapp.log import LOG
from webapp.page import page
from webapp.words.refusals import refusal_text
from webapp.world import open_entrance, run_entrance


@blueprint.get("/sign-in/password")
@allow("anonymous")
def password() -> Response:
    """Ask for a contact and a password."""
    return already_in() or password_page()


@blueprint.post("/sign-in/password")
@allow("anonymous")
def check_password() -> Response:
    """Open the door; a wrong name and a wrong password are the same no, after the same time."""
    typed = request.form.get("contact", "")
    try:
        contact = read_contact(typed)
        brake(
            (PASSWORD_ACCOUNT, by_name(contact.value)), (PASSWORD_ADDRESS, by_address()),
            (PASSWORD_ALL, ""),
        )  # fmt: skip
        with open_entrance(readonly=True) as world:
            person, stored = find_password(world, contact.kind, contact.value)
        if not is_password(stored, request.form.get("password", "")) or person is None:
            LOG.warning("wrong_password", contact=contact.value)
            raise WrongPassword()
    except (UnreadableContact, WrongPassword) as refusal:
        return password_page(value=typed, error=refusal_text(refusal), status=422)
    secret = run_entrance(partial(admit, person=person))
    return let_in(secret, name=contact.value, year_waits=person.year_waits)


def find_password(world: World, kind: str, contact: str) -> tuple[Person | None, str | None]:
    """The member behind a contact and the hash of their password, if they set one."""
    person = reachable_member(world, kind=kind, contact=contact)
    account = None if person is None else account_of_member(world, person.member_id)
    return person, None if account is None else account.password_hash


def password_page(*, value: str = "", error: str = "", status: int = 200) -> Response:
    return page(
        "entrance/password.html", status=status, action=url_for("entrance.check_password"),
        value=value[:254], error=error, along=along(),
        hrefs={"code": url_for("entrance.sign_in", **along()), "recover": None},
    )  # fmt: skip
