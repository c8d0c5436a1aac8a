"""Every page of the console: a new page is a module, named here."""

from webapp.console import (
    acts,
    design,
    invitations,
    invitations_report,
    invitations_review,
    invitations_rules,
    keys,
    overview,
    programme,
    reviews,
    setup_files,
    setup_live,
    setup_look,
    setup_shop,
    setup_tiers,
    steps,
    tills,
)
from webapp.console.blueprint import blueprint

__all__ = [
    "acts",
    "blueprint",
    "design",
    "invitations",
    "invitations_report",
    "invitations_review",
    "invitations_rules",
    "keys",
    "overview",
    "programme",
    "reviews",
    "setup_files",
    "setup_live",
    "setup_look",
    "setup_shop",
    "setup_tiers",
    "steps",
    "tills",
]
