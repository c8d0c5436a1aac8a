"""Who is told how far an import has come."""

from typing import Protocol


class Watcher(Protocol):
    """Is told how far an import has come."""

    def reading(self, file: str, done: int, size: int) -> None:
        """So many bytes of a file are read."""

    def recording(self, done: int, receipts: int) -> None:
        """So many receipts, or rows of members, of all are done."""


class Nobody:
    """Watches nothing."""

    def reading(self, file: str, done: int, size: int) -> None:
        """Looks away."""

    def recording(self, done: int, receipts: int) -> None:
        """Looks away."""
