"""Words for files: what a column is, what kind of file, why a row was put aside."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

ROLES = {
    "customer": _l("Customer or card"),
    "receipt": _l("Receipt number"),
    "moment": _l("Date and time"),
    "date": _l("Date"),
    "time": _l("Time"),
    "sku": _l("Item"),
    "category": _l("Category"),
    "quantity": _l("Quantity"),
    "price": _l("Price of one"),
    "total": _l("Sum of the row"),
    "store": _l("Store"),
    "channel": _l("Channel"),
    "points": _l("Points"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "card": _l("Card"),
    "name": _l("Name"),
    "birthday": _l("Birthday"),
    "balance": _l("Opening balance"),
}
PROFILES = {
    "": _l("Recognise it by itself"),
    "online_retail": _l("Online shop export: a row per item"),
    "complete_journey": _l("Supermarket export: a row per item, week and day"),
    "x5_retailhero": _l("Chain export: items with points"),
}
REJECTS = {
    "bad_date": _l("the date cannot be read"),
    "bad_number": _l("a number cannot be read"),
    "bad_columns": _l("the row has another number of columns"),
    "no_receipt": _l("the receipt number is missing"),
    "no_customer": _l("the customer is missing"),
    "too_large": _l("the sum is too large"),
    "conflict": _l("the same receipt came before with other contents"),
}


def role_name(role: str) -> str:
    """What a column holds."""
    return str(ROLES.get(role, role))


def profile_name(profile: str) -> str:
    """What kind of file it is; a profile from a file keeps its own name."""
    return str(PROFILES.get(profile, profile))


def profile_pair(profile: str) -> tuple[str, str]:
    """A profile as an option of a list."""
    return profile, profile_name(profile)


def reject_text(code: str) -> str:
    """Why rows were put aside."""
    return str(REJECTS.get(code, _("another reason (%(code)s)", code=code)))


FILTERS: dict[str, Callable[..., Any]] = {
    "role_name": role_name,
    "profile_name": profile_name,
    "profile_pair": profile_pair,
    "reject_text": reject_text,
}
