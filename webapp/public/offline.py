"""What is there without a network: the worker that keeps it, and the pages that it keeps.

A page tells whose it is in a header; the worker keeps one person's pages and forgets them
as soon as it sees another person's, nobody's, or a form that signs somebody in or out.
"""

import hashlib
from pathlib import Path

from flask import Response, current_app, json, url_for

from gamification.readmodels.pocket import Pocket, pocket_of
from webapp.access import allow
from webapp.assets import asset
from webapp.frame import frame_for
from webapp.links import page_href
from webapp.page import page
from webapp.public.blueprint import blueprint
from webapp.signin import visitor
from webapp.surroundings import here
from webapp.words.pieces import qr_version
from webapp.world import open_world

SHELL = ("css/laurel.css", "js/laurel.js", "js/install.js", "icons.svg", "favicon.svg")
"""What every page of ours stands on; fonts and sprites are kept when a page uses them."""
DOOR_PREFIX, NO_DOOR = "entrance.", "entrance.prefs"


@blueprint.get("/sw.js")
@allow("anonymous")
def worker() -> Response:
    """The service worker, with the addresses it needs. It lives at the root to serve all pages."""
    folder = current_app.static_folder
    assert folder is not None, "the app serves static files"
    script = (Path(folder) / "js" / "worker.js").read_text("utf-8")
    shell = [asset(name) for name in SHELL]
    told = {
        "version": hashlib.sha256("\n".join([script, *shell]).encode()).hexdigest()[:12],
        "shell": shell,
        "statics": f"{current_app.static_url_path}/",
        "offline": page_href("public.offline"),
        "card": page_href("public.offline_card"),
        "cardPages": [page_href("cabinet.card")],
        "doors": doors(),
    }
    answer = Response(f"const LAUREL = {json.dumps(told)};\n{script}")
    answer.content_type = "text/javascript; charset=utf-8"
    return answer


def doors() -> list[str]:
    """Where forms go that sign somebody in or out."""
    return sorted(
        rule.rule
        for rule in current_app.url_map.iter_rules()
        if rule.endpoint.startswith(DOOR_PREFIX)
        and rule.endpoint != NO_DOOR
        and "POST" in (rule.methods or ())
        and not rule.arguments
    )


@blueprint.get("/offline")
@allow("anonymous")
def offline() -> Response:
    """The page for when there is no network: card, balance and their time, if anybody is in."""
    pocket = own_pocket()
    hrefs = {
        "home": page_href("cabinet.home"),
        "card": page_href("cabinet.card"),
        "code": code_href(pocket),
    }
    return page("public/offline.html", frame=frame_for(), pocket=pocket, hrefs=hrefs)


@blueprint.get("/offline/card")
@allow("anonymous")
def offline_card() -> Response:
    """The card on the whole screen, for when there is no network: it only earns."""
    pocket = own_pocket()
    if pocket is None or pocket.card is None:
        return offline()
    return page(
        "cabinet/card.html", frame=frame_for("card"), card=pocket.card, offline=True,
        code_href=code_href(pocket), home_href=page_href("cabinet.home"),
    )  # fmt: skip


def own_pocket() -> Pocket | None:
    """What the visitor carries along; nothing for strangers, staff and days of the past."""
    found = visitor()
    if found is None or found.member_id is None or here().settings.as_of is not None:
        return None
    with open_world(readonly=True) as world:
        return pocket_of(world, found.member_id)


def code_href(pocket: Pocket | None) -> str:
    """Where the picture of the card's code is."""
    if pocket is None or pocket.card is None:
        return ""
    return url_for("cabinet.card_code", v=qr_version(pocket.card.code))
