"""Codes of invitations: drawn without look-alikes, or a word of one's own. Pure."""

import secrets
from collections.abc import Iterable
from string import ascii_uppercase

ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXYZ"
"""Without what is taken for each other: no 0 and O, no 1, I and L, no S beside the 5."""
LENGTH = 8
SHORTEST_WORD, LONGEST_WORD = 4, 20
LETTERS = frozenset(ascii_uppercase) | frozenset(map(chr, range(0x410, 0x430)))
"""Latin and Russian capitals."""
SIGNS = LETTERS | frozenset("0123456789-")


def draw_code() -> str:
    """Eight signs by chance: 30 to the eighth, some 656 thousand million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal_code(typed: str) -> str:
    """A code as it is kept: capitals, without spaces and the dashes around it."""
    signs = "".join(typed.split()).strip("-").upper().replace(chr(0x401), chr(0x415))
    return signs[: LONGEST_WORD + 4]


TWINS = str.maketrans(
    dict(zip(map(chr, (0x410, 0x412, 0x415, 0x417, 0x41A, 0x41C, 0x41D, 0x41E, 0x420, 0x421, 0x422,
                       0x423, 0x425)), "ABE3KMHOPCTYX", strict=True))
    | {"0": "O"}
)  # fmt: skip
"""Russian capitals, and the nought, as the Latin letters that look the same."""


def looks_of(word: str) -> str:
    """What the eye keeps of a word: twins of both alphabets are one letter, dashes none."""
    return word.replace("-", "").translate(TWINS)


def word_fault(word: str, banned: Iterable[str]) -> str | None:
    """Why a word of one's own, in normal form, cannot be taken; None when it can.

    `length`, `signs` or `banned`: a word that offends, or that looks like the shop itself.
    """
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        return "length"
    if not set(word) <= SIGNS or not set(word) & LETTERS:
        return "signs"
    bare = word.replace("-", "")
    return "banned" if any(stem in bare for stem in banned) else None
