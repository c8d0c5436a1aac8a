"""What a secret medal says of itself before it is found: a wink, and never the way."""

from collections.abc import Callable
from typing import Any

from webapp.tongue import gettext as _
from webapp.tongue import later as _l

HINTS = {
    "welcome_back": _l("It has been saving you a seat, and pretends that it has not."),
}
"""One for each secret that ships. None may name what is counted."""


def secret_hint(code: str) -> str:
    """The hint of a secret; one that a shop made shares a common one."""
    return _(HINTS[code]) if code in HINTS else _("It will reveal itself once it is found.")


FILTERS: dict[str, Callable[..., Any]] = {"secret_hint": secret_hint}
