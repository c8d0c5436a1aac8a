"""Words for files: what a column is, what kind of file, why a row was put aside."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.tongue import gettext as _

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
    "receipt_total": _l("Sum of the whole receipt"),
    "kind": _l("Sale or return"),
    "external_id": _l("Number of the customer"),
    "cards": _l("Card"),
    "joined": _l("Joined on"),
    "balance_until": _l("Points are valid until"),
    "store": _l("Store"),
    "channel": _l("Channel"),
    "cashier": _l("Cashier"),
    "payment": _l("Payment token"),
    "points": _l("Points"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "card": _l("Card"),
    "name": _l("Name"),
    "birthday": _l("Birthday"),
    "city": _l("City"),
    "balance": _l("Opening balance"),
}
HINTS = {
    "cashier": _l("Who stood at the till, one name a receipt."),
    "payment": _l(
        "The payment provider’s sign for a card, never its number and not the way of paying."
        " Only a keyed hash is kept, to see invitations of oneself."
    ),
}
PROFILES = {
    "": _l("Recognise it by itself"),
    "online_retail": _l("Online shop export: a row per item"),
    "complete_journey": _l("Supermarket export: a row per item, week and day"),
    "x5_retailhero": _l("Chain export: items with points"),
}
REJECTS = {
    "unreadable_row": _l("the row has another number of columns"),
    "unreadable": _l("a cell holds characters that are not text"),
    "no_document": _l("the receipt number is missing"),
    "no_customer": _l("the customer is missing"),
    "not_a_number": _l("a number cannot be read"),
    "number_too_large": _l("the sum is too large"),
    "amount_too_large": _l("the sum is too large"),
    "not_a_date": _l("the date cannot be read"),
    "date_out_of_range": _l("the date cannot be right"),
    "from_the_future": _l("the date lies in the future"),
    "too_long": _l("a text is too long"),
    "shortened_id": _l("a spreadsheet has shortened a number, such as 4.6E+12"),
    "unknown_kind": _l("neither a sale nor a return"),
    "mixed_kinds": _l("a receipt is a sale and a return at once"),
    "mixed_customers": _l("a receipt names two customers"),
    "mixed_totals": _l("a receipt gives two sums"),
    "mixed_days": _l("a receipt’s number comes again on another day"),
    "mixed_names": _l("a return names two purchases"),
    "mixed_cashiers": _l("a receipt names two cashiers"),
    "mixed_payments": _l("a receipt gives two payment tokens"),
    "card_number": _l("a full card number stands in place of a payment token"),
    "held_back": _l("another row of the same receipt cannot be read"),
    "conflict": _l("the same receipt came before with other contents"),
    "paid_exceeds_total": _l("more was paid with points than the receipt comes to"),
    "no_external_id": _l("the row does not say whose it is"),
    "twice_in_file": _l("the member stands in the file before"),
    "not_a_phone": _l("the phone cannot be read"),
    "not_an_email": _l("the e-mail cannot be read"),
    "phone_taken": _l("the phone belongs to another member"),
    "email_taken": _l("the e-mail belongs to another member"),
    "card_taken": _l("the card belongs to another member"),
    "differs": _l("the member has another value, which was kept"),
    "member_erased": _l("the member was erased"),
    "not_yes_or_no": _l("a consent is neither yes nor no"),
    "negative_points": _l("the balance is below zero"),
    "expired_before": _l("the points have expired already"),
}


def role_name(role: str) -> str:
    """What a column holds."""
    return str(ROLES.get(role, role))


def role_hint(role: str) -> str:
    """What to put there, where its name does not say it all."""
    return str(HINTS.get(role, ""))


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
    "role_hint": role_hint,
    "profile_name": profile_name,
    "profile_pair": profile_pair,
    "reject_text": reject_text,
}
