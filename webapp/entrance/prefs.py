"""Language and theme, for visitors and for those who are signed in."""

from flask import Response, abort, request, session

from gamification.commands.member import change_locale
from gamification.world import World
from webapp.access import allow
from webapp.accounts.actions import set_preferences
from webapp.catalogue import LANGUAGES
from webapp.choice import THEMES
from webapp.entrance.blueprint import blueprint
from webapp.entrance.steps import go, next_path
from webapp.signin import visitor
from webapp.surroundings import here
from webapp.world import run_entrance


@blueprint.post("/prefs")
@allow("anonymous")
def prefs() -> Response:
    """Remember a choice, and back to where it was made."""
    locale, theme = request.form.get("locale"), request.form.get("theme")
    if (locale and locale not in LANGUAGES) or (theme and theme not in THEMES):
        abort(400)
    if locale:
        session["locale"] = locale
    if theme:
        session["theme"] = theme
    if (found := visitor()) is not None:
        account_id, member_id = found.account_id, found.member_id
        still = here().settings.as_of is not None

        def remember(world: World) -> None:
            set_preferences(world, account_id, locale=locale, theme=theme)
            if locale and member_id is not None and not still:
                change_locale(world, member_id, locale)

        run_entrance(remember)
    return go(next_path() or "/")
