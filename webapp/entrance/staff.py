"""Staff sign in by password, recover it by mail; the first owner begins here."""

from functools import partial

from flask import Response, request, url_for
from flask_babel import gettext as _

from gamification.commands.member import normalise_email
from gamification.refusals import Refusal
from gamification.world import World
from webapp.access import allow
from webapp.accounts.actions import checked_hash, set_password
from webapp.accounts.codes import (
    ask_recovery,
    begin_owner,
    may_begin,
    recovering_account,
    use_recovery,
)
from webapp.accounts.passwords import hash_password, is_outdated, is_password
from webapp.accounts.queries import account_by_email
from webapp.accounts.refusals import (
    AccountExists,
    DeadLink,
    UnreadableContact,
    WeakPassword,
    WrongPassword,
)
from webapp.accounts.tables import Account
from webapp.accounts.throttles import (
    LINK_ADDRESS,
    PASSWORD_ACCOUNT,
    PASSWORD_ADDRESS,
    PASSWORD_ALL,
    RECOVER_ACCOUNT,
    RECOVER_ADDRESS,
)
from webapp.doors import brake, by_address
from webapp.entrance.blueprint import blueprint
from webapp.entrance.known import by_name
from webapp.entrance.steps import already_in, let_in, next_path
from webapp.frame import chosen_locale
from webapp.links import public_href
from webapp.log import LOG
from webapp.page import page
from webapp.signin import open_session
from webapp.words.refusals import refusal_text
from webapp.world import open_entrance, run_entrance


@blueprint.get("/staff/sign-in")
@allow("anonymous")
def staff() -> Response:
    """Ask for e-mail and password."""
    again = _("For safety, sign in once more before you change this.")
    return already_in() or staff_page(error=str(again) if request.args.get("again") else "")


@blueprint.post("/staff/sign-in")
@allow("anonymous")
def check_staff() -> Response:
    """Open the door; whatever is wrong, the no and its time are the same."""
    typed, password = request.form.get("email", ""), request.form.get("password", "")
    email = normalise_email(typed) or typed.strip().lower()[:254]
    brake((PASSWORD_ACCOUNT, by_name(email)), (PASSWORD_ADDRESS, by_address()), (PASSWORD_ALL, ""))
    with open_entrance(readonly=True) as world:
        account = account_by_email(world, email)
    stored = account.password_hash if account and account.state == "active" else None
    if not is_password(stored, password) or account is None or stored is None:
        LOG.warning("wrong_password", contact=email)
        return staff_page(value=typed, error=refusal_text(WrongPassword()), status=422)
    newer = hash_password(password) if is_outdated(stored) else None
    secret = run_entrance(partial(open_staff_session, account=account, newer=newer))
    return let_in(secret, name=email)


def open_staff_session(world: World, account: Account, newer: str | None) -> str:
    """A session; a hash made with older settings is renewed on the way."""
    if newer is not None:
        world.session.get_one(Account, account.id).password_hash = newer
    return open_session(world, account)


def staff_page(*, value: str = "", error: str = "", status: int = 200) -> Response:
    hrefs = {"recover": url_for("entrance.recover"), "customer": url_for("entrance.sign_in")}
    return page(
        "entrance/staff.html", status=status, action=url_for("entrance.check_staff"),
        value=value[:254], error=error, next=next_path(), hrefs=hrefs,
    )  # fmt: skip


@blueprint.get("/staff/recover")
@allow("anonymous")
def recover() -> Response:
    """Ask which address the link should go to."""
    return recover_page()


@blueprint.post("/staff/recover")
@allow("anonymous")
def send_link() -> Response:
    """Queue a link; the page and the time are the same for known and unknown."""
    typed = request.form.get("email", "")
    email = normalise_email(typed)
    if email is None:
        return recover_page(value=typed, error=refusal_text(UnreadableContact()), status=422)
    brake((RECOVER_ACCOUNT, by_name(email)), (RECOVER_ADDRESS, by_address()))
    address, locale = recovery_address(), chosen_locale()
    run_entrance(partial(ask_recovery, email=email, address=address, locale=locale))
    return recover_page(sent=True)


def recovery_address() -> str:
    """Where a recovery link leads, up to its secret."""
    return public_href("entrance.recover").removesuffix("recover") + "new-password/"


def recover_page(
    *, value: str = "", error: str = "", sent: bool = False, status: int = 200
) -> Response:
    return page(
        "entrance/recover.html", status=status, action=url_for("entrance.send_link"),
        value=value[:254], error=error, sent=sent, hrefs={"back": url_for("entrance.staff")},
    )  # fmt: skip


@blueprint.get("/staff/new-password/<secret>")
@allow("anonymous")
def new_password(secret: str) -> Response:
    """Ask for the new password, if the link still works."""
    brake((LINK_ADDRESS, by_address()))
    try:
        with open_entrance(readonly=True) as world:
            recovering_account(world, secret)
    except DeadLink:
        return new_password_page(secret, dead=True, status=410)
    return new_password_page(secret)


@blueprint.post("/staff/new-password/<secret>")
@allow("anonymous")
def save_password(secret: str) -> Response:
    """Set the password, end every other session and sign in."""
    brake((LINK_ADDRESS, by_address()))
    try:
        with open_entrance(readonly=True) as world:
            account = recovering_account(world, secret)
        hashed = checked_hash(request.form.get("password", ""), known=(account.email or "",))
        session_secret = run_entrance(partial(recover_account, secret=secret, hashed=hashed))
    except DeadLink:
        return new_password_page(secret, dead=True, status=410)
    except WeakPassword as refusal:
        return new_password_page(secret, error=refusal_text(refusal), status=422)
    LOG.info("password_recovered", account=account.id)
    return let_in(session_secret, name=account.email or "")


def recover_account(world: World, secret: str, hashed: str) -> str:
    """The link is used up, the password set, everybody else signed out, this browser in."""
    account = use_recovery(world, secret)
    assert account.id is not None, "a stored account has its id"
    set_password(world, account.id, hashed, keep=None)
    return open_session(world, account)


def new_password_page(
    secret: str, *, error: str = "", dead: bool = False, status: int = 200
) -> Response:
    return page(
        "entrance/new_password.html", status=status, error=error, dead=dead,
        action=url_for("entrance.save_password", secret=secret),
        hrefs={"recover": url_for("entrance.recover")},
    )  # fmt: skip


@blueprint.get("/staff/begin/<secret>")
@allow("anonymous")
def begin(secret: str) -> Response:
    """The first owner chooses e-mail and password, by the link that the start printed."""
    brake((LINK_ADDRESS, by_address()))
    with open_entrance(readonly=True) as world:
        alive = may_begin(world, secret)
    return begin_page(secret, dead=not alive, status=200 if alive else 410)


@blueprint.post("/staff/begin/<secret>")
@allow("anonymous")
def become_owner(secret: str) -> Response:
    """The installation has its owner, signed in at once."""
    brake((LINK_ADDRESS, by_address()))
    typed = request.form.get("email", "")
    try:
        email = normalise_email(typed)
        if email is None:
            raise UnreadableContact()
        hashed = checked_hash(request.form.get("password", ""), known=(email,))
        session_secret = run_entrance(partial(add_owner, secret=secret, email=email, hashed=hashed))
    except DeadLink:
        return begin_page(secret, dead=True, status=410)
    except WeakPassword as refusal:
        return begin_page(secret, value=typed, field="password", refusal=refusal)
    except (UnreadableContact, AccountExists) as refusal:
        return begin_page(secret, value=typed, field="email", refusal=refusal)
    return let_in(session_secret, name=email)


def add_owner(world: World, secret: str, email: str, hashed: str) -> str:
    """The owner's account and first session, in one transaction."""
    account = begin_owner(world, secret, email=email, password_hash=hashed)
    LOG.info("owner_began", account=account.id)
    return open_session(world, account)


def begin_page(
    secret: str,
    *,
    value: str = "",
    field: str = "",
    refusal: Refusal | None = None,
    dead: bool = False,
    status: int = 200,
) -> Response:
    errors = {"email": "", "password": ""}
    if refusal is not None:
        errors[field], status = refusal_text(refusal), 422
    return page(
        "entrance/begin.html", status=status, value=value[:254], errors=errors, dead=dead,
        action=url_for("entrance.become_owner", secret=secret),
        hrefs={"staff": url_for("entrance.staff")},
    )  # fmt: skip
