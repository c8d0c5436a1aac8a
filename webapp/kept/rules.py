"""Which fields of a form are kept, and where it is filled in again; no session, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl, urlencode, urlsplit

KEPT_FOR = timedelta(minutes=30)
MOST_LETTERS = 16 * 1024
NEVER = ("password", "code", "token", "secret", "csrf", "kept")
"""Parts of names of fields that are not kept, whatever a route declares."""
NAME = "kept"
"""The parameter of an address, and the field of a form, that carry the key."""

Fields = Mapping[str, Sequence[str]]


def kept_fields(sent: Iterable[tuple[str, list[str]]], keeps: Sequence[str]) -> Fields | None:
    """The fields that a route lets keep, with their values; None when there are too many letters.

    Args:
        keeps: names, or patterns such as `rate-*`.
    """
    found = {name: list(texts) for name, texts in sent if is_kept(name, keeps)}
    letters = sum(len(name) + sum(map(len, texts)) for name, texts in found.items())
    return found if letters <= MOST_LETTERS else None


def is_kept(name: str, keeps: Sequence[str]) -> bool:
    """Whether a field of that name may be kept."""
    return not any(part in name.casefold() for part in NEVER) and any(
        fnmatchcase(name, pattern) for pattern in keeps
    )


def carrying(path: str, key: str) -> str:
    """The address of a page, with the key of what was kept in it."""
    parts = urlsplit(path)
    asked = [pair for pair in parse_qsl(parts.query) if pair[0] != NAME]
    return f"{parts.path}?{urlencode([*asked, (NAME, key)])}"


def carries_form(path: str) -> bool:
    """Whether an address leads to a form that was kept."""
    return any(name == NAME for name, _ in parse_qsl(urlsplit(path).query))
