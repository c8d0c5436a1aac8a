"""What is wrong with a profile: the key, why in a code, and which key was probably meant."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from webapp.intake.faults import BadFile

WHY = {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "literal_error": "choice",
    "string_type": "text",
    "string_pattern_mismatch": "letters",
    "value_error": "own",
    "bool_parsing": "yes_no",
    "bool_type": "yes_no",
    "int_parsing": "whole",
    "int_type": "whole",
    "int_from_float": "whole",
    "time_parsing": "time",
    "time_type": "time",
    "model_type": "table",
    "dict_type": "table",
}
"""Codes by the library's; any other says only that the value does not fit."""

BRANCHES = {"constrained-int", "constrained-str"}
"""What the library calls the two kinds of a column; nobody has written these words."""


def profile_fault(error: ValidationError, name: str, model: type[BaseModel]) -> BadFile:
    """The first thing that is wrong with a profile, an unknown key before a missing one."""
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    context: Mapping[str, Any] = first.get("ctx", {})
    path = [part for part in first["loc"] if isinstance(part, str) and part not in BRANCHES]
    why = WHY.get(first["type"], "unfit")
    if BRANCHES & set(first["loc"]) or (why == "unfit" and path[:1] == ["columns"]):
        why = "column"
    values = {"key": ".".join(path) or "profile", "why": why, "value": str(first["input"])[:60]}
    if why == "unknown_key":
        known = keys_at(model, path[:-1])
        like = get_close_matches(path[-1], known, n=1)
        values |= {"like": like[0] if like else "", "known": ", ".join(known)}
    elif why == "choice":
        values["known"] = str(context["expected"]).replace(" or ", ", ")
    elif why == "letters":
        values["known"] = "RUB" if path[-1] == "currency" else "RU"
    elif why == "own":
        values["why"] = str(context["error"])
    return BadFile("bad_profile", name=name, **values)


def keys_at(model: type[BaseModel], path: list[str]) -> list[str]:
    """The keys that a table of a profile may have."""
    found: Any = model
    for part in path:
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(part)
            found = None if field is None else field.annotation
            parts = [x for x in get_args(found) if isinstance(x, type) and issubclass(x, BaseModel)]
            found = parts[0] if parts and type(None) in get_args(found) else found
        else:
            found = get_args(found)[-1] if get_args(found) else None
    is_table = isinstance(found, type) and issubclass(found, BaseModel)
    return list(found.model_fields) if is_table else []
