"""A member says that they are here today."""

from flask import Response, redirect

from gamification.commands.acts import check_in
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.links import page_href
from webapp.world import run_world


@blueprint.post("/check-in")
@allow("customer")
def look_in() -> Response:
    """Count the day, once, by the member's own midnight; then Home says how many in a row."""
    member_id = own_member_id()
    run_world(lambda world: check_in(world, member_id))
    return redirect(page_href("cabinet.home"), code=303)  # type: ignore[return-value]
