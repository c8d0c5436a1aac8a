"""A page, or the one block of it that htmx asked for.

A part that changes on its own is a block whose name is its element's id and its htmx
target. Every answer says so in `Vary`.
"""

from typing import Any

from flask import Flask, Response, current_app, make_response, render_template
from htmx_flask import Htmx, request
from jinja2 import Environment

from webapp.assets import asset


class Macros:
    """`ui.medal.tile(…)`: macros by file, reachable from a block rendered alone."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._environment.get_template(f"macros/{name}.html").module


def page(name: str, /, *, status: int = 200, **values: Any) -> Response:
    """Answer a template: whole to a browser, its target block alone to htmx."""
    template = current_app.jinja_env.get_template(name)
    current_app.update_template_context(values)
    block = wanted_block()
    if block is not None and block in template.blocks:
        context = template.new_context(values)
        body = "".join(template.blocks[block](context))
        if values.get("toast"):
            body += render_template("layout/toast.html", toast=values["toast"], oob=True)
    else:
        body = template.render(values)
    answer = make_response(body, status)
    answer.vary.update(("HX-Request", "HX-Target"))
    return answer


def wanted_block() -> str | None:
    """The id htmx wants to fill; a boosted link or a walk back wants the whole page."""
    asked = request.htmx
    if not asked or asked.boosted or asked.history_restore_request:
        return None
    return asked.target or None


def register_pages(app: Flask) -> None:
    """Give requests `htmx`, and templates `ui.<file>.<macro>` and `asset(path)`."""
    Htmx(app)
    app.jinja_env.globals.update(ui=Macros(app.jinja_env), asset=asset)
