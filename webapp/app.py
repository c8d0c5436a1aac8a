"""Puts everything together: the only module that knows all the others."""

import gc
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Flask, g
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import cabinet, console, entrance, health, public, staff, words
from webapp.access import allow, check_access, declared_routes
from webapp.api import routes as api
from webapp.clocks import programme_clock, wall_clock
from webapp.drawn import register_drawn
from webapp.frame import register_frame
from webapp.invitations.visits import register_visits
from webapp.kept.keeping import keep_late_form, register_kept
from webapp.log import LOG, start_log
from webapp.packing import register_packing
from webapp.page import register_pages
from webapp.readers import register_readers
from webapp.refused import register_refusals
from webapp.row_numbers import register_row_numbers
from webapp.safe_start import checked_engine, programme_zone, refuse_debug
from webapp.secret import find_secret
from webapp.security import check_bounds, check_form, register_security
from webapp.settings import Settings, read_settings
from webapp.signin import register_signin
from webapp.surroundings import Surroundings, here
from webapp.world import Worlds

BLUEPRINTS = (
    entrance.blueprint,
    cabinet.blueprint,
    staff.blueprint,
    api.blueprint,
    console.blueprint,
    public.blueprint,
    health.blueprint,
)
SOURCE = Path(__file__).resolve().parent


class Laurel(Flask):
    """Flask without its question, a dozen times a request, whether a function is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: all of ours are plain."""
        return func


def create_app(settings: Settings | None = None, *, engine: sa.Engine | None = None) -> Flask:
    """The app, ready to serve.

    Args:
        settings: from the environment when absent.
        engine: a database that the caller vouches for; else that of the settings, checked.
    Raises:
        UnsafeStart: debug is on, the schema is another version's, the database could lose rows.
        WeakSecret: the key is missing or could be guessed.
        UndeclaredRoute: a route does not say who may come in.
    """
    settings = settings or read_settings()
    secret = find_secret(settings)
    refuse_debug(settings)
    app = Laurel(
        "webapp",
        root_path=str(SOURCE),
        template_folder=str(folder("templates")),
        static_folder=str(folder("static")),
        static_url_path="/static",
    )
    app.secret_key = secret
    app.extensions["laurel"] = surround(settings, engine or checked_engine(settings), secret)
    register_visits(app, here(app).programme)
    furnish(app, settings)
    list(declared_routes(app))
    if settings.test_mode:
        LOG.warning("test_mode", clock=str(settings.clock_file), never="with customers")
    return app


def furnish(app: Flask, settings: Settings) -> None:
    """Everything that answers a request, in the order in which it is asked."""
    start_log(settings.log_level)
    register_row_numbers(app)
    app.before_request(number_request)
    app.before_request(check_bounds)
    app.before_request(keep_late_form)
    app.before_request(check_access)
    app.before_request(check_form)
    register_signin(app, https=settings.https)
    register_security(app, https=settings.https, hosts=settings.trusted_hosts)
    register_frame(app)
    register_readers(app)
    register_pages(app)
    register_drawn(app)
    words.register(app)
    register_refusals(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    register_packing(app)
    register_kept(app)  # packed after it was filled in
    app.view_functions["static"] = allow("anonymous")(app.view_functions["static"])
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def folder(name: str) -> Path:
    """Where templates or static files lie: beside the packages, or inside the wheel."""
    packed = SOURCE / f"_{name}"
    return packed if packed.is_dir() else SOURCE.parent / name


def surround(settings: Settings, engine: sa.Engine, secret: str) -> Surroundings:
    """The database seen through two clocks: the programme's and the wall's."""
    clock = programme_clock(settings, programme_zone(engine) if settings.as_of else ZoneInfo("UTC"))
    return Surroundings(
        settings=settings,
        engine=engine,
        programme=Worlds(engine, clock, settings.as_of),
        entrance=Worlds(engine, wall_clock(settings)),
        secret=secret,
    )


def number_request() -> None:
    g.request_id = token_hex(6)


def serve() -> Flask:
    """What a WSGI server calls: `granian --factory webapp.app:serve`."""
    app = create_app()
    gc.enable()  # see cli.__main__
    gc.freeze()  # what is there now stays for good
    return app
