"""SMS by whichever gateway a shop has: the sender is named in the settings."""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol

from webapp.channels import Channel, shows_codes
from webapp.channels.letters import Letter
from webapp.channels.logs import LogChannel
from webapp.settings import Settings


class SmsSender(Protocol):
    """What a gateway has to offer. Raise `UndeliverableError` for a number that is no use.

    `key` is the same for every attempt at the same message: hand it to the gateway
    where it knows idempotency keys.
    """

    def send(self, phone: str, text: str, *, key: str) -> None:
        """Hand one message over."""


class Sms:
    """Sends a letter's short form."""

    def __init__(self, sender: SmsSender) -> None:
        self._sender = sender

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        """Hand the short form to the gateway."""
        self._sender.send(address, letter.short, key=key)


def sms_channel(settings: Settings) -> Channel:
    """The gateway named in the settings, or the log.

    Raises:
        ValueError: the name leads nowhere; told at the start, not with the first code.
    """
    if settings.sms_sender == "log":
        return LogChannel(plain=shows_codes(settings))
    return Sms(_maker(settings.sms_sender)())


def _maker(name: str) -> Callable[[], SmsSender]:
    module, _, attribute = name.partition(":")
    try:
        maker = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as failure:
        raise ValueError(f"no SMS sender at {name!r}: {failure}") from failure
    if not callable(maker):
        raise ValueError(f"{name!r} makes no SMS sender")
    return maker  # type: ignore[no-any-return]
