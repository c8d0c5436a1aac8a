"""The list of settings: what there is, and what is chosen now."""

from flask import Response, g, url_for

from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.settings.pages import EVERYBODY, groups_for, read_choices
from webapp.frame import frame_for
from webapp.page import page
from webapp.signin import signed_in
from webapp.words.formats import day_year


@blueprint.get("/settings")
@allow(*EVERYBODY)
def settings() -> Response:
    """Everything that can be chosen, and the way out."""
    who = signed_in()
    g.frame = frame_for("settings")
    erase_on = None if who.is_staff else read_choices().erase_on
    return page(
        "cabinet/settings/overview.html", frame=g.frame, groups=groups_for(who),
        leaving=day_year(erase_on) if erase_on else "",
        hrefs={"sign_out": url_for("entrance.sign_out"), "leaving": url_for("cabinet.leaving")},
    )  # fmt: skip
