"""A way out that leads into the log: for shops without a gateway, demos and tests."""

import sys

from webapp.accounts.rules import masked_contact
from webapp.channels.letters import Letter
from webapp.log import LOG


class LogChannel:
    """Writes that a message was due; what it says only where secrets do not matter."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        """One line in the log; in a demo the words themselves, impossible to overlook."""
        LOG.info("message_logged", message=key, kind=letter.kind, to=masked_contact(address))
        if self._plain:
            print(loud(address, letter.short), file=sys.stderr, flush=True)


def loud(address: str, text: str) -> str:
    """A framed text for the terminal of a demo."""
    lines = [f"→ {address}", *text.splitlines()]
    width = max(len(line) for line in lines) + 2
    inside = "\n".join(f"║ {line.ljust(width - 2)} ║" for line in lines)
    return f"\n╔{'═' * width}╗\n{inside}\n╚{'═' * width}╝"
