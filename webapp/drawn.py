"""Pages of strangers, drawn once for all who would read the same.

What is kept is known by everything that it says, so a page is never older than what was
read for this request; only the token of its forms is the reader's own.
"""

import threading
from collections.abc import Callable, Hashable

from flask import Flask, Response, current_app, g

from webapp.packing import Pieces, takes_gzip
from webapp.page import READ_BY, wanted_block
from webapp.sealing import form_token

MOST_KEPT = 512
VARIES = ", ".join((*READ_BY, "Accept-Encoding"))


class DrawnPages:
    """The pages of one app; for many threads."""

    def __init__(self, *, remembers: bool) -> None:
        self._remembers = remembers
        self._lock = threading.Lock()
        self._kept: dict[Hashable, Pieces] = {}

    def answer(self, says: Hashable, draw: Callable[[], Response]) -> Response:
        """The page for this reader, whom nobody knows.

        Args:
            says: everything that the page is made of, but for the token.
            draw: makes the page, when there is none that says the same.
        """
        if not self._remembers or wanted_block() is not None:
            return draw()
        kept = self._kept.get(says)
        if kept is None:
            drawn = draw()
            if drawn.status_code == 200:
                self._keep(says, drawn)
            return drawn
        word = form_token() if len(kept.plain) > 1 else ""
        packs = takes_gzip()
        answer = Response(kept.packed(word) if packs else kept.joined(word))
        if packs:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = VARIES
        return answer

    def _keep(self, says: Hashable, drawn: Response) -> None:
        """Cut the reader's token out of a page, and keep the rest."""
        text, token = drawn.get_data(as_text=True), g.get("csrf_token")
        pieces = Pieces(text.split(token) if token else [text])
        with self._lock:
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[says] = pieces


def register_drawn(app: Flask) -> None:
    """Give the app its pages; where templates may change underfoot none is kept."""
    app.extensions["laurel.drawn"] = DrawnPages(remembers=not app.jinja_env.auto_reload)


def drawn_page(says: Hashable, draw: Callable[[], Response]) -> Response:
    """As `DrawnPages.answer`, of the app that is answering."""
    pages: DrawnPages = current_app.extensions["laurel.drawn"]
    return pages.answer(says, draw)
