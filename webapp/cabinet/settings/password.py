"""A password: set, changed, taken away."""

from functools import partial

from flask import Response, request, url_for
from flask_babel import gettext as _

from webapp.access import allow
from webapp.accounts.actions import checked_hash, remove_password, set_password
from webapp.accounts.queries import Visitor
from webapp.accounts.refusals import WeakPassword
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.settings.pages import EVERYBODY, ask_again, go_to, section_page
from webapp.frame import member_in_frame
from webapp.log import LOG
from webapp.signin import signed_in
from webapp.words.refusals import refusal_text
from webapp.world import run_entrance


@blueprint.get("/settings/password")
@allow(*EVERYBODY)
def password() -> Response:
    """Ask for a new password, of somebody who signed in a moment ago."""
    told = {
        "set": _("The new password works from now on."),
        "removed": _("The password is gone. You sign in by code."),
    }
    toast = told.get(request.args.get("changed", ""), "")
    return (None if toast else ask_again("cabinet.password")) or password_page(toast=toast)


@blueprint.post("/settings/password")
@allow(*EVERYBODY)
def save_password() -> Response:
    """Set the password; every other browser is signed out."""
    if (answer := ask_again("cabinet.password")) is not None:
        return answer
    who = signed_in()
    try:
        hashed = checked_hash(request.form.get("password", ""), known=names_of(who))
    except WeakPassword as refusal:
        return password_page(error=refusal_text(refusal), status=422)
    run_entrance(
        partial(set_password, account_id=who.account_id, password_hash=hashed, keep=who.session_id)
    )
    LOG.info("password_set", account=who.account_id)
    return go_to("cabinet.password", changed="set")


@blueprint.get("/settings/password/remove")
@allow("customer")
def ask_remove_password() -> Response:
    """One more question; staff have no other way in, so they are not asked."""
    return ask_again("cabinet.ask_remove_password") or section_page(
        "sure", title=_("Remove the password?"),
        lead=_("Then you sign in by code alone: to your phone or e-mail."),
        action=url_for("cabinet.drop_password"), button=_("Remove the password"),
        hrefs={"back": url_for("cabinet.password")},
    )  # fmt: skip


@blueprint.post("/settings/password/remove")
@allow("customer")
def drop_password() -> Response:
    """Forget the password."""
    if (answer := ask_again("cabinet.ask_remove_password")) is not None:
        return answer
    account_id = signed_in().account_id
    run_entrance(partial(remove_password, account_id=account_id))
    LOG.info("password_removed", account=account_id)
    return go_to("cabinet.password", changed="removed")


def names_of(who: Visitor) -> tuple[str, ...]:
    """What a guesser would try first."""
    member = member_in_frame(who)
    known = (who.email, who.name, *((member.email, member.phone, member.name) if member else ()))
    return tuple(name for name in known if name)


def password_page(*, error: str = "", status: int = 200, toast: object = "") -> Response:
    who = signed_in()
    removable = who.has_password and not who.is_staff
    return section_page(
        "password", status=status, action=url_for("cabinet.save_password"), error=error,
        toast=toast, has=who.has_password, can_code=not who.is_staff, account=who.email or "",
        hrefs={"remove": url_for("cabinet.ask_remove_password") if removable else None},
    )  # fmt: skip
