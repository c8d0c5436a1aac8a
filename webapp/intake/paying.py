"""What a receipt was paid with, as a file tells it: a token, never the number of a card."""

import re
from collections.abc import Callable
from functools import lru_cache

from gamification.commands.member import check_digit
from webapp.intake.faults import BadRow
from webapp.intake.values import NO_TEXT

MOST = 200
"""The longest token, as at the till."""
SHORTEST, LONGEST = 13, 19
SEPARATED = re.compile(r"[\W_]")
FLOAT_TAIL = re.compile(r"\.0+$")
WITHIN = re.compile(
    r"(?<!\w)(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{5})(?!\w)"
)
"""A number within other words: in one piece, or in the groups that are printed on cards."""
SHOWN = 4


def is_card_number(text: str) -> bool:
    """Whether a text is the full number of a bank card or holds one: 13 to 19 digits by Luhn."""
    whole = FLOAT_TAIL.sub("", text.strip())
    found = (match[0] for match in WITHIN.finditer(whole))
    return any(_fits(SEPARATED.sub("", one)) for one in (whole, *found))


def _fits(digits: str) -> bool:
    if not (SHORTEST <= len(digits) <= LONGEST and digits.isdecimal()):
        return False
    return check_digit(digits[:-1]) == str(int(digits[-1]))


def masked(text: str) -> str:
    """A token as people may see it: its last four signs, of a short one the last half."""
    plain = text.strip()
    if not plain:
        return ""
    shown = plain[-min(SHOWN, len(plain) // 2) :] if len(plain) > 1 else ""
    return f"•••• {shown}".rstrip()


def payment_reader(mark: Callable[[str], str]) -> Callable[[str], str | None]:
    """Reads a token as the hash that is kept of it; None when there is none.

    Raises BadRow for a card number and for what is too long, with the masked text alone.
    """

    @lru_cache(maxsize=65_536)
    def read(text: str) -> str | None:
        plain = text.strip()
        if not plain:
            return None
        if is_card_number(plain):
            raise BadRow("card_number", "payment", masked(plain))
        if len(plain) > MOST:
            raise BadRow("too_long", "payment", masked(plain))
        if NO_TEXT.search(plain):
            raise BadRow("unreadable", "payment")
        return mark(plain)

    return read
