"""How far an import has come, for somebody who watches a terminal."""

import sys
import time
from types import TracebackType
from typing import Any, Self

import click
from flask_babel import gettext as _


class Bars:
    """One bar for reading a file, one for recording; silent where nobody watches."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._name = ""
        self._bar: Any = None
        self._began = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._end()

    def reading(self, file: str, done: int, size: int) -> None:
        """So many bytes of a file are read."""
        self._show(_("Reading %(file)s", file=file), done, size)

    def recording(self, done: int, receipts: int) -> None:
        """So many receipts or members of all are done; says how many a second."""
        self._show(_("Recording"), done, receipts)

    def _show(self, name: str, done: int, whole: int) -> None:
        if not self._shown:
            return
        if name != self._name:
            self._end()
            self._name, self._began = name, time.monotonic()
            self._bar = click.progressbar(
                length=max(whole, 1),
                label=name,
                file=sys.stderr,
                show_pos=True,
                item_show_func=self._rate,
            )
            self._bar.__enter__()
        self._bar.update(max(0, done - self._bar.pos), done)

    def _rate(self, done: int | None) -> str:
        took = time.monotonic() - self._began
        return _("%(n)s/s", n=int((done or 0) / took)) if took > 0 else ""

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
