"""From chosen columns to a profile of members: their file's side of the owner's page."""

from collections.abc import Mapping
from pathlib import Path

from webapp.intake.faults import BadFile
from webapp.intake.guess import Sheet, date_formats_of, read_sheet, words_of
from webapp.intake.mapping import MissingColumns, label_of
from webapp.intake.member_profile import SPOKEN, MemberProfile, recognised_members
from webapp.intake.profile import Column

PEOPLE_REQUIRED = ("external_id",)
PEOPLE_ROLES = (
    "external_id", "name", "phone", "email", "cards", "birthday", "city", "joined",
    "balance", "balance_until",
)  # fmt: skip
SEVERAL = ("name", "cards")
DATED = ("birthday", "joined", "balance_until")


def recognised_people(path: Path) -> tuple[dict[str, str], Sheet]:
    """The label of each role's column, as far as headers speak for themselves.

    Raises:
        BadFile: the file is empty or cannot be read.
    """
    sheet = read_sheet(path)
    try:
        columns = people_roles(recognised_members(path), sheet)
    except BadFile as fault:
        if fault.code != "no_column":
            raise
        columns = {}
    for role in PEOPLE_ROLES:
        if role not in columns:
            taken = set(columns.values())
            found = (label for label in sheet.labels if label not in taken)
            if label := next((one for one in found if is_called(one, role)), None):
                columns[role] = label
    return {role: columns[role] for role in PEOPLE_ROLES if role in columns}, sheet


def is_called(label: str, role: str) -> bool:
    """Whether a header names a role in any spelling: «Код_клиента», CustomerID."""
    return words_of(label) in {words_of(word) for word in SPOKEN[role]}


def people_roles(profile: MemberProfile, sheet: Sheet) -> dict[str, str]:
    """The labels of a profile's columns, by role."""
    found: dict[str, str] = {}
    for role in PEOPLE_ROLES:
        value = getattr(profile.columns, role)
        column: Column | None = value[0] if isinstance(value, tuple) else value
        if label := label_of(column, sheet):
            found[role] = label
    return found


def people_profile(path: Path, chosen: Mapping[str, str], sheet: Sheet) -> MemberProfile:
    """The profile that reads a file of members as chosen; consents speak for themselves.

    Raises:
        MissingColumns: no column says whose a row is.
    """
    if not chosen.get("external_id"):
        raise MissingColumns(PEOPLE_REQUIRED)
    columns = {role: sheet.place(label) for role, label in chosen.items() if label}
    dates = [cell for role in DATED if chosen.get(role) for cell in sheet.column(chosen[role])]
    return MemberProfile.model_validate(
        {
            "file": {"header": sheet.header},
            "date_formats": list(date_formats_of(dates)),
            "columns": {
                role: [place] if role in SEVERAL else place for role, place in columns.items()
            },
            "consents": consents_of(path),
        }
    )


def consents_of(path: Path) -> dict[str, object]:
    """Consents that the header names, as the command line reads them."""
    try:
        return recognised_members(path).model_dump()["consents"]  # type: ignore[no-any-return]
    except BadFile:
        return {}
