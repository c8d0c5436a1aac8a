"""Passwords are hashed with argon2, a few at a time: each takes 64 MiB."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.accounts.refusals import Busy

AT_ONCE = 2
PATIENCE = 5.0
NOBODYS_HASH = (  # of a password that was thrown away
    "$argon2id$v=19$m=65536,t=3,p=4$gfcpPqV31P4G3SByZTVq5g"
    "$AHWK/z18QN686EmE96g9U/2AQ9b4qsYiZTptt0wuWVs"
)
_places = threading.BoundedSemaphore(AT_ONCE)
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to keep. Raises Busy when too many passwords are being hashed."""
    with _Place():
        return _hasher.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Whether this is the password; takes as long when there is none to compare with.

    Raises:
        Busy: too many passwords are being hashed.
    """
    with _Place():
        try:
            _hasher.verify(stored or NOBODYS_HASH, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


class _Place:
    """One of the few places at the hasher."""

    def __enter__(self) -> None:
        if not _places.acquire(timeout=PATIENCE):
            raise Busy(retry=5)

    def __exit__(self, *_error: object) -> None:
        _places.release()
