"""What a look at files came to, as the page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.intake.guess import Sheet
from webapp.intake.hiding import hidden_sheet
from webapp.intake.looking import Place
from webapp.intake.mapping import MONEY, REQUIRED, ROLES, choice_of
from webapp.intake.people_mapping import PEOPLE_REQUIRED, PEOPLE_ROLES
from webapp.intake.profile import load_profile, shipped_profiles

SAMPLE_ROWS = 5
SOME_PAYERS, ALIKE = 10, 5
"""From so many members on, so many of them to a token are no household."""


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What we take one piece of a receipt from: a column of the file, if any was recognised."""

    role: str  # customer, receipt, moment, sku, quantity, price, total, store, category …
    column: str | None
    sample: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """A file looked at before anything is written: columns, and a dry run in numbers."""

    file: str
    profile: str
    profiles: tuple[str, ...]
    headers: tuple[str, ...]
    columns: tuple[ColumnGuess, ...]
    sample: tuple[tuple[str, ...], ...]
    rows: int
    receipts: int
    returns: int
    members: int
    rejected: int
    sales_minor: int
    currency: str
    points: int
    first_on: date | None = None
    last_on: date | None = None
    reasons: tuple[tuple[str, int], ...] = ()  # reject codes with their counts
    about: bool = False  # whether `points` is an estimate from a part of the file
    skipped: int = 0  # receipts that name no customer
    tokens: int = 0  # different payment tokens
    payers: int = 0  # members with one

    @property
    def says_way_of_paying(self) -> bool:
        """Whether the tokens are too few to be cards: rather “cash” and “by card”."""
        return self.payers >= SOME_PAYERS and self.payers >= self.tokens * ALIKE


@dataclass(frozen=True, slots=True)
class PeoplePreview:
    """A file of members looked at before anything is written."""

    file: str
    headers: tuple[str, ...]
    columns: tuple[ColumnGuess, ...]
    sample: tuple[tuple[str, ...], ...]
    rows: int
    joined: int
    filled: int
    known: int
    points: int
    rejected: int
    reasons: tuple[tuple[str, int], ...] = ()


def purchases_preview(
    place: Place, sheet: Sheet, found: Mapping[str, Any], currency: str
) -> ImportPreview:
    """The purchases as they were looked at; zeros where the look came to nothing."""
    choice = choice_of(place.choice["purchases"])
    sheet = hidden_sheet(sheet, choice.columns)
    tokens, payers = found.get("paid", (0, 0))
    return ImportPreview(
        file=place.files["purchases"],
        profile=choice.profile,
        profiles=profiles_for(sheet, choice.profile),
        headers=headers_of(sheet, choice.columns),
        columns=column_guesses(ROLES, choice.columns, sheet, needed(choice.columns)),
        sample=sheet.rows[:SAMPLE_ROWS],
        rows=found.get("rows", 0),
        receipts=found.get("receipts", 0),
        returns=found.get("returns", 0),
        members=found.get("members", 0),
        rejected=found.get("rejected", 0),
        sales_minor=found.get("sales", 0),
        currency=found.get("currency", currency),
        points=rough(found.get("points", 0)) if found.get("about") else found.get("points", 0),
        about=found.get("about", False),
        skipped=found.get("skipped", 0),
        tokens=tokens,
        payers=payers,
        first_on=day_of(found.get("first_day")),
        last_on=day_of(found.get("last_day")),
        reasons=pairs(found.get("reasons", ())),
    )


def people_preview(place: Place, sheet: Sheet, found: Mapping[str, Any]) -> PeoplePreview:
    """The members as they were looked at."""
    columns = choice_of(place.choice["members"]).columns
    sheet = hidden_sheet(sheet, {})
    return PeoplePreview(
        file=place.files["members"],
        headers=sheet.labels,
        columns=column_guesses(PEOPLE_ROLES, columns, sheet, PEOPLE_REQUIRED),
        sample=sheet.rows[:SAMPLE_ROWS],
        rows=found.get("rows", 0),
        joined=found.get("joined", 0),
        filled=found.get("filled", 0),
        known=found.get("known", 0),
        points=found.get("points", 0),
        rejected=found.get("rejected", 0),
        reasons=pairs(found.get("reasons", ())),
    )


def profiles_for(sheet: Sheet, chosen: str) -> tuple[str, ...]:
    """Kinds of file that this one can be: tables and objects are different things."""
    tables = bool(sheet.labels)
    fitting = [
        name
        for name in shipped_profiles()
        if (load_profile(name).file.format != "json") == tables or name == chosen
    ]
    return ("", *fitting) if tables else tuple(fitting)


def headers_of(sheet: Sheet, columns: Mapping[str, str]) -> tuple[str, ...]:
    """The labels to choose from; of objects only those that the profile reads."""
    return sheet.labels or tuple(dict.fromkeys(columns.values()))


def needed(columns: Mapping[str, str]) -> tuple[str, ...]:
    """The roles that a receipt cannot do without, as the columns are chosen."""
    money = any(columns.get(role) for role in MONEY)
    return tuple(role for role in REQUIRED if role != "total" or not money)


def column_guesses(
    roles: Sequence[str], columns: Mapping[str, str], sheet: Sheet, required: Sequence[str]
) -> tuple[ColumnGuess, ...]:
    """Every role with its column, and a cell of it to recognise it by."""
    return tuple(
        ColumnGuess(
            role=role,
            column=columns.get(role) or None,
            sample=first_cell(sheet, columns.get(role)),
            required=role in required,
        )
        for role in roles
    )


def rough(number: int) -> int:
    """An estimate with no more digits than it can answer for."""
    return round(number, 3 - len(str(abs(number))))


def first_cell(sheet: Sheet, label: str | None) -> str:
    if not label or label not in sheet.labels:
        return ""
    return next(iter(sheet.column(label)), "")[:60]


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def pairs(kept: Sequence[Sequence[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((str(code), int(count)) for code, count in kept)
