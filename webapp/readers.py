"""Tells scripts in the browser whose page an answer is, without saying who that is.

A part of a page that came for another reader, or in another language, is not put into it.
"""

from flask import Flask, Response, g

from webapp.accounts.rules import keyed_hash
from webapp.frame import chosen_locale, visitor_or_nobody
from webapp.surroundings import here

HEADER = "Laurel-Reader"
NOBODY = "nobody"


def register_readers(app: Flask) -> None:
    """Mark every page, in its headers and in itself: there by `reader_mark`."""
    app.after_request(with_reader)
    app.jinja_env.globals["reader_mark"] = reader_mark


def with_reader(answer: Response) -> Response:
    """A name for this session on a page that was answered; another session is another name.

    A failure says nothing: it is no reason to forget anything.
    """
    if answer.status_code in (200, 401, 403, 404, 422) and answer.mimetype == "text/html":
        mark = reader_mark()
        if answer.headers.get(HEADER) != mark:
            answer.headers[HEADER] = mark
        answer.headers.setdefault("Content-Language", chosen_locale())
    return answer


def reader_mark() -> str:
    """The mark of whoever is signed in as a customer; pages of a past day are nobody's."""
    if "reader" not in g:
        g.reader = find_mark()
    return str(g.reader)


def find_mark() -> str:
    """The mark, worked out."""
    found = visitor_or_nobody()
    if found is None or found.member_id is None or here().settings.as_of is not None:
        return NOBODY
    return keyed_hash(here().secret, "reader", found.key)[:16]
