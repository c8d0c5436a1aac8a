"""Look and language: language and theme, whether things move, whether they sound."""

from functools import partial

from flask import Response, abort, request
from flask_babel import gettext as _

from webapp.access import allow
from webapp.accounts.actions import set_preferences
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.settings.pages import EVERYBODY, changed, go_to, pressed, section_page, switch
from webapp.page import wanted_block
from webapp.signin import signed_in
from webapp.words.settings import SwitchWords
from webapp.world import run_entrance

NAMES = ("still", "sound")


@blueprint.get("/settings/looks")
@allow(*EVERYBODY)
def looks() -> Response:
    """Language, theme, motion and sound."""
    who = signed_in()
    return looks_page(who.motion == "less", bool(who.sound), request.args.get("changed", ""))


@blueprint.post("/settings/looks")
@allow(*EVERYBODY)
def save_looks() -> Response:
    """Switch motion or sound."""
    found = pressed(NAMES)
    if found is None:
        abort(400)
    who, (name, on) = signed_in(), found
    still = on if name == "still" else who.motion == "less"
    sound = on if name == "sound" else bool(who.sound)
    motion = "less" if still else "system"
    run_entrance(partial(set_preferences, account_id=who.account_id, motion=motion, sound=sound))
    if wanted_block() is None:
        return go_to("cabinet.looks", changed=name)
    return looks_page(still, sound, name)


def looks_page(still: bool, sound: bool, name: str) -> Response:
    switches = looks_switches(still, sound)
    return section_page(
        "looks", switches=switches, chime=sound and name == "sound", **changed(switches, name)
    )


def looks_switches(still: bool, sound: bool) -> tuple[SwitchWords, ...]:
    place = partial(switch, endpoint="cabinet.save_looks", target="moves")
    calm = _("Nothing travels, grows or falls. Without it the cabinet does as your device says.")
    chime = _("A short chime when something is earned. Off unless you want it.")
    return (
        place("still", _("Less motion"), calm, still),
        place("sound", _("Sound"), chime, sound),
    )
