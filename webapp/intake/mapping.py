"""From chosen columns to a profile: what the owner's page says instead of a TOML file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from webapp.intake.faults import BadFile
from webapp.intake.guess import (
    RETURN_WORDS,
    Guess,
    Sheet,
    guess,
    is_number,
    read_sheet,
    settled,
)
from webapp.intake.profile import (
    Column,
    ColumnNames,
    Kinds,
    Profile,
    load_profile,
    shipped_profiles,
)
from webapp.intake.rows import header_key, placed_cells, wanted_columns
from webapp.intake.sources import opened_bytes
from webapp.intake.values import FLOAT_ID

REQUIRED = ("customer", "receipt", "moment", "total")
OPTIONAL = (
    "time", "quantity", "price", "receipt_total", "sku", "category", "kind", "store", "channel",
    "cashier", "payment",
)  # fmt: skip
ROLES = (*REQUIRED, *OPTIONAL)
MONEY = ("total", "price", "receipt_total")
OWN_SOURCE = "import"
BLANKS, PIECE = b"\xef\xbb\xbf \t\r\n", 4_096
PLACES = {
    "customer": "customer", "sku": "sku", "quantity": "quantity", "price": "price",
    "total": "amount", "receipt_total": "total", "category": "category", "store": "store",
    "channel": "channel", "kind": "kind", "cashier": "operator", "payment": "payment",
}  # fmt: skip
"""The profile's name of each role that is one column."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file that says nothing about it is read in: the programme's own."""

    currency: str
    zone: str
    locale: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose: a shipped profile or none, and the label of each role's column."""

    profile: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


class MissingColumns(Exception):  # noqa: N818 - says what is wrong
    """Roles without which no receipt can be read."""

    def __init__(self, roles: tuple[str, ...]) -> None:
        super().__init__(", ".join(roles))
        self.roles = roles


def is_json(path: Path) -> bool:
    """Whether the file holds objects, a line each, and not a table."""
    with opened_bytes(path) as plain:
        return plain.read(PIECE).lstrip(BLANKS).startswith((b"{", b"["))


def recognised(path: Path) -> tuple[Choice, Sheet]:
    """What the file is taken for at first sight.

    Raises:
        BadFile: it is empty, cannot be read, or holds objects that no profile knows.
    """
    if is_json(path):
        name = profile_of_objects(path)
        return Choice(name, roles_of(load_profile(name), None)), Sheet((), (), header=False)
    sheet = read_sheet(path)
    known = profile_of_header(sheet)
    if known:
        return Choice(known, roles_of(load_profile(known), sheet)), sheet
    return Choice("", guess(sheet).columns), sheet


def profile_of_header(sheet: Sheet) -> str:
    """The shipped profile whose every column is in the header; the richest of several."""
    if not sheet.header:
        return ""
    labels = {header_key(label) for label in sheet.labels}
    fitting = [
        (len(columns), name)
        for name in shipped_profiles()
        if (columns := text_columns(load_profile(name)))
        and {header_key(column) for column in columns} <= labels
    ]
    return max(fitting, default=(0, ""))[1]


def text_columns(profile: Profile) -> list[str]:
    """The columns of a table by name; nothing for objects or for columns by number."""
    if profile.file.format == "json":
        return []
    columns = wanted_columns(profile)
    return [column for column in columns if isinstance(column, str)] if columns else []


def profile_of_objects(path: Path) -> str:
    """The shipped profile that finds a receipt in the first objects. Raises BadFile."""
    for name in shipped_profiles():
        profile = load_profile(name)
        if profile.file.format != "json":
            continue
        needed = [wanted_columns(profile).index(c) for c in profile.columns.document]
        for _, cells in islice(placed_cells(path, profile), 20):
            if cells is not None and all(cells[place] for place in needed):
                return name
    raise BadFile("not_a_table", file=path.name)


def roles_of(profile: Profile, sheet: Sheet | None) -> dict[str, str]:
    """The labels of a profile's columns, by role; its own names where there is no sheet."""
    names = profile.columns
    found: dict[str, Column | None] = {
        "receipt": names.document[0],
        "moment": names.at[0],
        "time": names.at[1] if len(names.at) > 1 else None,
        **{role: getattr(names, place) for role, place in PLACES.items()},
    }
    labels = {role: label_of(column, sheet) for role, column in found.items()}
    return {role: labels[role] for role in ROLES if labels.get(role)}


def label_of(column: Column | None, sheet: Sheet | None) -> str:
    """How the sheet calls a column; nothing when it is not there."""
    if column is None:
        return ""
    if sheet is None:
        return str(column)
    if isinstance(column, int):
        return sheet.labels[column - 1] if column <= len(sheet.labels) else ""
    key = header_key(column)
    return next((label for label in sheet.labels if header_key(label) == key), "")


def profile_for(choice: Choice, sheet: Sheet, terms: Terms) -> Profile:
    """The profile that reads the file as chosen.

    Raises:
        MissingColumns: something that every receipt needs has no column.
    """
    if choice.profile:
        base = load_profile(choice.profile)
        if not sheet.labels or dict(choice.columns) == roles_of(base, sheet):
            return base
        columns = column_names(choice.columns, sheet, like=base.columns)
        return base.model_copy(update={"columns": columns})
    columns = column_names(choice.columns, sheet)
    return own_profile(choice.columns, columns, sheet, terms)


def missing_roles(columns: Mapping[str, str]) -> tuple[str, ...]:
    """What every receipt needs and has no column; money comes in one of three ways."""
    missing = [role for role in ("customer", "receipt", "moment") if not columns.get(role)]
    if not any(columns.get(role) for role in MONEY):
        missing.append("total")
    if columns.get("price") and not columns.get("total") and not columns.get("quantity"):
        missing.append("quantity")
    return tuple(missing)


def column_names(
    chosen: Mapping[str, str], sheet: Sheet, *, like: ColumnNames | None = None
) -> ColumnNames:
    """The profile's columns by number. Raises MissingColumns.

    The money of the row wins over price times quantity, and that over the receipt's sum.
    """
    if missing := missing_roles(chosen):
        raise MissingColumns(missing)
    by_role = {role: sheet.place(label) for role, label in chosen.items() if label}
    money = next(role for role in MONEY if role in by_role)
    kept = {role for role in by_role if role in PLACES and (role == money or role not in MONEY)}
    moment = [by_role[role] for role in ("moment", "time") if role in by_role]
    more = like.model_dump(include={"names", "paid"}) if like else {}
    return ColumnNames.model_validate(
        {
            "document": [by_role["receipt"]],
            "at": moment,
            **{PLACES[role]: by_role[role] for role in kept},
            **{name: value for name, value in more.items() if value},
        }
    )


def own_profile(
    chosen: Mapping[str, str], columns: ColumnNames, sheet: Sheet, terms: Terms
) -> Profile:
    """A profile for a file that no shipped one fits."""
    written: Guess = settled(sheet, chosen)
    return Profile.model_validate(
        {
            "name": OWN_SOURCE,
            "source": OWN_SOURCE,
            "currency": terms.currency,
            "zone": terms.zone,
            "locale": terms.locale,
            "date_formats": list(written.date_formats),
            "file": {"header": sheet.header, "decimal": written.decimal},
            "columns": columns.model_dump(exclude_none=True),
            "document": {"whole": are_floats(sheet, chosen["receipt"])},
            "goods": {"whole": bool(chosen.get("sku")) and are_floats(sheet, chosen["sku"])},
            "kinds": kinds_of(sheet, chosen).model_dump(),
        }
    )


def are_floats(sheet: Sheet, label: str) -> bool:
    """Whether ids came through a spreadsheet that made numbers of them: 13085.0."""
    cells = sheet.column(label)
    return bool(cells) and all(FLOAT_ID.fullmatch(cell) for cell in cells)


def kinds_of(sheet: Sheet, chosen: Mapping[str, str]) -> Kinds:
    """Returns are told by a minus, or by the words of a column of kinds.

    Where the words stand beside sums without a minus, those sums are turned.
    """
    if not (label := chosen.get("kind")):
        return Kinds(negative_total_is_return=True)
    money = chosen.get("total") or chosen.get("receipt_total") or chosen.get("quantity") or ""
    sums = [
        row[sheet.place(money) - 1].strip()
        for row in sheet.rows
        if money and header_key(row[sheet.place(label) - 1]) in RETURN_WORDS
    ]
    positive = [cell for cell in sums if is_number(cell) and not cell.startswith(("-", "−", "("))]
    return Kinds(
        return_values=RETURN_WORDS,
        negative_total_is_return=True,
        returns_are_positive=bool(sums) and len(positive) == len(sums),
    )


def stored(choice: Choice) -> dict[str, object]:
    """A choice as a row keeps it."""
    return {"profile": choice.profile, "columns": dict(choice.columns)}


def choice_of(kept: Mapping[str, object]) -> Choice:
    """A choice that a row kept."""
    columns = kept.get("columns")
    assert isinstance(columns, dict), "it was stored as such"
    return Choice(str(kept.get("profile", "")), columns)
