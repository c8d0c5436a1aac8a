"""«Ваш год уже засчитан»: played once, at the first visit of somebody imported."""

from flask import Response, redirect, request, url_for

from gamification.commands.member import see_year
from gamification.readmodels.member import year_of
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.page import page
from webapp.world import open_world, run_world


@blueprint.get("/year")
@allow("customer")
def year() -> Response:
    """The months come in, the medals land, the balance stands. Can be seen again."""
    with open_world(readonly=True) as world:
        scene = year_of(world, own_member_id())
    return page(
        "cabinet/year.html",
        frame=place_in_frame("home", scene.tier),
        scene=scene,
        still=request.args.get("still") == "1",
        hrefs={
            "home": url_for("cabinet.home"),
            "leave": url_for("cabinet.leave_year"),
            "still": url_for("cabinet.year", still=1),
        },
    )


@blueprint.post("/year/seen")
@allow("customer")
def leave_year() -> Response:
    """Go on to Home, and do not play the year by itself again."""
    member_id = own_member_id()
    run_world(lambda world: see_year(world, member_id))
    return redirect(url_for("cabinet.home"), code=303)  # type: ignore[return-value]
