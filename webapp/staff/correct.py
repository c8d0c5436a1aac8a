"""The page of one member for those who may put something right: a contact, a city, an act."""

from functools import partial
from typing import Any

from flask import Response, abort, g, redirect, request, url_for
from flask_babel import gettext as _

from gamification.commands.contacts import tell_of_change
from gamification.commands.corrections import (
    LONGEST_REASON,
    correct_act,
    correct_city,
    correct_contact,
)
from gamification.commands.member import MOST_CITY
from gamification.readmodels.corrections import ToCorrect, to_correct
from gamification.readmodels.staff import FoundMember, staff_member
from gamification.refusals import ActClosed, AlreadyTaken, InvalidSetting
from gamification.world import World
from webapp.access import allow
from webapp.accounts.actions import end_other_sessions, forget_contact
from webapp.accounts.codes import Contact
from webapp.accounts.queries import account_of_member, staff_names
from webapp.accounts.refusals import UnreadableContact
from webapp.accounts.rules import masked_contact
from webapp.accounts.throttles import CORRECT_ACCOUNT
from webapp.doors import brake, read_contact
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.signin import signed_in
from webapp.staff.blueprint import blueprint
from webapp.surroundings import here
from webapp.words.corrections import cancelled_text, no_city, no_reason, own_account
from webapp.words.refusals import refusal_text
from webapp.world import ReadOnlyNow, open_entrance, open_world, run_entrance, run_world

MAY = ("marketer", "owner")
"""Who may: a cashier's power is smaller. Nobody may for themselves."""
KEPT = ("contact", "city", "act", "reason")


@blueprint.get("/staff/members/<public_id>")
@allow(*MAY)
def member(public_id: str) -> Response:
    """What can be put right for a member, and what was, by whom and why."""
    return member_page(public_id, told=request.args.get("told", ""))


@blueprint.post("/staff/members/<public_id>/contact")
@allow(*MAY, keeps=KEPT)
def save_contact(public_id: str) -> Response:
    """Another phone or e-mail: the one before is told, and every browser is signed out."""
    found, typed = found_or_404(public_id), request.form.get("contact", "").strip()[:254]
    errors: dict[str, str] = {}
    try:
        contact = read_contact(typed)
        refuse_own(found, contact.value)
        write_contact(found, contact, request.form.get("reason", ""))
    except InvalidSetting as refusal:
        errors["reason"] = own_account() if refusal.values.get("fault") else no_reason()
    except (UnreadableContact, AlreadyTaken) as refusal:
        errors["contact"] = refusal_text(refusal)
    if errors:
        return member_page(public_id, form="contact", errors=errors, status=422)
    return back(public_id, "contact")


def write_contact(found: FoundMember, contact: Contact, reason: str) -> None:
    """Everything that follows from another contact, in one transaction."""
    brake((CORRECT_ACCOUNT, str(signed_in().account_id)))
    by = actor()

    def write(world: World) -> None:
        locale = to_correct(world, found.member_id).locale
        before = correct_contact(
            world, found.member_id, kind=contact.kind, contact=contact.value, reason=reason,
            actor=by, mask=masked_contact,
        )  # fmt: skip
        if before is None:
            return
        forget_contact(world, before)
        tell_of_change(world, found.member_id, kind=contact.kind, before=before,
                       now_at=masked_contact(contact.value), locale=locale)  # fmt: skip
        account = account_of_member(world, found.member_id)
        if account is not None and account.id is not None:
            end_other_sessions(world, account.id, keep=None)

    run_entrance(write)
    LOG.info("contact_corrected", account=by, member=found.member_id, kind=contact.kind)


@blueprint.post("/staff/members/<public_id>/city")
@allow(*MAY, keeps=KEPT)
def save_city(public_id: str) -> Response:
    """Another city, or none: audiences go by it from now on."""
    found = found_or_404(public_id)
    errors: dict[str, str] = {}
    try:
        refuse_own(found)
        brake((CORRECT_ACCOUNT, str(signed_in().account_id)))
        run_world(partial(correct_city, member_id=found.member_id, actor=actor(),
                          city=request.form.get("city", "").strip()[: 4 * MOST_CITY],
                          reason=request.form.get("reason", "")))  # fmt: skip
    except InvalidSetting as refusal:
        if refusal.values["setting"] == "city":
            errors["city"] = no_city()
        else:
            errors["cause"] = own_account() if refusal.values.get("fault") else no_reason()
    if errors:
        return member_page(public_id, form="city", errors=errors, status=422)
    LOG.info("city_corrected", account=actor(), member=found.member_id)
    return back(public_id, "city")


@blueprint.post("/staff/members/<public_id>/acts")
@allow(*MAY, keeps=KEPT)
def save_act(public_id: str) -> Response:
    """Take an act back, with its points."""
    found, chosen = found_or_404(public_id), request.form.get("act", "")
    errors: dict[str, str] = {}
    activity = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    try:
        refuse_own(found)
        if activity == 0:
            raise ActClosed(activity_id=0)
        brake((CORRECT_ACCOUNT, str(signed_in().account_id)))
        run_world(partial(correct_act, member_id=found.member_id, activity_id=activity,
                          reason=request.form.get("reason", ""), actor=actor()))  # fmt: skip
    except InvalidSetting as refusal:
        errors["why"] = own_account() if refusal.values.get("fault") else no_reason()
    except ActClosed:
        errors["act"] = str(_("Choose an act that counts."))
    if errors:
        return member_page(public_id, form="act", errors=errors, status=422)
    LOG.info("act_cancelled", account=actor(), member=found.member_id, activity=activity)
    return back(public_id, "act")


def found_or_404(public_id: str) -> FoundMember:
    """The member behind an address; nothing can be put right on a day of the past."""
    if request.method == "POST" and (day := here().settings.as_of) is not None:
        raise ReadOnlyNow(on=day)
    with open_world(readonly=True) as world:
        found = staff_member(world, public_id[:36])
    if found is None:
        abort(404)
    return found


def refuse_own(found: FoundMember, contact: str = "") -> None:
    """Nobody puts things right for themselves.

    Raises:
        InvalidSetting: the member has, or would have, the e-mail of whoever is at it.
    """
    with open_world(readonly=True) as world:
        email = to_correct(world, found.member_id).email
    if signed_in().email in (email, contact):
        raise InvalidSetting(setting="reason", fault="own")


def actor() -> str:
    """Who is at it, as it is written down."""
    return f"account:{signed_in().account_id}"


def back(public_id: str, told: str) -> Response:
    where = url_for("staff.member", public_id=public_id, told=told)
    return redirect(where, code=303)  # type: ignore[return-value]


def member_page(
    public_id: str,
    *,
    told: str = "",
    form: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    found = found_or_404(public_id)
    with open_world(readonly=True) as world:
        view = to_correct(world, found.member_id)
    posted = request.form if form else {}
    g.frame = frame_for("find")
    toasts = {"contact": _("The contact has been changed. A message went to the previous one."),
              "city": _("The city is changed."), "act": cancelled_text()}  # fmt: skip
    return page(
        "staff/member.html", status=status, frame=g.frame, face=found.face, view=view,
        contacts=[masked_contact(one) for one in (view.phone, view.email) if one],
        names=names_in(view), errors=errors or {}, most=LONGEST_REASON, longest=MOST_CITY,
        typed={
            "contact": posted.get("contact", "")[:254] if form == "contact" else "",
            "city": posted.get("city", "")[: 4 * MOST_CITY] if form == "city" else view.city,
            "cause": posted.get("reason", "")[:LONGEST_REASON] if form == "city" else "",
            "act": posted.get("act", "") if form == "act" else "",
            "reason": posted.get("reason", "")[:LONGEST_REASON] if form == "contact" else "",
            "why": posted.get("reason", "")[:LONGEST_REASON] if form == "act" else "",
        },
        toast=str(toasts.get(told, "")), still=here().settings.as_of is not None,
        hrefs={
            "find": url_for("staff.find"),
            "contact": url_for("staff.save_contact", public_id=public_id),
            "city": url_for("staff.save_city", public_id=public_id),
            "act": url_for("staff.save_act", public_id=public_id),
        },
    )  # fmt: skip


def names_in(view: ToCorrect) -> dict[str, Any]:
    """What the people in the journal are called."""
    ids = {one.actor: int(one.actor.partition(":")[2] or 0) for one in view.journal}
    with open_entrance(readonly=True) as world:
        known = staff_names(world, set(ids.values()))
    return {who: known.get(key, who) for who, key in ids.items()}
