"""A page, or the one block of it that htmx asked for.

A part that changes on its own is a block whose name is its element's id and its htmx
target. Every answer says so in `Vary`.
"""

from functools import cached_property
from types import FunctionType
from typing import Any

from flask import Flask, Request, Response, current_app, make_response, render_template
from htmx_flask import Htmx, request
from htmx_flask.requests import HtmxAwareRequest, HtmxHeaders
from jinja2 import Environment
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode

from webapp.assets import asset
from webapp.moulds import Moulds
from webapp.serving import this_request
from webapp.tongue import reader


class Asked(HtmxAwareRequest):  # type: ignore[misc]  # it has no types
    """A request whose htmx headers are read when somebody asks for them."""

    def __init__(self, *given: Any, **named: Any) -> None:
        Request.__init__(self, *given, **named)

    @cached_property
    def htmx(self) -> HtmxHeaders:
        """What htmx says of the request."""
        return HtmxHeaders(self.headers)


class PageContext(Context):
    """Calls plain functions and macros straight, as pages do some hundred times."""

    @internalcode
    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """As Jinja does, without asking twice what the callable wants of the context."""
        kind = type(__obj)
        plain = kind is FunctionType and not hasattr(__obj, "jinja_pass_arg")
        if not plain and kind is not Macro:
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        if plain:
            return __obj(*args, **kwargs)
        return __obj(__self.eval_ctx, *args, **kwargs)


PICTURES = frozenset({"icon", "medal", "wreath"})
"""Files whose macros draw the same for the same arguments and language, whoever looks."""
MOST_KEPT = 4096
READ_BY = ("HX-Request", "HX-Target")
"""What of a request, beside its reader, chooses between a page and a part of it."""


class Macros:
    """`ui.medal.tile(…)`: macros by file, reachable from a block rendered alone."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._files: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._environment.auto_reload:
            return self._module(name)
        if name not in self._files:
            module = self._module(name)
            self._files[name] = Pictures(module) if name in PICTURES else module
        return self._files[name]

    def _module(self, name: str) -> Any:
        return self._environment.get_template(f"macros/{name}.html").module


class Pictures:
    """Macros of one file that are drawn once and then remembered."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._kept: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        draw = remembering(getattr(self._module, name), self._kept)
        setattr(self, name, draw)
        return draw


def remembering(macro: Any, kept: dict[Any, Any]) -> Any:
    """The macro, asked only for what it was not asked before."""

    def draw(*given: Any, **named: Any) -> Any:
        key = (macro.name, reader().language, given, *named.items())
        try:
            found = kept.get(key)
        except TypeError:  # something that cannot be a key
            return macro(*given, **named)
        if found is None:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            found = kept[key] = macro(*given, **named)
        return found

    return draw


def page(name: str, /, *, status: int = 200, **values: Any) -> Response:
    """Answer a template: whole to a browser, its target block alone to htmx."""
    template = current_app.jinja_env.get_template(name)
    current_app.update_template_context(values)
    block = wanted_block()
    if block is not None and block in template.blocks:
        context = template.new_context(values)
        body = "".join(template.blocks[block](context))
        if values.get("toast"):
            told = {name: values.get(name) for name in ("toast", "undo", "chime")} | {"oob": True}
            body += render_template("layout/toast.html", **told)
    else:
        body = template.render(values)
    answer = make_response(body, status)
    answer.vary.update(READ_BY)
    return answer


def wanted_block() -> str | None:
    """The id htmx wants to fill; a boosted link or a walk back wants the whole page."""
    if "HTTP_HX_REQUEST" not in this_request().environ:
        return None
    asked = request.htmx
    if not asked or asked.boosted or asked.history_restore_request:
        return None
    return asked.target or None


def register_pages(app: Flask) -> None:
    """Give requests `htmx`, and templates `ui.<file>.<macro>`, `cast(…)` and `asset(path)`."""
    Htmx(app)
    app.request_class = Asked
    app.jinja_env.context_class = PageContext
    moulds = Moulds(remembers=not app.jinja_env.auto_reload)
    app.jinja_env.globals.update(ui=Macros(app.jinja_env), asset=asset, cast=moulds.cast)
