"""A request's body as one JSON object: its letters and its shape, before its meaning."""

import json
import re
from typing import Any

from flask import request

from webapp.api.refusals import UnreadableBody, WrongMediaType
from webapp.security import is_too_deep, refuse_constant

HALF_LETTER = re.compile(r"\\u[dD][89a-fA-F]")


def read_object() -> dict[str, Any]:
    """The JSON object of the request that is being answered; its size is bounded already.

    Raises:
        WrongMediaType: it is not announced as plain JSON in UTF-8.
        UnreadableBody: it is no JSON object, nests too deep, or names a field twice.
    """
    coding = request.headers.get("Content-Encoding", "identity")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset != "utf-8" or coding != "identity":
        raise WrongMediaType()
    return parse_object(request.get_data(cache=False))


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object from UTF-8, with no field named twice. Raises UnreadableBody."""
    try:
        text = body.decode("utf-8")
        if is_too_deep(text):
            raise UnreadableBody(why="too_deep")
        found = json.loads(text, object_pairs_hook=once_each, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(why="not_json") from error
    if not isinstance(found, dict):
        raise UnreadableBody(why="not_an_object")
    if HALF_LETTER.search(text):
        refuse_half_letters(found)
    return found


def refuse_half_letters(found: dict[str, Any]) -> None:
    """Half of a surrogate pair is no letter: nothing could write it down again."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise UnreadableBody(why="not_unicode") from error


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object from its fields: given twice, two programs could read it differently."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise UnreadableBody(why="field_twice")
    return found
