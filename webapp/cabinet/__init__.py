"""The member's own pages: one module a page. A new page is a module, named here."""

from webapp.cabinet import (
    card,
    celebrate,
    challenges,
    checkin,
    friends,
    herbarium,
    history,
    home,
    inbox,
    later,
    medals,
    settings,
    tiers,
    welcome,
    year,
)
from webapp.cabinet.blueprint import blueprint

__all__ = [
    "blueprint",
    "card",
    "celebrate",
    "challenges",
    "checkin",
    "friends",
    "herbarium",
    "history",
    "home",
    "inbox",
    "later",
    "medals",
    "settings",
    "tiers",
    "welcome",
    "year",
]
