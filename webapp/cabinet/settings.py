"""Settings: language, theme, where one is signed in, the password."""

from functools import partial

from flask import Response, g, redirect, request, url_for
from flask_babel import gettext as _

from webapp.access import allow
from webapp.accounts.actions import checked_hash, end_other_sessions, end_session, set_password
from webapp.accounts.queries import Visitor, sessions_of
from webapp.accounts.refusals import WeakPassword
from webapp.accounts.rules import masked_contact
from webapp.cabinet.blueprint import blueprint
from webapp.frame import frame_for, member_in_frame
from webapp.log import LOG
from webapp.page import page
from webapp.signin import is_fresh, signed_in
from webapp.words.refusals import refusal_text
from webapp.world import entrance_worlds, open_entrance, run_entrance

EVERYBODY = ("customer", "cashier", "marketer", "owner")


@blueprint.get("/settings")
@allow(*EVERYBODY)
def settings() -> Response:
    """How it looks, where one is signed in, and the way out."""
    return settings_page()


def settings_page(*, toast: str = "") -> Response:
    who = signed_in()
    with open_entrance(readonly=True) as world:
        sessions = sessions_of(world, who.account_id, who.session_id)
    g.frame = frame_for("settings")
    return page(
        "cabinet/settings.html", frame=g.frame, contacts=contacts_of(who), sessions=sessions,
        toast=toast, hrefs={
            "revoke": url_for("cabinet.end_one"),
            "revoke_all": url_for("cabinet.end_others"),
            "sign_out": url_for("entrance.sign_out"),
            "password": url_for("cabinet.password"),
            "profile": None if who.is_staff else url_for("cabinet.profile"),
        },
    )  # fmt: skip


def contacts_of(who: Visitor) -> list[str]:
    """By what one signs in here, masked: somebody may look over the shoulder."""
    member = member_in_frame(who)
    known = [member.phone, member.email] if member else [who.email]
    return [masked_contact(contact) for contact in known if contact]


@blueprint.post("/settings/sessions/end")
@allow(*EVERYBODY)
def end_one() -> Response:
    """Sign one other browser out. A stranger's key changes nothing."""
    who, key = signed_in(), request.form.get("key", "")
    if run_entrance(lambda world: end_session(world, who.account_id, key)):
        LOG.info("session_ended", account=who.account_id, session=key)
    return back_to_settings()


@blueprint.post("/settings/sessions/end-others")
@allow(*EVERYBODY)
def end_others() -> Response:
    """Sign every browser out but this one."""
    who = signed_in()
    count = run_entrance(lambda world: end_other_sessions(world, who.account_id, who.session_id))
    LOG.info("other_sessions_ended", account=who.account_id, count=count)
    return back_to_settings()


@blueprint.get("/settings/password")
@allow(*EVERYBODY)
def password() -> Response:
    """Ask for a new password, of somebody who signed in a moment ago."""
    return ask_again() or password_page()


@blueprint.post("/settings/password")
@allow(*EVERYBODY)
def save_password() -> Response:
    """Set the password; every other browser is signed out."""
    if (answer := ask_again()) is not None:
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
    return settings_page(toast=str(_("The new password works from now on.")))


def ask_again() -> Response | None:
    """Lead somebody who signed in long ago to the door once more, and back here."""
    who = signed_in()
    if is_fresh(who, entrance_worlds().clock()):
        return None
    door = "entrance.staff" if who.is_staff else "entrance.sign_in"
    where = url_for(door, next=url_for("cabinet.password"), again=1)
    return redirect(where, code=303)  # type: ignore[return-value]


def names_of(who: Visitor) -> tuple[str, ...]:
    """What a guesser would try first."""
    member = member_in_frame(who)
    known = (who.email, who.name, *((member.email, member.phone, member.name) if member else ()))
    return tuple(name for name in known if name)


def password_page(*, error: str = "", status: int = 200) -> Response:
    return page(
        "entrance/set_password.html", status=status, action=url_for("cabinet.save_password"),
        error=error, hrefs={"back": url_for("cabinet.settings")},
    )  # fmt: skip


def back_to_settings() -> Response:
    return redirect(url_for("cabinet.settings"), code=303)  # type: ignore[return-value]
