"""The ways a message reaches a person: e-mail, SMS, the inbox; and the log, for a demo."""

from collections.abc import Mapping
from typing import Protocol

from webapp.channels.letters import Letter
from webapp.settings import Settings


class UndeliverableError(Exception):
    """This message will never arrive at this address; trying again is of no use."""


class BusyError(Exception):
    """It did not work now; it may work later."""


class Channel(Protocol):
    """One way out. Returns when the message is somebody else's to carry.

    Raises:
        UndeliverableError: for good.
        BusyError: for now. Any other exception counts as this one.
    """

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        """Send a letter; `key` is the same for every attempt at the same message."""


def channels_for(settings: Settings) -> Mapping[str, Channel]:
    """Every way out by the name that a notice calls it.

    Raises:
        ValueError: a setting leads nowhere; told at the start, not with the first code.
    """
    from webapp.channels.inbox import Inbox
    from webapp.channels.mail import mail_channel
    from webapp.channels.sms import sms_channel

    return {"inbox": Inbox(), "email": mail_channel(settings), "sms": sms_channel(settings)}


def shows_codes(settings: Settings) -> bool:
    """Whether the log may say what a message says: in a demo and in tests only."""
    return settings.demo or settings.test_mode
