"""Reads every address, header, tag and line that leaves the app for what is personal in it."""

import html
import re
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from flask import Flask

LED = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Refresh", "Link",
       "Content-Disposition")  # fmt: skip
"""Headers that lead somewhere or name something outside the page."""
LEADING = re.compile(
    r"\s(?:href|src|srcset|action|formaction|poster|cite|ping|hx-(?:get|post|put|patch|delete|"
    r'push-url|replace-url|vals|headers)|data-[\w-]*(?:href|url|link|text|share)[\w-]*)="([^"]*)"'
)
META = re.compile(r"<(?:meta|title|link)\b[^>]*>(?:[^<]*</title>)?")
NEXT = re.compile(r'name="(?:next|i)"[^>]* value="([^"]*)"')


@dataclass
class Watch:
    """Everything that an app lets out where others could read it."""

    planted: tuple[str, ...]
    said: list[tuple[str, str]] = field(default_factory=list)
    policies: set[str] = field(default_factory=set)

    def over(self, app: Flask) -> None:
        """Read along with each request of an app from now on."""
        inner = app.wsgi_app

        def outer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            query = environ.get("QUERY_STRING", "")
            asked = environ["PATH_INFO"].encode("latin-1").decode() + "?" + query
            self.said += [("asked", asked), ("referer", environ.get("HTTP_REFERER", ""))]
            told: dict[str, Any] = {}

            def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
                told.update(headers=headers)
                return start(status, headers, *more)

            with closing(inner(environ, note)) as parts:  # type: ignore[type-var]
                body = b"".join(parts)
            self.read(told["headers"], body)
            return [body]

        app.wsgi_app = outer  # type: ignore[method-assign]

    def read(self, headers: list[tuple[str, str]], body: bytes) -> None:
        """One answer: where it leads, and what others keep of it."""
        self.said += [(name, value) for name, value in headers if name in LED]
        kind = dict(headers).get("Content-Type", "")
        if "html" not in kind:
            return
        self.policies.add(dict(headers).get("Referrer-Policy", "none"))
        text = body.decode()
        for pattern, name in ((LEADING, "linked"), (META, "tag"), (NEXT, "carried")):
            self.said += [(name, html.unescape(each)) for each in pattern.findall(text)]

    def leaks(self, more: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
        """What was said with something personal in it, each once."""
        return sorted({(where, text) for where, text in [*self.said, *more] if self.tells(text)})

    def tells(self, text: str) -> bool:
        """Whether something planted is in a text, however it is written there."""
        plain = unquote_plus(unquote_plus(text)).lower().replace("ё", "е")
        digits = re.sub(r"[\s()+.-]", "", plain)
        return any(each in plain or each in digits for each in self.planted)
