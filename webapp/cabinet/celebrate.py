"""The scene for what was earned: shown once, left at once."""

from flask import Response, redirect, request

from gamification.commands.challenge_members import mark_seen
from gamification.commands.member import celebrate_upto
from gamification.readmodels.celebration import celebration_of
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.home import is_still
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.links import page_href
from webapp.page import page
from webapp.security import own_path
from webapp.words.celebration import scene_words
from webapp.world import open_world, run_world


@blueprint.get("/celebrate")
@allow("customer")
def celebrate() -> Response:
    """Medals and a higher tier since the last scene; without any it leads to `next` or Home.

    Of two answers at once one has the scene.
    """
    member_id = own_member_id()
    home = own_path(request.args.get("next")) or page_href("cabinet.home")
    if is_still():
        return redirect(home, code=303)  # type: ignore[return-value]
    with open_world(readonly=True) as world:
        scene = celebration_of(world, member_id)
    if scene is None:
        return redirect(home, code=303)  # type: ignore[return-value]
    first = run_world(lambda world: celebrate_upto(world, member_id, scene.upto))
    if first and scene.won:
        ids = [won.entry_id for won in scene.won]
        run_world(lambda world: mark_seen(world, member_id, ids))
    if scene.is_empty or not first:
        return redirect(home, code=303)  # type: ignore[return-value]
    answer = page(
        "cabinet/celebrate.html",
        frame=place_in_frame("home", scene.tier),
        scene=scene_words(scene, page_href("cabinet.medals"), page_href("cabinet.challenges")),
        home_href=home,
    )
    answer.cache_control.no_store = True
    return answer
