"""The bare address, and signing out."""

from flask import Response, current_app, url_for

from webapp.access import allow, landing_of
from webapp.entrance.blueprint import blueprint
from webapp.entrance.steps import go
from webapp.signin import leave, visitor


@allow("anonymous")
def front() -> Response:
    """The bare address of a shop without a landing page: one's own start, or the door."""
    found = visitor()
    if found is not None:
        return go(landing_of(current_app, found.role))
    return go(url_for("entrance.sign_in"))


@blueprint.post("/sign-out")
@allow("anonymous")
def sign_out() -> Response:
    """End this browser's session; a second press changes nothing."""
    found = visitor()
    leave()
    staff = found is not None and found.is_staff
    return go(url_for("entrance.staff" if staff else "entrance.sign_in"))
