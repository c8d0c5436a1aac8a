"""The list of keys: a plain page, which `?` opens too."""

from flask import Response
from flask_babel import gettext as _

from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.settings.pages import EVERYBODY
from webapp.frame import frame_for
from webapp.links import page_href
from webapp.page import page
from webapp.signin import signed_in
from webapp.words.keys import key_groups


@blueprint.get("/keys")
@allow(*EVERYBODY)
def keys() -> Response:
    """Which keys do what, and where single ones are switched off."""
    who = signed_in()
    return page(
        "cabinet/keys.html",
        frame=frame_for("keys"),
        groups=key_groups(member=who.member_id is not None),
        off=_("Single keys are off.") if not who.shortcuts else "",
        looks_href=page_href("cabinet.looks"),
    )
