"""«Not today»: the next step on Home rests until midnight."""

from flask import Response, redirect

from gamification.commands.prompts import put_step_off
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.links import page_href
from webapp.world import run_world


@blueprint.post("/home/not-today")
@allow("customer")
def not_today() -> Response:
    """Put the next step off; a second press changes nothing."""
    member_id = own_member_id()
    run_world(lambda world: put_step_off(world, member_id))
    return redirect(page_href("cabinet.home"), code=303)  # type: ignore[return-value]
