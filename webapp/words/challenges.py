"""Challenges as words."""

from collections.abc import Mapping
from typing import Any

from webapp.tongue import gettext as _
from webapp.tongue import reader


def challenge_name(values: Mapping[str, Any]) -> str:
    """The name that a message or an explanation keeps, in the reader's language."""
    names = values.get("names") or {}
    return str(names.get(reader().language) or next(iter(names.values()), _("Challenge")))
