"""Every kind of message has words in both languages, and no value can break out of them."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from gamification.readmodels.views import Named
from webapp.channels.letters import KINDS, NoSuchLetterError, secrets_of, write_letter

SHOP = {"shop": "Полдень", "currency": "RUB"}
VALUES: dict[str, dict[str, Any]] = {
    "signin_code": {"code": "493027", "minutes": 10},
    "password_recovery": {"link": "https://club.example.org/recover/t0ken", "minutes": 60},
    "contact_changed": {"contact": "a•••@example.org"},
    "contact_replaced": {"contact": "+7 ••• ••• 45 67"},
    "leaving": {"on": date(2026, 12, 9)},
    "activation": {"code": "K7Q2-M9XD", "link": "https://club.example.org/claim"},
    "tier_reached": {"tier": Named("branch", {"ru": "Ветвь", "en": "Branch"})},
    "medal": {"medal": Named("early_bird", {}), "level": 2},
    "returned": {"clawed_back": 12, "points_back": 3, "amount": -45000},
    "expiring": {"points": 320, "on": date(2026, 12, 6)},
}


def letter(kind: str, locale: str = "en", **values: Any) -> Any:
    return write_letter(kind, locale, SHOP | VALUES[kind] | values)


def test_every_kind_is_tried_here() -> None:
    assert set(VALUES) == set(KINDS)


@pytest.mark.parametrize("locale", ["en", "ru"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_says_its_values_in_text_and_html(app: Flask, kind: str, locale: str) -> None:
    written = letter(kind, locale)

    assert written.kind == kind
    assert written.subject
    assert len(written.short) <= 140
    assert f'lang="{locale}"' in written.html
    assert "Полдень" in written.text
    assert "Полдень" in written.html
    for value in VALUES[kind].values():
        if isinstance(value, str):
            assert value in written.text
            assert value in written.html
    for part in (written.subject, written.short, written.text, written.html):
        assert "{{" not in part
        assert "None" not in part
        assert "%(" not in part


def test_a_code_letter_reads_as_a_person_would_say_it(app: Flask) -> None:
    written = letter("signin_code")

    assert written.subject == "493027 is your sign-in code"
    assert written.short == ("Полдень: code 493027, works for 10 minutes. Do not share it.")
    assert written.text.splitlines()[:3] == ["Your sign-in code:", "", "    493027"]


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("signin_code", "493027 — ваш код для входа"),
        ("password_recovery", "Новый пароль для «Полдень»"),
        ("activation", "Ваши баллы в «Полдень» ждут"),
        ("tier_reached", "Новый уровень: Ветвь"),
        ("medal", "Новая медаль: «Ранняя пташка II»"),
        ("returned", "Возврат на 450 ₽ учтён"),
        ("expiring", "320 баллов сгорят 6 декабря"),
    ],
)
def test_russian_readers_get_russian_letters(app: Flask, kind: str, subject: str) -> None:
    assert letter(kind, "ru").subject == subject


def test_a_return_says_only_what_moved(app: Flask) -> None:
    both, none = letter("returned"), letter("returned", clawed_back=0, points_back=0)

    assert "12\u00a0points" in both.text
    assert "3\u00a0points" in both.text
    assert "450" in both.subject
    assert "Your points stay as they were." in none.text
    assert "points earned" not in none.text.lower()


def test_a_return_names_the_medals_that_went(app: Flask) -> None:
    tea = {"medal": "connoisseur", "level": 1, "occurrence": "cat:Чай", "names": {}}
    own = {"medal": "own", "level": 1, "occurrence": "once", "names": {"ru": "Своя"}}

    one = letter("returned", "ru", clawed_back=0, points_back=0, medals=[tea])
    both = letter("returned", "ru", medals=[tea, own])

    assert "Медаль «Знаток: Чай» снята вместе с возвратом." in one.text
    assert "Баллы не изменились" not in one.text
    assert "Вместе с возвратом сняты медали: Знаток: Чай, Своя." in both.text
    assert "Знаток: Чай, Своя" in both.html


def test_a_medal_is_called_as_the_shop_calls_it(app: Flask) -> None:
    shipped = letter("medal")
    renamed = letter("medal", medal=Named("early_bird", {"en": "The Lark"}))

    assert "Early Bird II" in shipped.subject
    assert "The Lark" in renamed.subject


def test_a_medal_of_a_category_names_it(app: Flask) -> None:
    medal = Named("connoisseur", {})

    tea = letter("medal", "ru", medal=medal, level=1, occurrence="cat:Чай")

    assert tea.subject == "Новая медаль: «Знаток: Чай»"
    assert "«Знаток: Чай»" in tea.short
    assert "«Знаток: Чай»" in tea.text
    assert "Знаток: Чай" in tea.html


def test_a_value_with_line_breaks_cannot_add_a_header(app: Flask) -> None:
    evil = "Shop\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>"

    written = letter("password_recovery", shop=evil)

    assert "\n" not in written.subject
    assert "\r" not in written.subject
    assert "<script>" not in written.html
    assert "&lt;script&gt;" in written.html


def test_an_unknown_kind_has_no_words(app: Flask) -> None:
    with pytest.raises(NoSuchLetterError, match="no letter of kind gossip"):
        write_letter("gossip", "en", SHOP)


def test_a_missing_value_is_named(app: Flask) -> None:
    with pytest.raises(NoSuchLetterError, match="signin_code lacks minutes"):
        write_letter("signin_code", "en", SHOP | {"code": "1"})


def test_codes_and_links_are_secrets_and_points_are_not() -> None:
    assert secrets_of("signin_code") == {"code"}
    assert secrets_of("activation") == {"code", "link"}
    assert secrets_of("returned") == set()
    assert secrets_of("gossip") == set()
