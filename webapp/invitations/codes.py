"""Looks an invitation up by its code, and keeps codes from being found by trying."""

from dataclasses import dataclass

from gamification.commands.referrals import CHANNELS, CodeOwner, normal_code, owner_of, terms_now
from gamification.world import World
from webapp.accounts.refusals import TooManyTries
from webapp.accounts.throttles import INVITE_ADDRESS, seconds_while_full
from webapp.doors import brake, by_address
from webapp.world import open_entrance

LONGEST = 40
LINK = CHANNELS[0]


@dataclass(frozen=True, slots=True)
class Found:
    """What a code led to: whose it is; else how long nobody is answered, or a miss that counts."""

    owner: CodeOwner | None = None
    wait: int = 0
    counts: bool = False


def is_braked(world: World) -> bool:
    """Whether nobody is answered at this address for a while, because too many codes missed."""
    return seconds_while_full(world, INVITE_ADDRESS, by_address()) > 0


def look_up(world: World, code: str) -> Found:
    """Whose a live code is, by reading alone; to be followed by `owner_or_brake`."""
    if wait := seconds_while_full(world, INVITE_ADDRESS, by_address()):
        return Found(wait=wait)
    owner = owner_of(world, code[:LONGEST])
    if owner is not None:
        return Found(owner)
    terms = terms_now(world)
    return Found(counts=terms is not None and terms.is_on)


def owner_or_brake(found: Found) -> CodeOwner | None:
    """Whose a live code is; None for an unknown or retired one, which are treated alike.

    Each miss is counted; once there are too many from one address, not even the codes
    that exist are answered there for a while.

    Raises:
        TooManyTries: this address has missed too often.
    """
    if found.wait:
        raise TooManyTries(retry=found.wait)
    if found.counts:
        brake((INVITE_ADDRESS, by_address()))
    return found.owner


def find_inviter(code: str) -> CodeOwner | None:
    """As `look_up` and `owner_or_brake`, one after the other. Raises TooManyTries."""
    with open_entrance(readonly=True) as world:
        found = look_up(world, code)
    return owner_or_brake(found)


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
