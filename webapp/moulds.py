"""Blocks of a page, drawn once per shape; afterwards only their words are put in.

A block is a macro and one frozen dataclass of what it shows. Text fields are words:
they stand where the macro puts them, escaped, and the macro may only ask whether they are
there. Everything else (numbers, flags, codes, how many rows) is shape: another shape is
drawn anew by the macro itself, and remembered.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from operator import attrgetter, itemgetter
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from markupsafe import Markup, escape

from webapp.tongue import reader

Code = NewType("Code", str)
"""A text that chooses what is drawn, as the name of an icon does: shape, not words."""

MARK = re.compile("\ue000([0-9]+)\ue001")
MOST_KEPT = 4096
WORDS, PART, PARTS, SHAPE = range(4)
Key = tuple[Any, ...]
Plan = tuple[Callable[[Any], tuple[Any, ...]], tuple[int, ...]]
PLANS: dict[type, Plan] = {}


def plan_of(kind: type) -> Plan:
    """How to read the fields of a dataclass, and what each of them is."""
    if kind not in PLANS:
        PLANS[kind] = make_plan(kind)
    return PLANS[kind]


def make_plan(kind: Any) -> Plan:
    """As `plan_of`, from the annotations."""
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    roles = tuple(role_of(hints[name]) for name in names)
    if len(names) == 1:
        read = attrgetter(names[0])
        return lambda words: (read(words),), roles
    return attrgetter(*names), roles


def role_of(hint: Any) -> int:
    """Words, a part or parts with words of their own, or shape."""
    if get_origin(hint) in (Union, UnionType):
        inner = [each for each in get_args(hint) if each is not type(None)]
        return role_of(inner[0]) if len(inner) == 1 else SHAPE
    if hint is str or hint is Markup:
        return WORDS
    if is_dataclass(hint):
        return PART
    inside = get_args(hint)
    return PARTS if get_origin(hint) is tuple and is_dataclass(inside[0]) else SHAPE


def take_apart(words: Any, texts: list[Any]) -> Key:
    """The shape of a block; its texts are added to the list in the order of the fields."""
    read, roles = plan_of(type(words))
    key: list[Any] = [type(words)]
    for value, role in zip(read(words), roles, strict=True):
        if role == WORDS:
            key.append(bool(value))
            if value:
                texts.append(value)
        elif role == SHAPE or value is None:
            key.append(value)
        elif role == PART:
            key.append(take_apart(value, texts))
        else:
            key.append(tuple([take_apart(each, texts) for each in value]))
    return tuple(key)


def marked(words: Any, numbers: Iterator[int]) -> Any:
    """The block with numbered marks for words, in the order of `take_apart`."""
    changes: dict[str, Any] = {}
    _, roles = plan_of(type(words))
    for each, role in zip(fields(words), roles, strict=True):
        value = getattr(words, each.name)
        if role == WORDS and value:
            changes[each.name] = f"\ue000{next(numbers)}\ue001"
        elif role == PART and value is not None:
            changes[each.name] = marked(value, numbers)
        elif role == PARTS:
            changes[each.name] = tuple(marked(part, numbers) for part in value)
    return replace(words, **changes)


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
        return Markup(filled([escape(text) for text in texts]))  # noqa: S704 - escaped here
