"""A way out that leads into the log: for shops without a gateway, demos and tests."""

import logging
import sys

from webapp.channels.letters import Letter

LOG = logging.getLogger("laurel.post")


def masked(address: str) -> str:
    """An address that a log may keep: +7******0001, a***@example.org."""
    name, at, domain = address.rpartition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    if len(address) < 8:
        return "***"
    return f"{address[:2]}{'*' * (len(address) - 6)}{address[-4:]}"


class LogChannel:
    """Writes that a message was due; what it says only where secrets do not matter."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        """One line in the log; in a demo the words themselves, impossible to overlook."""
        LOG.info("message %s kind=%s to=%s", key, letter.kind, masked(address))
        if self._plain:
            print(loud(address, letter.short), file=sys.stderr, flush=True)


def loud(address: str, text: str) -> str:
    """A framed text for the terminal of a demo."""
    lines = [f"→ {address}", *text.splitlines()]
    width = max(len(line) for line in lines) + 2
    inside = "\n".join(f"║ {line.ljust(width - 2)} ║" for line in lines)
    return f"\n╔{'═' * width}╗\n{inside}\n╚{'═' * width}╝"
