"""Signing out."""

from flask import Response, url_for

from webapp.access import allow
from webapp.entrance.blueprint import blueprint
from webapp.entrance.steps import go
from webapp.signin import leave, visitor


@blueprint.post("/sign-out")
@allow("anonymous")
def sign_out() -> Response:
    """End this browser's session; a second press changes nothing."""
    found = visitor()
    leave()
    staff = found is not None and found.is_staff
    return go(url_for("entrance.staff" if staff else "entrance.sign_in"))
