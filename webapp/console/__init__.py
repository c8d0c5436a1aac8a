"""The owner's pages: the wizard, the overview, what waits for a decision, the programme."""

from webapp.console.blueprint import blueprint

__all__ = ["blueprint"]
