"""Long Russian words say where they may be broken."""

import pytest

from webapp.words.breaks import SOFT_HYPHEN, breakable


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Одиннадцатая в подарок", "Один-над-ца-тая в подарок"),
        ("Знаток: Кондитерская", "Знаток: Кон-ди-терская"),
        ("Знаток: Завтраки", "Знаток: Завтраки"),
        ("Connoisseur", "Connoisseur"),
        ("", ""),
    ],
)
def test_a_long_word_breaks_between_its_syllables(text: str, said: str) -> None:
    assert breakable(text).replace(SOFT_HYPHEN, "-") == said


def test_nothing_but_soft_hyphens_is_added() -> None:
    text = "Достопримечательность, первооткрыватель"

    assert breakable(text).replace(SOFT_HYPHEN, "") == text
