"""Words of invitations: abuse and false fronts are refused, and bread is let in."""

import pytest

from webapp.words.stop_words import STEMS, is_banned

SHOP = "Кофе у Лёвы"


@pytest.mark.parametrize(
    "word",
    ["хлеба", "рублями", "команда", "страховка", "хачапури", "психолог", "grape", "peacock",
     "dickens", "глава", "мандарин", "корабля", "Верочка-77", "кофе", "лёва"],
)  # fmt: skip
def test_harmless_words_are_let_in(word: str) -> None:
    assert not is_banned(word, SHOP)


@pytest.mark.parametrize(
    "word",
    ["shitshow", "SH1T", "f-u-c-k", "xуй", "ХУ-Й", "пи3да", "cyka", "супер-админ", "support24",
     "НАЦИСТ", "КофеУЛевы", "кофе-у-лёвы", "kofe-admin"],
)  # fmt: skip
def test_abuse_and_false_fronts_are_refused_in_any_dress(word: str) -> None:
    assert is_banned(word, SHOP)


def test_a_shop_with_a_name_of_two_letters_forbids_no_words_with_them() -> None:
    assert not is_banned("бобры", "Об")


def test_stems_are_written_as_codes_are_kept() -> None:
    assert [
        stem for stem in STEMS if stem != stem.upper() or "Ё" in stem or not stem.isalnum()
    ] == []
    assert len(set(STEMS)) == len(STEMS)
