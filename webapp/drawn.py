"""Pages of strangers, drawn once for all who would read the same.

What is kept is known by everything that it says, so a page is never older than what was
read for this request. A page with a form has its reader's token in it, and is never kept.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from flask import Flask, Response, current_app, g

from webapp.packing import packed, takes_gzip
from webapp.page import READ_BY, wanted_block

MOST_KEPT = 512
KIND = "text/html; charset=utf-8"
VARIES = ", ".join((*READ_BY, "Accept-Encoding", "Cookie"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it is sent: plain, and packed."""

    plain: bytes
    packed: bytes


class DrawnPages:
    """The pages of one app; for many threads."""

    def __init__(self, *, remembers: bool) -> None:
        self._remembers = remembers
        self._lock = threading.Lock()
        self._kept: dict[Hashable, Drawn] = {}

    def answer(self, says: Hashable, draw: Callable[[], Response]) -> Response:
        """The page for this reader, whom nobody knows.

        Args:
            says: everything that the page is made of.
            draw: makes the page, when there is none that says the same.
        """
        if not self._remembers or wanted_block() is not None:
            return draw()
        kept = self._kept.get(says)
        if kept is None:
            drawn = draw()
            if drawn.status_code == 200 and "csrf_token" not in g:
                self._keep(says, drawn.get_data())
            return drawn
        packs = takes_gzip()
        answer = Response(kept.packed if packs else kept.plain, content_type=KIND)
        if packs:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = VARIES
        return answer

    def _keep(self, says: Hashable, body: bytes) -> None:
        kept = Drawn(body, packed(body))
        with self._lock:
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[says] = kept


def register_drawn(app: Flask) -> None:
    """Give the app its pages; where templates may change underfoot none is kept."""
    app.extensions["laurel.drawn"] = DrawnPages(remembers=not app.jinja_env.auto_reload)


def drawn_page(says: Hashable, draw: Callable[[], Response]) -> Response:
    """As `DrawnPages.answer`, of the app that is answering."""
    pages: DrawnPages = current_app.extensions["laurel.drawn"]
    return pages.answer(says, draw)
