"""Leaving for good: what is lost, a typed word, and fourteen days to think it over."""

from datetime import timedelta
from functools import partial

from flask import Response, request, url_for
from flask_babel import gettext as _

from gamification.commands.farewell import COOLING_DAYS, ask_to_leave, stay, tell_of_leaving
from gamification.programme import local_day, zone_of
from gamification.readmodels.choices import losses_of
from gamification.world import World
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.cabinet.settings.pages import go_to, read_choices, section_page
from webapp.log import LOG
from webapp.words.formats import day_year
from webapp.world import open_world, run_world

WORDS = ("удалить", "delete")
"""Either language's word will do: the keyboard may be in the other one."""


@blueprint.get("/settings/leaving")
@allow("customer")
def leaving() -> Response:
    """What would be lost; or, while it is under way, how to stay."""
    toast = _("Your account stays. Good to have you.") if request.args.get("kept") else ""
    return leaving_page(toast=toast)


@blueprint.post("/settings/leaving")
@allow("customer")
def ask_leaving() -> Response:
    """Begin the time to think it over, for who has typed the word."""
    if request.form.get("word", "").strip().casefold() not in WORDS:
        return leaving_page(error=_("That is not the right word. Nothing was deleted."), status=422)
    member_id = own_member_id()
    run_world(partial(begin_leaving, member_id=member_id))
    LOG.info("leaving_asked", member=member_id)
    return go_to("cabinet.leaving")


def begin_leaving(world: World, member_id: int) -> None:
    """Note the day, and tell the member's own address: it may have been a stranger."""
    ask_to_leave(world, member_id)
    tell_of_leaving(world, member_id)


@blueprint.post("/settings/leaving/stay")
@allow("customer")
def keep_account() -> Response:
    """Undo: nothing is deleted. Only the member can say so."""
    member_id = own_member_id()
    if run_world(partial(stay, member_id=member_id)):
        LOG.info("leaving_undone", member=member_id)
    return go_to("cabinet.leaving", kept="yes")


def leaving_page(*, error: object = "", status: int = 200, toast: object = "") -> Response:
    mine, member_id = read_choices(), own_member_id()
    with open_world(readonly=True) as world:
        losses = losses_of(world, member_id)
        today = local_day(world.now, zone_of(mine.shop_zone))
    goes_on = mine.erase_on or today + timedelta(days=COOLING_DAYS + 1)
    return section_page(
        "leaving", status=status, losses=losses, goes_on=day_year(goes_on), error=error,
        is_leaving=mine.erase_on is not None, word=_("delete"), toast=toast,
        action=url_for("cabinet.ask_leaving"), stay=url_for("cabinet.keep_account"),
        hrefs={"data": url_for("cabinet.own_copy")},
    )  # fmt: skip
