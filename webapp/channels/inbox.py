"""The inbox in the cabinet: a message is there as soon as it is written."""

from webapp.channels.letters import Letter


class Inbox:
    """Has nothing to carry; the row itself is what the member sees."""

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        """The row is marked as delivered, which is all."""
