"""Why a file, a row or a receipt was not taken, as sentences with a way on."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from webapp.intake.faults import BadFile
from webapp.words.refusals import SENTENCES as REFUSALS

Values = Mapping[str, Any]

PROFILES: dict[str, Callable[[Values], str]] = {
    "unknown_key": lambda v: _(
        "The profile %(name)s has an unknown key “%(key)s”. It may have: %(known)s.", **v
    ),
    "missing_key": lambda v: _("The profile %(name)s lacks “%(key)s”.", **v),
    "choice": lambda v: _("“%(key)s” in the profile %(name)s is one of: %(known)s.", **v),
    "text": lambda v: _("“%(key)s” in the profile %(name)s is a text in quotation marks.", **v),
    "column": lambda v: _(
        "“%(key)s” in the profile %(name)s cannot be “%(value)s”. A column is its header in"
        " quotation marks, or its number counted from 1.",
        **v,
    ),
    "yes_no": lambda v: _(
        "“%(key)s” in the profile %(name)s is true or false, without quotation marks.", **v
    ),
    "whole": lambda v: _("“%(key)s” in the profile %(name)s is a whole number.", **v),
    "time": lambda v: _(
        "“%(key)s” in the profile %(name)s is a time of day such as 12:00:00.", **v
    ),
    "table": lambda v: _(
        "“%(key)s” in the profile %(name)s is a table: a line [%(key)s] with its keys below.", **v
    ),
    "letters": lambda v: _(
        "“%(key)s” in the profile %(name)s is written in capital letters, such as %(known)s.", **v
    ),
    "money_once": lambda v: _(
        "The profile %(name)s needs exactly one of price, amount and total in [columns].", **v
    ),
    "price_without_quantity": lambda v: _(
        "In [columns] of the profile %(name)s, price needs quantity.", **v
    ),
    "names_unlike_document": lambda v: _(
        "In [columns] of the profile %(name)s, names needs as many columns as document.", **v
    ),
    "no_such_zone": lambda v: _(
        "“%(key)s” in the profile %(name)s is no time zone such as Europe/Moscow.", **v
    ),
    "unfit": lambda v: _("“%(key)s” in the profile %(name)s cannot be “%(value)s”.", **v),
}


def profile_reason(values: Values) -> str:
    """What is wrong with a profile, and what to write instead."""
    why = str(values["why"])
    if why == "unknown_key" and values["like"]:
        return _("The profile %(name)s has an unknown key “%(key)s”. Did you mean “%(like)s”?",
                 **values)  # fmt: skip
    sentence = PROFILES.get(why, PROFILES["unfit"])
    return sentence(values)


FILES: dict[str, Callable[[Values], str]] = {
    "no_profile": lambda v: _(
        "There is no profile %(name)s. Shipped ones: %(known)s; or name a TOML file.", **v
    ),
    "unreadable_profile": lambda v: _("The profile %(name)s cannot be read.", **v),
    "profile_not_toml": lambda v: _("The profile %(name)s is not TOML: %(why)s", **v),
    "bad_profile": profile_reason,
    "cannot_open": lambda v: _("The file %(file)s cannot be opened: %(why)s", **v),
    "broken_packing": lambda v: _("The file %(file)s is cut short or damaged.", **v),
    "unknown_encoding": lambda v: _("There is no encoding %(encoding)s.", **v),
    "wrong_encoding": lambda v: _(
        "The file %(file)s is not written in %(encoding)s; it looks like %(seems)s. Say so in the"
        ' profile, encoding = "%(seems)s", or leave the encoding out.',
        **v,
    ),
    "damaged_text": lambda v: _(
        "The file %(file)s is written in %(encoding)s, but line %(line)s holds bytes that are no"
        " letters. Mend that line, or name the file’s encoding in a profile.",
        **v,
    ),
    "not_text": lambda v: _("The file %(file)s is not readable text.", **v),
    "not_gzip": lambda v: _(
        "The file %(file)s is called .gz, but is not packed with gzip, nor is it text.", **v
    ),
    "too_large": lambda v: _("The workbook %(file)s is too large; save it as CSV.", **v),
    "not_a_workbook": lambda v: _("The file %(file)s is not a readable workbook.", **v),
    "no_sheet": lambda v: _("The workbook %(file)s has no sheet %(sheet)s. It has: %(known)s", **v),
    "rejects_over_input": lambda v: _(
        "Rejects are not written over %(file)s, which this import reads. Name another file with"
        " --rejects.",
        **v,
    ),
    "empty_file": lambda v: _("The file %(file)s is empty.", **v),
    "not_a_table": lambda v: _("The file %(file)s is no table of rows and columns.", **v),
    "no_column": lambda v: _("The file %(file)s has no column %(column)s. It has: %(known)s", **v),
    "no_row_readable": lambda v: _(
        "Not one row of %(rows)s can be read so. The first says: %(why)s",
        rows=v["rows"],
        why=row_reason(str(v["reason"]), "", str(v["value"])),
    ),
    "nothing_readable": lambda v: _(
        "Not one row of %(rows)s can be read with this profile. The first says: %(why)s", **v
    ),
}

ROWS: dict[str, Callable[[Values], str]] = {
    "unreadable_row": lambda v: _("The row has another number of cells than the header."),
    "over_lines": lambda v: _(
        "The row runs over %(value)s lines of the file: a quotation mark stands alone in it.", **v
    ),
    "unreadable": lambda v: _("A cell holds characters that are not text."),
    "no_document": lambda v: _("The row does not say which receipt it belongs to."),
    "no_customer": lambda v: _("The receipt names no customer."),
    "not_a_number": lambda v: _("This is not a number: %(value)s", **v),
    "number_too_large": lambda v: _("This number is too large: %(value)s", **v),
    "not_a_date": lambda v: _("This is not a date: %(value)s", **v),
    "date_out_of_range": lambda v: _("This date cannot be right: %(value)s", **v),
    "from_the_future": lambda v: _("This date lies in the future: %(value)s", **v),
    "too_long": lambda v: _("This text is too long: %(value)s…", **v),
    "shortened_id": lambda v: _(
        "A spreadsheet has shortened this number: %(value)s. Save its column as text and export"
        " it again.",
        **v,
    ),
    "unknown_kind": lambda v: _("The profile does not know this kind: %(value)s", **v),
    "mixed_kinds": lambda v: _("Rows of receipt %(value)s are a sale and a return at once.", **v),
    "mixed_customers": lambda v: _("Rows of receipt %(value)s name two customers.", **v),
    "mixed_totals": lambda v: _("Rows of receipt %(value)s give two totals.", **v),
    "mixed_days": lambda v: _(
        "Rows of receipt %(value)s lie on two days. Where numbers begin anew, a profile names the"
        ' date too: document = ["number", "date"].',
        **v,
    ),
    "mixed_names": lambda v: _(
        "Rows of return %(value)s name two purchases. Make two returns of it.", **v
    ),
    "mixed_cashiers": lambda v: _("Rows of receipt %(value)s name two cashiers.", **v),
    "mixed_payments": lambda v: _("Rows of receipt %(value)s give two payment tokens.", **v),
    "card_number": lambda v: _(
        "This looks like a full card number, which is never taken: %(value)s. Send the payment"
        " provider’s token, or leave the column out.",
        **v,
    ),
    "differs_between_files": lambda v: _(
        "Receipt %(value)s stands in two of the files with other rows.", **v
    ),
    "held_back": lambda v: _(
        "Held back: another row of receipt %(value)s cannot be read. Mend it and import again.",
        **v,
    ),
    "conflict": lambda v: _(
        "Receipt %(value)s was recorded before with other contents. Nothing was changed.", **v
    ),
    "paid_exceeds_total": lambda v: _(
        "More of receipt %(value)s was paid with points than it comes to.", **v
    ),
    "no_external_id": lambda v: _("The row does not say whose it is."),
    "not_a_phone": lambda v: _("This is not a phone number: %(value)s", **v),
    "not_an_email": lambda v: _("This is not an e-mail address: %(value)s", **v),
    "phone_taken": lambda v: _("This phone belongs to another member: %(value)s", **v),
    "email_taken": lambda v: _("This e-mail belongs to another member: %(value)s", **v),
    "card_taken": lambda v: _("This card belongs to another member: %(value)s", **v),
    "differs": lambda v: _(
        "The member has another value there, which was kept. The file says: %(value)s", **v
    ),
    "member_erased": lambda v: _("This member was erased and is not brought back."),
    "not_yes_or_no": lambda v: _("This is neither yes nor no: %(value)s", **v),
    "negative_points": lambda v: _("A balance cannot begin below zero: %(value)s", **v),
    "expired_before": lambda v: _("These points would have expired already: %(value)s", **v),
}


def file_reason(fault: BadFile) -> str:
    """Why a whole file was not taken."""
    return FILES[fault.code](fault.values)


def row_reason(code: str, field: str = "", value: str = "") -> str:
    """Why a row was not taken; refusals of the programme have their own sentences."""
    values = {"value": value, "field": field}
    sentence = ROWS.get(code) or REFUSALS.get(code)
    return sentence(values) if sentence else code
