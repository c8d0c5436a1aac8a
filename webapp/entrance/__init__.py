"""The doors: sign in by code or password, claim a history, join, sign out."""

from webapp.entrance import by_code, by_password, claim, join, leaving, prefs, staff
from webapp.entrance.blueprint import blueprint

__all__ = [
    "blueprint",
    "by_code",
    "by_password",
    "claim",
    "join",
    "leaving",
    "prefs",
    "staff",
]
