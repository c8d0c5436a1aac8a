"""The time zone in which a member's own days begin."""

from functools import partial

from flask import Response, request, url_for
from flask_babel import gettext as _

from gamification.commands.preferences import change_zone
from gamification.refusals import InvalidSetting, ZoneTooSoon
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.cabinet.settings.pages import go_to, read_choices, section_page
from webapp.log import LOG
from webapp.words.formats import clock, day_year
from webapp.words.refusals import refusal_text
from webapp.world import programme_worlds, run_world
from webapp.zones import zone_choices, zone_name, zone_of


@blueprint.get("/settings/zone")
@allow("customer")
def zone() -> Response:
    """Which midnight is the member's own."""
    return zone_page(toast=_("The time zone is saved.") if request.args.get("changed") else "")


@blueprint.post("/settings/zone")
@allow("customer", keeps=("zone",))
def save_zone() -> Response:
    """Change it, at most once in 30 days; an empty choice is the shop's zone."""
    typed, member_id = request.form.get("zone", "")[:64], own_member_id()
    try:
        run_world(partial(change_zone, member_id=member_id, zone=typed or None))
    except InvalidSetting:
        return zone_page(error=_("Choose a zone from the list."), status=422)
    except ZoneTooSoon as refusal:
        return zone_page(error=refusal_text(refusal), status=409)
    LOG.info("zone_changed", member=member_id)
    return go_to("cabinet.zone", changed="zone")


def zone_page(*, error: str = "", status: int = 200, toast: object = "") -> Response:
    mine, now = read_choices(), programme_worlds().clock()
    chosen, shop = mine.zone or "", zone_name(mine.shop_zone)
    zones = [("", _("As in the shop: %(zone)s", zone=shop)), *zone_choices(now)]
    if chosen and chosen not in dict(zones):
        zones.append((chosen, zone_name(chosen)))
    local = now.astimezone(zone_of(mine.zone or mine.shop_zone))
    open_at = mine.zone_open_at
    return section_page(
        "zone", status=status, action=url_for("cabinet.save_zone"), zones=zones, zone=chosen,
        current=zone_name(chosen) if chosen else zones[0][1], shop_zone=shop, error=error,
        toast=toast, local=clock(local),
        locked=day_year(open_at.astimezone(local.tzinfo).date()) if open_at else "",
    )  # fmt: skip
