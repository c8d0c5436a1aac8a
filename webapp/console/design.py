"""The living page of the design system: every part in every state, theme and language."""

from typing import cast

from flask import Response, g, request, url_for
from flask_babel import force_locale

from webapp.access import allow
from webapp.art.sprite import kit
from webapp.catalogue import LANGUAGES
from webapp.choice import THEMES
from webapp.console import specimens
from webapp.console.blueprint import blueprint
from webapp.frame import frame_for
from webapp.menu import Theme
from webapp.moulds import Code
from webapp.page import page


@blueprint.get("/design")
@allow("marketer", "owner")
def design() -> Response:
    """The parts in the language and theme of the address, else in the reader's own."""
    frame = frame_for("setup")
    language = request.args.get("lang", frame.locale)
    theme = request.args.get("theme", frame.theme)
    if language in LANGUAGES and theme in THEMES:
        frame = frame._replace(locale=Code(language), theme=cast("Theme", theme))
    g.frame = frame
    with force_locale(frame.locale):
        return page("console/design.html", frame=frame, choices=choices(), it=shown())


def choices() -> list[tuple[str, str, str]]:
    """Language, theme and address of each way to look at the page."""
    return [
        (language, theme, url_for("console.design", lang=language, theme=theme))
        for language in LANGUAGES
        for theme in ("light", "dark")
    ]


def shown() -> dict[str, object]:
    """Everything that the page lays out."""
    return {
        "colours": specimens.COLOURS,
        "scenes": specimens.SCENES,
        "sizes": specimens.SIZES,
        "fills": specimens.FILLS,
        "tiers": specimens.tier_cards(),
        "operations": specimens.operations(),
        "steps": specimens.steps(),
        "medals": specimens.medals(),
        "states": specimens.states(),
        "kit": list(kit()),
        "icons": specimens.icons(),
        "glyphs": specimens.glyphs(),
        "today": specimens.TODAY,
    }
