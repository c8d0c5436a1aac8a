"""What every walk through a browser shares."""

from playwright.sync_api import expect

expect.set_options(timeout=20_000)
"""A page is waited for as long as a machine that does much else may need; a fault waits it out."""
