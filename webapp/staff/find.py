"""Staff find a member and print the code that lets them claim their history."""

from flask import Response, abort, g, request, url_for

from gamification.readmodels.staff import find_for_staff, staff_member
from gamification.readmodels.till import till_terms
from gamification.readmodels.views import ActivationSlip, StaffMember
from gamification.refusals import Refusal
from webapp.access import allow
from webapp.accounts.codes import print_activation
from webapp.accounts.refusals import TooManyTries
from webapp.accounts.rules import shown_activation
from webapp.accounts.throttles import FIND_ACCOUNT, seconds_to_wait
from webapp.frame import frame_for, is_open_to
from webapp.links import public_href
from webapp.log import LOG
from webapp.page import page
from webapp.signin import signed_in
from webapp.staff.blueprint import blueprint
from webapp.surroundings import here
from webapp.words.refusals import refusal_text
from webapp.world import ReadOnlyNow, open_world, run_entrance


@blueprint.get("/staff/find")
@allow("cashier", "marketer", "owner")
def find() -> Response:
    """Look a member up by exactly what they show: a card, a phone, an e-mail."""
    typed = request.args.get("q", "").strip()[:254]
    if not typed:
        return find_page()
    brake_search()
    try:
        with open_world(readonly=True) as world:
            hits = find_for_staff(world, typed)
    except Refusal as refusal:
        return find_page(query=typed, error=refusal_text(refusal))
    LOG.info("member_looked_up", account=signed_in().account_id, found=len(hits))
    return find_page(query=typed, hits=hits)


def brake_search() -> None:
    """A person looks up some hundred members an hour, a script more.

    Raises:
        TooManyTries: one account has looked up too many.
    """
    hit = (FIND_ACCOUNT, str(signed_in().account_id))
    if wait := run_entrance(lambda world: seconds_to_wait(world, [hit])):
        raise TooManyTries(retry=wait)


def find_page(
    *, query: str = "", hits: tuple[StaffMember, ...] | None = None, error: str = ""
) -> Response:
    g.frame = frame_for("find")
    return page(
        "staff/find.html", frame=g.frame, query=query, hits=hits, error=error,
        action=url_for("staff.find"), slip_href=slip_href if may("staff.print_slip") else None,
        member_href=member_href if may("staff.member") else None,
    )  # fmt: skip


def may(endpoint: str) -> bool:
    """Whether whoever is signed in may go on to that page."""
    return is_open_to(endpoint, signed_in().role)


def member_href(public_id: str) -> str:
    return url_for("staff.member", public_id=public_id)


def slip_href(public_id: str) -> str:
    return url_for("staff.print_slip", public_id=public_id)


@blueprint.post("/staff/members/<public_id>/slip")
@allow("cashier", "owner")
def print_slip(public_id: str) -> Response:
    """A new activation code, on a slip that is shown once."""
    if (day := here().settings.as_of) is not None:
        raise ReadOnlyNow(on=day)
    with open_world(readonly=True) as world:
        found = staff_member(world, public_id)
        if found is None or found.face.claimed:
            abort(404)
        zone = till_terms(world).zone
    member_id, by, key = found.member_id, signed_in().account_id, here().secret
    code, expires_at = run_entrance(
        lambda world: print_activation(world, member_id, printed_by=by, key=key)
    )
    LOG.info("activation_printed", account=by, member=member_id)
    slip = ActivationSlip(shown_activation(code), found.face, expires_at.astimezone(zone))
    g.frame = frame_for("find")
    return page(
        "staff/slip.html", frame=g.frame, slip=slip,
        hrefs={"find": url_for("staff.find"), "claim_url": public_href("entrance.claim")},
    )  # fmt: skip
