"""The way out of news: a signed address in each letter that needs no sign-in.

Source: RFC 8058; decision 0123.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from itsdangerous import BadData

from webapp.sealing import Sealer, TimedSealer

SALT, UNDO_SALT = "no-more-news", "news-again"
UNDO_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WayOut:
    """Makes the addresses; `base` is scheme and host without a slash at the end.

    An address names a member by their public id: once they are erased it leads nowhere.
    It works for as long as the letter may lie in a mailbox.
    """

    base: str
    secret: str = field(repr=False)

    def href(self, public_id: str) -> str:
        """The whole address for one member."""
        return f"{self.base}/unsubscribe/{sealed(self.secret, public_id)}"


def sealed(secret: str, public_id: str) -> str:
    """The signed part of an address."""
    return str(Sealer(secret, salt=SALT).dumps(public_id))


def opened(secret: str, token: str) -> str | None:
    """The public id that an address was made for; None for one that we never signed."""
    try:
        found = Sealer(secret, salt=SALT).loads(token)
    except BadData:
        return None
    return found if isinstance(found, str) else None


def sealed_undo(secret: str, public_id: str, consent: bool, kinds: tuple[str, ...]) -> str:
    """What a goodbye took back, signed, for the button that undoes it."""
    return str(TimedSealer(secret, salt=UNDO_SALT).dumps([public_id, consent, list(kinds)]))


def opened_undo(secret: str, text: str, public_id: str) -> tuple[bool, tuple[str, ...]] | None:
    """What is to be undone for a member; None for a text that is not theirs, or a day old."""
    try:
        found = TimedSealer(secret, salt=UNDO_SALT).loads(
            text, max_age=int(UNDO_FOR.total_seconds())
        )
    except BadData:
        return None
    if not isinstance(found, list) or len(found) != 3 or found[0] != public_id:
        return None
    return bool(found[1]), tuple(str(kind) for kind in found[2])
