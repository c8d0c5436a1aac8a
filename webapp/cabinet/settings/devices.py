"""Where one is signed in, and how to end it."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import Response, request, url_for

from gamification.programme import ProgrammeRow, zone_of
from gamification.world import World
from webapp.access import allow
from webapp.accounts.actions import end_other_sessions, end_session
from webapp.accounts.queries import sessions_of
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.settings.pages import EVERYBODY, go_to, section_page
from webapp.log import LOG
from webapp.signin import signed_in
from webapp.world import open_entrance, run_entrance


@blueprint.get("/settings/devices")
@allow(*EVERYBODY)
def devices() -> Response:
    """Every browser that is signed in, this one first."""
    who = signed_in()
    with open_entrance(readonly=True) as world:
        zone = shop_zone(world)
        sessions = [
            replace(line, seen_at=line.seen_at.astimezone(zone))
            for line in sessions_of(world, who.account_id, who.session_id)
        ]
    hrefs = {"revoke": url_for("cabinet.end_one"), "revoke_all": url_for("cabinet.end_others")}
    return section_page("devices", sessions=sessions, hrefs=hrefs)


def shop_zone(world: World) -> ZoneInfo:
    """The zone in which pages tell the time; UTC before there is a programme."""
    row = world.session.get(ProgrammeRow, 1)
    return zone_of(row.zone) if row else ZoneInfo("UTC")


@blueprint.post("/settings/sessions/end")
@allow(*EVERYBODY)
def end_one() -> Response:
    """Sign one other browser out. A stranger's key changes nothing."""
    who, key = signed_in(), request.form.get("key", "")
    if run_entrance(lambda world: end_session(world, who.account_id, key)):
        LOG.info("session_ended", account=who.account_id, session=key)
    return go_to("cabinet.devices")


@blueprint.post("/settings/sessions/end-others")
@allow(*EVERYBODY)
def end_others() -> Response:
    """Sign every browser out but this one."""
    who = signed_in()
    count = run_entrance(lambda world: end_other_sessions(world, who.account_id, who.session_id))
    LOG.info("other_sessions_ended", account=who.account_id, count=count)
    return go_to("cabinet.devices")
