"""The member's own pages: one module a page. A new page is a module, named here."""

from webapp.cabinet import (
    appeals,
    card,
    celebrate,
    checkin,
    friends,
    herbarium,
    history,
    home,
    inbox,
    keys,
    later,
    medals,
    settings,
    shelf,
    tiers,
    welcome,
    year,
)
from webapp.cabinet.blueprint import blueprint

__all__ = [
    "appeals",
    "blueprint",
    "card",
    "celebrate",
    "checkin",
    "friends",
    "herbarium",
    "history",
    "home",
    "inbox",
    "keys",
    "later",
    "medals",
    "settings",
    "shelf",
    "tiers",
    "welcome",
    "year",
]
