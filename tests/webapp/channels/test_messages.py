"""Messages that a shop may write itself, word by word in both languages, and as letters."""

import re
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from gamification.notices.wording import LOCALES, PLACES, unknown_places
from tests.webapp.channels.conftest import Postbox
from webapp.channels.letters import MESSAGES, NoSuchLetterError, write_letter
from webapp.channels.mail import Mail, mail_server, sender_of
from webapp.words.messages import PLACE_NOTES, TITLES, WHEN, message_words, shipped

OUT = "https://club.example.org/unsubscribe/s1gned"
VALUES: dict[str, Any] = {
    "shop": "Полдень",
    "currency": "RUB",
    "name": "Анна Седова",
    "names": {"ru": "Неделя пирогов", "en": "Pie week"},
    "abouts": {"ru": "Три разных пирога.", "en": "Three different pies."},
    "challenge": "blank-1",
    "points": 200,
    "medal": True,
    "until": "2026-03-08",
    "left": 2,
    "unit": "purchase",
    "link": "https://club.example.org/",
}
GOLDEN = {
    ("challenge_invitation", "ru"): (
        "Задание «Неделя пирогов» началось",
        "Три разных пирога.\nНаграда: 200 баллов и медаль. Последний день: 8 марта.",
    ),
    ("challenge_invitation", "en"): (
        "“Pie week” has begun",
        "Three different pies.\nReward: 200 points and a medal. The last day is 8 March.",
    ),
    ("challenge_reminder", "ru"): (
        "Задание «Неделя пирогов» заканчивается 8 марта",
        "Осталось: 2 покупки. Награда: 200 баллов и медаль.",
    ),
    ("challenge_reminder", "en"): (
        "“Pie week” ends on 8 March",
        "Still to do: 2 purchases. Reward: 200 points and a medal.",
    ),
    ("challenge_almost", "ru"): (
        "Почти готово: «Неделя пирогов»",
        "Осталось: 2 покупки. Последний день: 8 марта.",
    ),
    ("challenge_almost", "en"): (
        "Almost there: “Pie week”",
        "Still to do: 2 purchases. The last day is 8 March.",
    ),
    ("challenge_step", "ru"): ("Шаг задания «Неделя пирогов» пройден", "Вам — 200 баллов."),
    ("challenge_step", "en"): ("A step of “Pie week” is done", "200 points for you."),
    ("challenge_won", "ru"): ("Задание «Неделя пирогов» выполнено", "Вам — 200 баллов."),
    ("challenge_won", "en"): ("“Pie week” is done", "200 points for you."),
    ("challenge_ended", "ru"): (
        "Задание «Неделя пирогов» закончилось",
        "Не хватило 2 покупок.",
    ),
    ("challenge_ended", "en"): ("“Pie week” is over", "You were 2 purchases short."),
    ("challenge_returned", "ru"): (
        "Задание «Неделя пирогов» снова открыто",
        "Товары вернулись в магазин, и с ними — 200 баллов.",
    ),
    ("challenge_returned", "en"): (
        "“Pie week” is open again",
        "Goods were returned, and 200 points went with them.",
    ),
    ("challenge_cancelled", "ru"): (
        "Задание «Неделя пирогов» отменено",
        "200 баллов за то, что вы успели сделать.",
    ),
    ("challenge_cancelled", "en"): (
        "“Pie week” was called off",
        "200 points for what you had done so far.",
    ),
    ("birthday", "ru"): (
        "С днём рождения, Анна!",
        "Полдень желает вам всего самого хорошего. Вам — 200 баллов.",
    ),
    ("birthday", "en"): (
        "Happy birthday, Анна!",
        "Полдень wishes you all the best. 200 points for you.",
    ),
}


def said(kind: str, locale: str, own: Any = None, **values: Any) -> tuple[str, str]:
    with force_locale(locale):
        found = message_words(kind, VALUES | values, own, "RUB")
    return plain(found.subject), plain(found.text)


def plain(text: str) -> str:
    """Hard spaces as spaces."""
    return re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize(("kind", "locale"), GOLDEN)
def test_the_shipped_words(app: Flask, kind: str, locale: str) -> None:
    assert said(kind, locale) == GOLDEN[kind, locale]


def test_every_kind_has_words_a_title_and_a_time_and_names_only_what_it_knows(app: Flask) -> None:
    assert {kind for kind, _ in GOLDEN} == set(PLACES) == set(TITLES) == set(WHEN)
    assert {name for names in PLACES.values() for name in names} == set(PLACE_NOTES)
    for locale in LOCALES:
        with force_locale(locale):
            texts = [(kind, part) for kind in PLACES for part in shipped(kind)]
        assert [unknown_places(kind, text) for kind, text in texts] == [[]] * len(texts)


@pytest.mark.parametrize(
    ("values", "ru", "en"),
    [
        ({"unit": "money", "left": 25_000}, "Не хватило 250 ₽.", "You were ₽250 short."),
        ({"unit": "purchase", "left": 1}, "Не хватило 1 покупки.", "You were 1 purchase short."),
        ({"unit": "week", "left": 5}, "Не хватило 5 недель.", "You were 5 weeks short."),
        (
            {"unit": "receipt", "left": 100_000},
            "Не хватило чека от 1 000 ₽.",
            "You were one receipt of ₽1,000 short.",
        ),
        ({"unit": "channel", "left": 2}, "Не хватило 2 раз.", "You were 2 times short."),
    ],
)
def test_what_was_missing_stands_in_its_case(
    app: Flask, values: dict[str, Any], ru: str, en: str
) -> None:
    assert said("challenge_ended", "ru", **values)[1] == ru
    assert said("challenge_ended", "en", **values)[1] == en


def test_without_points_a_message_says_why_or_nothing(app: Flask) -> None:
    assert said("challenge_won", "en", points=0, prize="budget")[1] == (
        "The prizes of this challenge had already run out."
    )
    assert said("challenge_won", "en", points=0)[1] == ""
    assert said("challenge_cancelled", "en", points=0)[1] == "We are sorry."
    assert said("challenge_invitation", "en", points=0)[1].endswith(
        "Reward: a medal. The last day is 8 March."
    )


def test_the_shops_own_words_come_first_and_only_in_their_language(app: Flask) -> None:
    own = {"ru": ("Ура, {name}", "Ваши {challenge}: {nobody} {0} {")}

    assert said("challenge_won", "ru", own) == ("Ура, Анна", "Ваши Неделя пирогов: {nobody} {0} {")
    assert said("challenge_won", "en", own) == GOLDEN["challenge_won", "en"]


def test_a_challenges_own_invitation_goes_before_both(app: Flask) -> None:
    texts = {"ru": "Приходите, {name}! До {until}.", "en": ""}
    own = {"ru": ("Тема", "Текст"), "en": ("Subject", "Text")}

    assert said("challenge_invitation", "ru", own, invitations=texts) == (
        "Тема", "Приходите, Анна! До 8 марта.",
    )  # fmt: skip
    assert said("challenge_invitation", "en", own, invitations=texts) == ("Subject", "Text")


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("kind", MESSAGES)
def test_as_a_letter(app: Flask, kind: str, locale: str) -> None:
    letter = write_letter(kind, locale, VALUES | {"unsubscribe": OUT})

    subject, text = GOLDEN[kind, locale]
    assert plain(letter.subject) == subject
    lines = [line for line in plain(letter.text).splitlines() if line]
    assert lines[: 1 + len(text.splitlines())] == [subject, *text.splitlines()]
    assert (
        lines[-1]
        == {
            "ru": f"Больше не присылать новости: {OUT}",
            "en": f"Stop news by e-mail: {OUT}",
        }[locale]
    )
    assert f'href="{OUT}"' in letter.html
    assert letter.unsubscribe == OUT
    assert len(letter.short) <= 140


def test_nothing_that_a_shop_or_a_member_wrote_breaks_out_of_a_letter(app: Flask) -> None:
    evil = "<script>alert(1)</script>"
    own = {"en": (f"{evil}\r\nBcc: x@example.org", f"{evil} {{name}} {{shop}}")}

    letter = write_letter("challenge_won", "en", VALUES | {"name": evil, "shop": evil, "said": own})

    assert "<script>" not in letter.html
    assert letter.html.count("&lt;script&gt;") >= 4
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_a_letter_without_what_it_needs_is_refused(app: Flask) -> None:
    with pytest.raises(NoSuchLetterError, match="challenge_ended lacks left, unit"):
        write_letter("challenge_ended", "en", {"challenge": "x", "shop": "x"})


def test_a_mail_program_finds_the_way_out_by_itself(app: Flask, postbox: Postbox) -> None:
    server = mail_server(f"smtp://127.0.0.1:{postbox.port}?tls=off")
    mail = Mail(server, sender_of("club@example.org"))

    mail.deliver(write_letter("birthday", "en", VALUES | {"unsubscribe": OUT}), "a@example.org",
                 key="notice-1")  # fmt: skip
    mail.deliver(write_letter("birthday", "en", VALUES), "a@example.org", key="notice-2")

    news, plain_one = postbox.letters
    assert news["List-Unsubscribe"] == f"<{OUT}>"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert plain_one["List-Unsubscribe"] is None
