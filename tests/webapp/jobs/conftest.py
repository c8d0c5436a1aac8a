"""What the tests of this folder may ask for besides."""

from tests.webapp.bare import bare, bare_url

__all__ = ["bare", "bare_url"]
