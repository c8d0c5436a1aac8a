"""A page that is sent while it is still being worked out: progress first, what was found last.

It needs no script, no place to keep what is half done, and it ends when its reader leaves
(decision 0125).
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Response, current_app, stream_with_context

from gamification.world import World
from webapp.log import LOG
from webapp.world import open_world

LONGEST = 60.0
"""Seconds after which a run gives up: a page that is waited for, no job for a night."""
Steps = Iterator[tuple[int, Any]]


class LiveRun:
    """A long reading that a template goes through: `for percent in run`, then `run.found`.

    Args:
        steps: begins the work in a world that can only read.
        finish: what the found is turned into while that world is still open.
    """

    def __init__(
        self, steps: Callable[[World], Steps], finish: Callable[[World, Any], Any]
    ) -> None:
        self._steps, self._finish = steps, finish
        self.found: Any = None
        self.is_late = self.has_failed = self.is_due = False

    def __iter__(self) -> Iterator[int]:
        began = time.monotonic()
        try:
            with open_world(readonly=True) as world:
                for percent, found in self._steps(world):
                    if found is not None:
                        self.found = self._finish(world, found)
                    elif time.monotonic() - began > LONGEST:
                        self.is_late = True
                        return
                    yield percent
        except Exception:  # noqa: BLE001 - whatever it was, the reader is told
            # The head of the page is out already: a sentence has to do instead of a status.
            LOG.exception("rehearsal_failed")
            self.found, self.has_failed = None, True

    def send(self) -> str:
        """Let what was written so far go to the reader; for the end of a step."""
        self.is_due = True
        return ""


def live_page(name: str, run: LiveRun, /, **values: Any) -> Response:
    """Answer a template piece by piece, as its run gets on."""
    template = current_app.jinja_env.get_template(name)
    values["run"] = run
    current_app.update_template_context(values)
    body = stream_with_context(_sent(template.generate(values), run))
    answer = Response(body, mimetype="text/html")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _sent(pieces: Iterable[str], run: LiveRun) -> Iterator[str]:
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if run.is_due:
            run.is_due = False
            yield "".join(held)
            held.clear()
    yield "".join(held)
