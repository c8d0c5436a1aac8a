"""What a file of members is taken for, and the profile that chosen columns make."""

from pathlib import Path

import pytest

from webapp.intake.mapping import MissingColumns
from webapp.intake.people_mapping import people_profile, recognised_people


def write(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_headers_speak_for_themselves_in_any_spelling(tmp_path: Path) -> None:
    path = write(tmp_path, "Код_клиента;ФИО;Телефон;E-Mail;Номер карты;Дата рождения;Баллы;Город\n"
                           "7;Анна;+79123456789;a@b.ru;77;01.02.1990;5;Орёл\n")  # fmt: skip

    columns, sheet = recognised_people(path)
    profile = people_profile(path, columns, sheet)

    assert columns == {
        "external_id": "Код_клиента", "name": "ФИО", "phone": "Телефон", "email": "E-Mail",
        "cards": "Номер карты", "birthday": "Дата рождения", "balance": "Баллы",
        "city": "Город",
    }  # fmt: skip
    assert (profile.columns.external_id, profile.columns.cards) == (1, (5,))
    assert profile.date_formats == ("%d.%m.%Y",)


def test_consents_are_read_as_the_command_line_reads_them(tmp_path: Path) -> None:
    path = write(tmp_path, "id;name;consent_marketing\n7;Анна;да\n")

    columns, sheet = recognised_people(path)

    assert people_profile(path, columns, sheet).consents["marketing"].column == "consent_marketing"


def test_without_the_customers_number_nobody_can_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, "имя;телефон\nАнна;+79123456789\n")

    columns, sheet = recognised_people(path)

    assert columns == {"name": "имя", "phone": "телефон"}
    with pytest.raises(MissingColumns):
        people_profile(path, columns, sheet)
