"""Look and language: language and theme, whether things move, sound, and hear keys."""

from functools import partial

from flask import Response, abort, request
from flask_babel import gettext as _

from webapp.access import allow
from webapp.accounts.actions import set_preferences
from webapp.accounts.queries import Visitor
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.settings.pages import EVERYBODY, changed, go_to, pressed, section_page, switch
from webapp.page import wanted_block
from webapp.signin import signed_in
from webapp.words.settings import SwitchWords
from webapp.world import run_entrance

NAMES = ("still", "sound", "keys")


@blueprint.get("/settings/looks")
@allow(*EVERYBODY)
def looks() -> Response:
    """Language, theme, motion, sound and keys."""
    who = signed_in()
    return looks_page(choices_of(who), request.args.get("changed", ""))


@blueprint.post("/settings/looks")
@allow(*EVERYBODY)
def save_looks() -> Response:
    """Switch motion, sound or single keys."""
    found = pressed(NAMES)
    if found is None:
        abort(400)
    who, (name, on) = signed_in(), found
    chosen = choices_of(who) | {name: on}
    keep = partial(
        set_preferences, account_id=who.account_id, sound=chosen["sound"],
        motion="less" if chosen["still"] else "system", shortcuts=chosen["keys"],
    )  # fmt: skip
    run_entrance(keep)
    if wanted_block() is None:
        return go_to("cabinet.looks", changed=name)
    return looks_page(chosen, name)


def choices_of(who: Visitor) -> dict[str, bool]:
    """The switches as they stand."""
    return {
        "still": who.motion == "less", "sound": bool(who.sound), "keys": bool(who.shortcuts),
    }  # fmt: skip


def looks_page(chosen: dict[str, bool], name: str) -> Response:
    switches = looks_switches(chosen)
    return section_page(
        "looks", switches=switches, chime=chosen["sound"] and name == "sound",
        **changed(switches, name),
    )  # fmt: skip


def looks_switches(chosen: dict[str, bool]) -> tuple[SwitchWords, ...]:
    place = partial(switch, endpoint="cabinet.save_looks", target="moves")
    calm = _(
        "Nothing flies, grows or falls. When this is off, the cabinet follows your device’s"
        " setting."
    )
    chime = _("A short chime when something is earned. Off unless you want it.")
    keys = _(
        "“/” goes to the search, “?” to the list of keys. Off: only Tab, arrows, Enter and Esc."
    )
    return (
        place("still", _("Less motion"), calm, chosen["still"]),
        place("sound", _("Sound"), chime, chosen["sound"]),
        place("keys", _("Single keys"), keys, chosen["keys"]),
    )
