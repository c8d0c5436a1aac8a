"""Answers packed on their way: static files once and well, pages each time and fast.

A packed page tells its length, and its length tells a little of what is inside to
somebody who can make it carry their own text beside a secret (BREACH). So every packed
page carries a name of random length in its head, which no reader looks at.
"""

import gzip
import io
import secrets
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.http import parse_accept_header
from werkzeug.security import safe_join

from webapp.assets import changed_at, content
from webapp.serving import this_request

SMALLEST = 1_000
PAGE_LEVEL, FILE_LEVEL = 4, 9
LONGEST_NAME = 100
TEXTS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
PACKED_PAGES = ("text/html", "application/json", "application/problem+json", "text/csv")


def register_packing(app: Flask) -> None:
    """Pack pages after they are made, and serve static files packed."""
    app.view_functions["static"] = static_file
    app.after_request(pack_page)


def static_file(filename: str) -> Response:
    """A file of the program; a text comes packed where the browser takes it."""
    folder = str(current_app.static_folder)
    kind = TEXTS.get(Path(filename).suffix)
    if kind is None or safe_join(folder, filename) is None:
        return send_from_directory(folder, filename)
    try:
        changed = changed_at(folder, filename)
    except OSError:
        raise NotFound from None
    if takes_gzip():
        answer = Response(packed_file(folder, filename, changed), content_type=kind)
        answer.content_encoding = "gzip"
    else:
        answer = Response(content(folder, filename, changed), content_type=kind)
    answer.vary.add("Accept-Encoding")
    answer.set_etag(f"{changed:x}{'-gz' if answer.content_encoding else ''}")
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=64)
def packed_file(folder: str, name: str, changed: int) -> bytes:
    """A file packed as small as it goes."""
    return gzip.compress(content(folder, name, changed), FILE_LEVEL, mtime=0)


def pack_page(answer: Response) -> Response:
    """The same answer, packed when it is a text worth it and nothing is streamed."""
    if (
        "Content-Encoding" in answer.headers
        or answer.mimetype not in PACKED_PAGES
        or answer.is_streamed
        or answer.direct_passthrough
    ):
        return answer
    answer.vary.add("Accept-Encoding")
    body = answer.get_data()
    if len(body) < SMALLEST or not takes_gzip():
        return answer
    answer.set_data(packed(body))
    answer.content_encoding = "gzip"
    return answer


def packed(body: bytes) -> bytes:
    """A body packed under a name of random length."""
    target = io.BytesIO()
    name = secrets.token_hex(LONGEST_NAME)[: 1 + secrets.randbelow(LONGEST_NAME)]
    with gzip.GzipFile(name, "wb", PAGE_LEVEL, target, mtime=0) as packer:
        packer.write(body)
    return target.getvalue()


def takes_gzip() -> bool:
    """Whether this browser reads packed answers."""
    return names_gzip(this_request().environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=1024)
def names_gzip(header: str) -> bool:
    """Whether what a browser says of its encodings takes gzip; they say it in few ways."""
    return parse_accept_header(header)["gzip"] > 0
