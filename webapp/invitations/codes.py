"""Looks an invitation up by its code, and keeps codes from being found by trying."""

from dataclasses import dataclass

from gamification.commands.referrals import CHANNELS, CodeOwner, normal_code, owner_of, terms_now
from webapp.accounts.refusals import TooManyTries
from webapp.accounts.throttles import INVITE_ADDRESS, seconds_while_full
from webapp.doors import brake, by_address
from webapp.world import open_entrance

LONGEST = 40
LINK = CHANNELS[0]


def find_inviter(code: str) -> CodeOwner | None:
    """Whose a live code is; None for an unknown or retired one, which are treated alike.

    Each miss is counted; once there are too many from one address, not even the codes
    that exist are answered there for a while.

    Raises:
        TooManyTries: this address has missed too often.
    """
    hit = (INVITE_ADDRESS, by_address())
    with open_entrance(readonly=True) as world:
        wait = seconds_while_full(world, *hit)
        owner = None if wait else owner_of(world, code[:LONGEST])
        terms = terms_now(world) if owner is None and not wait else None
    if wait:
        raise TooManyTries(retry=wait)
    if owner is None and terms is not None and terms.is_on:
        brake(hit)
    return owner


@dataclass(frozen=True, slots=True)
class Carried:
    """A code that travels in addresses and forms, for browsers that keep no cookie."""

    code: str
    channel: str

    @property
    def text(self) -> str:
        """As it travels: the channel follows where it is not the plain link."""
        return self.code if self.channel == LINK else f"{self.code}.{self.channel}"


def carried_in(text: str) -> Carried | None:
    """What came along in `i`; None for nothing."""
    code, _, channel = text[:LONGEST].partition(".")
    found = normal_code(code)
    return Carried(found, channel_in(channel)) if found else None


def channel_in(text: str) -> str:
    """A channel that we know; the plain link for everything else."""
    return text if text in CHANNELS else LINK
