"""The owner's overview."""

from flask import Response, g, url_for

from gamification.readmodels.console import console_of
from gamification.readmodels.referral_reviews import held_count
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.frame import frame_for
from webapp.intake.runs import last_import, open_run
from webapp.page import page
from webapp.signin import signed_in
from webapp.world import open_world


@blueprint.get("/console")
@allow("owner", "marketer")
def overview() -> Response:
    """Members, points, what waits and the last import."""
    with open_world(readonly=True) as world:
        console = console_of(world, last_import=last_import(world))
        running = open_run(world)
        held = held_count(world)
    owns = signed_in().role == "owner"
    g.frame = frame_for("console")
    return page(
        "staff/console.html",
        frame=g.frame,
        console=console,
        held=held,
        hrefs={
            "upload": url_for("console.files") if owns else None,
            "reviews": url_for("console.reviews") if owns else None,
            "invitations": url_for("console.invitation_review"),
            "find": url_for("staff.find") if owns else None,
            "running": url_for("console.look", run_id=running.id) if owns and running else None,
        },
    )
