"""Faults of fields: from the validator's words to our codes and sentences."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask_babel import gettext as _
from pydantic import ValidationError

from webapp.api.asked import Asked, ReceiptIn
from webapp.api.refusals import Fault, InvalidRequest

T = TypeVar("T", bound=Asked)
MOST_FAULTS = 20
LONGEST_NAME = 100
SAME = {
    "string_type": "text",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "tuple_type": "list",
    "model_type": "object",
    "int_type": "whole_number",
    "bool_type": "yes_or_no",
    "greater_than_equal": "out_of_bounds",
    "less_than_equal": "out_of_bounds",
    "missing": "missing",
}


def read_as(model: type[T], found: Mapping[str, Any], *, query: bool = False) -> T:
    """Fields as one of our models. Raises InvalidRequest with every fault there is."""
    try:
        return model.model_validate(found)
    except ValidationError as error:
        pays = issubclass(model, ReceiptIn)
        raise InvalidRequest(*faults_of(error, query=query, pays=pays)) from error


def faults_of(error: ValidationError, *, query: bool, pays: bool) -> list[Fault]:
    """The first faults, each with the place it stands at; what `pays` might ask for points."""
    details = error.errors(include_url=False, include_input=False)
    return [fault_of(detail, query=query, pays=pays) for detail in details[:MOST_FAULTS]]


def fault_of(detail: Any, *, query: bool, pays: bool) -> Fault:
    """One fault in our words."""
    place = [str(part)[:LONGEST_NAME] for part in detail["loc"]]
    values = {name: value for name, value in detail.get("ctx", {}).items() if type(value) is int}
    code = SAME.get(detail["type"], detail["type"])
    if code == "extra_forbidden":
        asks = pays and "point" in place[-1].lower()
        code = "points_need_presence" if asks else "unknown_field"
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in place)
    return Fault(pointer, code, values, place[0] if query and place else None)


def fault_text(fault: Fault) -> str:
    """What is wrong, in the reader's language."""
    sentence = SENTENCES.get(fault.code)
    return str(sentence(fault.values) if sentence else _("This is not what is expected here."))


Sentence = Callable[[Mapping[str, Any]], str]
SENTENCES: dict[str, Sentence] = {
    "missing": lambda _v: _("This field is needed."),
    "unknown_act": lambda _v: _("There is no act of this type."),
    "unknown_field": lambda _v: _("There is no such field."),
    "points_need_presence": lambda _v: _(
        "A receipt sent by a key only earns. Paying with points needs the member present:"
        " a live code on the screen or a one-time code."
    ),
    "text": lambda _v: _("Text is expected."),
    "empty": lambda _v: _("This may not be empty. Leave the field out instead."),
    "too_long": lambda v: _("Characters at most: %(n)s.", n=v["max_length"]),
    "too_many": lambda v: _("Entries at most: %(n)s.", n=v["max_length"]),
    "list": lambda _v: _("A list is expected."),
    "object": lambda _v: _("An object with fields is expected."),
    "whole_number": lambda _v: _("A whole number is expected."),
    "yes_or_no": lambda _v: _("true or false is expected."),
    "out_of_bounds": lambda _v: _("The number is outside its bounds."),
    "control_letters": lambda _v: _("Control characters cannot be kept."),
    "no_city": lambda _v: _("A city has letters. Send null to take it away."),
    "outer_blanks": lambda _v: _("Spaces at the start or the end are not accepted."),
    "money": lambda _v: _('Money is written as text with a point: "1240.50".'),
    "price": lambda _v: _(
        'A price is written as text with up to six digits after the point: "12.345".'
    ),
    "quantity": lambda _v: _(
        'A quantity is a whole number, or text with up to three digits after the point: "0.350".'
    ),
    "moment": lambda _v: _(
        "Date and time are written as 2026-11-24T15:04:05+03:00, or without the UTC offset."
    ),
    "no_such_moment": lambda _v: _("There is no such day in the calendar."),
    "phone": lambda _v: _("This cannot be a phone number."),
    "money_digits": lambda v: _("Digits after the point in this currency: %(n)s.", n=v["most"]),
    "quantity_zero": lambda _v: _("A return has to bring something back."),
    "total_too_small": lambda _v: _("The total is smaller than the sum of the lines."),
    "one_reference": lambda _v: _("Exactly one of card, phone and external_id is needed."),
    "amount_or_price": lambda _v: _("An amount or a price is needed."),
    "line_or_sku": lambda _v: _("A line number or a sku is needed."),
    "lines_or_total": lambda _v: _("Lines or a total are needed."),
    "whole_and_lines": lambda _v: _(
        "A whole return takes everything that is left: lines and total are not taken with it."
    ),
    "whole_of_nothing": lambda _v: _("A whole return needs purchase_id."),
    "whole_or_lines": lambda _v: _("Lines are needed, or whole: true."),
    "source_of_nothing": lambda _v: _("A purchase_source needs purchase_id."),
    "line_of_nothing": lambda _v: _("A line number needs purchase_id."),
    "names_itself": lambda _v: _("A receipt cannot name itself."),
}
