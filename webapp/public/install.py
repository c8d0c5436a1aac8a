"""What lets a phone keep the programme like an app of its own: manifest and icons."""

from functools import lru_cache
from pathlib import Path

from flask import Response, abort, current_app, json, request
from flask_babel import gettext as _

from webapp.access import allow
from webapp.art.appicon import HOUSE, SIDES, recoloured
from webapp.contrast import brand_of
from webapp.frame import CANVAS, chosen_locale, shop_facts
from webapp.links import page_href
from webapp.public.blueprint import blueprint
from webapp.public.brand import kept

MOST_COLOURS = 64


@blueprint.get("/manifest.webmanifest")
@allow("anonymous")
def manifest() -> Response:
    """The shop's name, colours and icons; the app begins on Home."""
    facts = shop_facts()
    told = {
        "id": page_href("cabinet.home"),
        "name": facts.name,
        "short_name": facts.name[:12].strip(),
        "description": _("Points, tier and medals of %(shop)s in one place.", shop=facts.name),
        "lang": chosen_locale(),
        "start_url": page_href("cabinet.home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": CANVAS["light"],
        "background_color": CANVAS["light"],
        "icons": icons(),
        "shortcuts": [{"name": _("Card"), "url": page_href("cabinet.card")}],
    }
    answer = Response(json.dumps(told), content_type="application/manifest+json; charset=utf-8")
    answer.vary.update(("Accept-Language", "Cookie"))
    return kept(answer, current=False)


def icons() -> list[dict[str, str]]:
    """The icons that a manifest names."""
    return [
        {
            "src": icon_href(name),
            "sizes": f"{SIDES[name]}x{SIDES[name]}",
            "type": "image/png",
            "purpose": "maskable" if name == "maskable" else "any",
        }
        for name in ("small", "large", "maskable")
    ]


def icon_href(name: str) -> str:
    """The address of an icon; it changes with the shop's colour."""
    return page_href("public.icon", name=name, v=(shop_facts().colour or "").strip("#"))


@blueprint.get("/icon/<name>.png")
@allow("anonymous")
def icon(name: str) -> Response:
    """The mark in the shop's colour."""
    if name not in SIDES:
        abort(404)
    colour = shop_facts().colour or ""
    folder = current_app.static_folder
    assert folder is not None, "the app serves static files"
    answer = Response(icon_in(folder, name, colour), content_type="image/png")
    return kept(answer, current=request.args.get("v") == colour.strip("#"))


@lru_cache(maxsize=MOST_COLOURS)
def icon_in(folder: str, name: str, colour: str) -> bytes:
    """An icon in a colour that is readable behind the mark, or in the colours of the house."""
    brand = brand_of(colour) if colour else None
    ground, ink = (brand.light.action, brand.light.on_action) if brand else HOUSE
    return recoloured((Path(folder) / f"app-{name}.png").read_bytes(), ground, ink)
