"""Pages of strangers, drawn once for all who would read the same.

What is kept is known by everything that it says, so a page is never older than what was
read for this request. A page with a form has its reader's token in it, and is never kept.
The headers of a page are kept with it as they went out the first time; each answer still
passes everything that every answer passes, which then finds nothing left to add.
"""

import gzip
import threading
from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, Response, g
from werkzeug.datastructures import Headers

from webapp.packing import FILE_LEVEL, takes_gzip
from webapp.page import READ_BY, wanted_block
from webapp.serving import this_app

MOST_KEPT = 512
ANEW = ("Content-Length", "Vary", "Set-Cookie")
VARIES = ", ".join((*READ_BY, "Accept-Encoding", "Cookie"))


class Checked(Headers):
    """Headers that others have checked already: they are taken over as they are."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__()
        self._list = pairs.copy()


class Body:
    """A page as it is sent, plain or packed, and the headers that went out with it before."""

    def __init__(self, body: bytes, headers: Headers, packing: str = "") -> None:
        self.body = body
        self._first = [pair for pair in headers if pair[0] not in ANEW] + [("Vary", VARIES)]
        self._first += [("Content-Encoding", packing)] if packing else []
        self._sent: list[tuple[str, str]] | None = None

    def answer(self) -> Response:
        """The answer with its headers, complete from the second time on."""
        if self._sent is None:
            return FirstAnswer(self)
        return LaterAnswer([self.body], headers=Checked(self._sent))

    @property
    def headers(self) -> Headers:
        """What is known of the headers before anything was sent."""
        return Headers(self._first)

    def note(self, headers: Headers) -> None:
        """Keep what went out; cookies are one reader's alone."""
        self._sent = [pair for pair in headers if pair[0].lower() != "set-cookie"]


class FirstAnswer(Response):
    """A page that is sent for the first time in this way."""

    def __init__(self, body: Body) -> None:
        super().__init__(body.body, headers=body.headers)
        self._body = body

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """As Flask makes them; they are kept."""
        headers = super().get_wsgi_headers(environ)
        if self.status_code == 200:
            self._body.note(headers)
        return headers


class LaterAnswer(Response):
    """A page whose headers went out before: no address is among them, their length is told."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """The headers as they stand."""
        return self.headers if self.status_code == 200 else super().get_wsgi_headers(environ)


class DrawnPages:
    """The pages of one app; for many threads."""

    def __init__(self, *, remembers: bool) -> None:
        self._remembers = remembers
        self._lock = threading.Lock()
        self._kept: dict[Hashable, tuple[Body, Body]] = {}

    def answer(self, says: Hashable, draw: Callable[[], Response]) -> Response:
        """The page for this reader, whom nobody knows.

        Args:
            says: everything that the page is made of, its headers too.
            draw: makes the page, when there is none that says the same.
        """
        if not self._remembers or wanted_block() is not None:
            return draw()
        kept = self._kept.get(says)
        if kept is not None:
            return kept[takes_gzip()].answer()
        drawn = draw()
        if drawn.status_code == 200 and "csrf_token" not in g:
            self._keep(says, drawn.get_data(), drawn.headers)
        return drawn

    def _keep(self, says: Hashable, body: bytes, headers: Headers) -> None:
        """Keep a page, and packed as small as it goes: nothing in it is a secret."""
        packed = gzip.compress(body, FILE_LEVEL, mtime=0)
        kept = Body(body, headers), Body(packed, headers, "gzip")
        with self._lock:
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[says] = kept


def register_drawn(app: Flask) -> None:
    """Give the app its pages; where templates may change underfoot none is kept."""
    app.extensions["laurel.drawn"] = DrawnPages(remembers=not app.jinja_env.auto_reload)


def drawn_page(says: Hashable, draw: Callable[[], Response]) -> Response:
    """As `DrawnPages.answer`, of the app that is answering."""
    pages: DrawnPages = this_app().extensions["laurel.drawn"]
    return pages.answer(says, draw)
