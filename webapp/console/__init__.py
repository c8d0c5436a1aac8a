"""The owner's pages: the wizard, the overview, what waits for a decision, the programme."""

from webapp.console.routes import blueprint

__all__ = ["blueprint"]
