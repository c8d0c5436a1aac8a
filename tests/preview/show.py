"""Serves every template with invented people: python -m tests.preview.show [port].

/home?who=full&lang=ru&theme=dark and so on; no database, no engine, for eyes and browser tests.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from tests.preview import boards, people
from tests.preview.scenes import SCENES
from webapp import words
from webapp.catalogue import LaurelBabel
from webapp.contrast import brand_of, stylesheet
from webapp.frame import person_called
from webapp.menu import Frame, Shop, member_links, staff_links
from webapp.moulds import Code
from webapp.packing import register_packing
from webapp.page import page, register_pages
from webapp.words.pieces import qr_svg

ROOT = Path(__file__).resolve().parents[2]
HREFS = {key: f"/{key}" for key in ("home", "medals", "card", "history")}
CONTESTED = ("home", "challenges")
"""Scenes of a shop with challenges."""
INVITING = ("home", "friends")
"""Scenes of a shop that rewards invitations: its menu has one place more."""


def frame(current: str, *, staff: bool = False) -> Frame:
    """A frame as the query asks for it."""
    home = people.HOMES.get(request.args.get("who", "full"), people.ANNA)
    theme = request.args.get("theme", "light")
    links = (
        staff_links(
            {
                "console": "/console",
                "find": "/find",
                "reviews": "/reviews",
                "challenges": "/challenges",
                "invitations": "/invitations",
                "segments": "/segments",
                "messages": "/messages",
                "setup": "/setup-shop",
            }
        )
        if staff
        else member_links(
            HREFS
            | ({"friends": "/friends"} if current in INVITING else {})
            | ({"challenges": "/challenges"} if current in CONTESTED else {})
        )
    )
    name = home.card.holder if home.card else ""
    return Frame(
        shop=Shop("Полдень", coloured=bool(request.args.get("brand"))),
        locale=Code(request.args.get("lang", "ru")), theme=theme,  # type: ignore[arg-type]
        home_href="/home", prefs_href="/prefs", here=request.path, current=Code(current),
        links=links,
        person=person_called("Ирина, владелица" if staff else name,
                             "" if staff else words.steps.tier_line(home.tier)),
        settings_href="/settings", sign_out_href="/sign-out",
        inbox_href=None if staff else "/inbox", unread="" if staff else "2", keys_href="/keys",
    )  # fmt: skip


def show() -> Flask:
    """The app with one address per scene."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"),
                static_folder=str(ROOT / "static"), static_url_path="/static")  # fmt: skip
    LaurelBabel(app, locale_selector=lambda: request.args.get("lang", "ru"))
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    words.register(app)
    register_pages(app)
    register_packing(app)
    for name, scene in SCENES.items():
        app.add_url_rule(f"/{name}", name, endpoint_of(scene))
    app.add_url_rule("/medals/<code>", "medal_called", medal_called)
    app.add_url_rule("/brand.css", "brand", brand)
    app.add_url_rule("/code.svg", "code_svg", code)
    app.after_request(strict)
    return app


def code() -> Response:
    """The QR of the card that the scenes show."""
    return Response(qr_svg("4417000000217"), mimetype="image/svg+xml")


def endpoint_of(scene: Any) -> Callable[[], Response]:
    """A view that shows one scene."""

    def view() -> Response:
        who = request.args.get("who", "full")
        values = {"toast": request.args.get("toast")} | scene.values(who)
        return page(scene.template, frame=frame(scene.current, staff=scene.staff), **values)

    return view


def medal_called(code: str) -> Response:
    """The page that a tile of the board leads to."""
    scene = SCENES["medal"]
    return page(scene.template, frame=frame(scene.current), **boards.medal_values(code))


def brand() -> Response:
    return Response(stylesheet(brand_of("#6C2BD9")), content_type="text/css")


def strict(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'"
    )
    return answer


if __name__ == "__main__":
    show().run(port=int(sys.argv[1]) if len(sys.argv) > 1 else 8930)
