"""Blocks of a page, drawn once per shape; afterwards only their words are put in.

A block is a macro and one named tuple of what it shows. Text fields are words: they
stand where the macro puts them, escaped, and the macro may only ask whether they are
there. Everything else (numbers, flags, codes, how many rows) is shape: another shape is
drawn anew by the macro itself, and remembered.
"""

import re
from collections.abc import Callable, Iterator
from operator import itemgetter
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from markupsafe import Markup, escape

from webapp.tongue import reader

Code = NewType("Code", str)
"""A text that chooses what is drawn, as the name of an icon does: shape, not words."""

MARK = re.compile("\ue000([0-9]+)\ue001")
RISKY = re.compile("[&<>\"']").search
MOST_KEPT = 4096
WORDS, PART, PARTS, SHAPE = range(4)
Key = tuple[Any, ...]
ROLES: dict[type, tuple[int, ...]] = {}


def roles_of(kind: Any) -> tuple[int, ...]:
    """What each field of a kind of block is."""
    found = ROLES.get(kind)
    if found is None:
        hints = get_type_hints(kind)
        found = ROLES[kind] = tuple(role_of(hints[name]) for name in kind._fields)
    return found


def role_of(hint: Any) -> int:
    """Words, a part or parts with words of their own, or shape."""
    if get_origin(hint) in (Union, UnionType):
        inner = [each for each in get_args(hint) if each is not type(None)]
        return role_of(inner[0]) if len(inner) == 1 else SHAPE
    if hint is str or hint is Markup:
        return WORDS
    if hasattr(hint, "_fields"):
        return PART
    inside = get_args(hint)
    return PARTS if get_origin(hint) is tuple and hasattr(inside[0], "_fields") else SHAPE


def take_apart(words: Any, texts: list[Any]) -> Key:
    """The shape of a block; its texts are added to the list in the order of the fields."""
    kind = type(words)
    key: list[Any] = [kind]
    for value, role in zip(words, roles_of(kind), strict=True):
        if not value or role == SHAPE:
            key.append(value or None)
        elif role == WORDS:
            key.append(True)
            texts.append(value)
        elif role == PART:
            key.append(take_apart(value, texts))
        else:
            key.append(tuple([take_apart(each, texts) for each in value]))
    return tuple(key)


def marked(words: Any, numbers: Iterator[int]) -> Any:
    """The block with numbered marks for words, in the order of `take_apart`."""
    fields: list[Any] = []
    for value, role in zip(words, roles_of(type(words)), strict=True):
        if not value or role == SHAPE:
            fields.append(value)
        elif role == WORDS:
            fields.append(f"\ue000{next(numbers)}\ue001")
        elif role == PART:
            fields.append(marked(value, numbers))
        else:
            fields.append(tuple(marked(each, numbers) for each in value))
    return type(words)(*fields)


Filled = Callable[[list[Any]], str]


def mould_of(drawn: str) -> Filled:
    """What puts texts where a drawing has marks."""
    pieces = MARK.split(drawn)
    pattern = "%s".join(piece.replace("%", "%%") for piece in pieces[::2])
    places = [int(piece) for piece in pieces[1::2]]
    if not places:
        return lambda _texts: drawn
    if len(places) == 1:
        return lambda texts: pattern % (texts[places[0]],)
    pick = itemgetter(*places)
    return lambda texts: pattern % pick(texts)


class Moulds:
    """Draws blocks; remembers their shapes unless templates may change underfoot."""

    def __init__(self, *, remembers: bool = True) -> None:
        self._remembers = remembers
        self._kept: dict[Key, Filled] = {}

    def cast(self, macro: Any, words: Any) -> Markup:
        """The block that a macro draws of these words, in the reader's language."""
        if not self._remembers:
            return Markup(macro(words))  # noqa: S704 - a macro escapes what it is given
        texts: list[Any] = []
        key = (macro, reader().language, take_apart(words, texts))
        filled = self._kept.get(key)
        if filled is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            drawn = str(macro(marked(words, iter(range(len(texts))))))
            filled = self._kept[key] = mould_of(drawn)
        return Markup(filled([safe(text) for text in texts]))  # noqa: S704 - escaped here


def safe(text: str) -> str:
    """A text as it stands in a page: most have nothing to escape, which is cheaper to find out."""
    if type(text) is str and RISKY(text) is None:
        return text
    return escape(text)
