"""The inbox by day: alike messages of a day are one, others stay apart."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from gamification.readmodels.inbox import InboxRow
from webapp.catalogue import LaurelBabel
from webapp.words.inbox import inbox_days

TODAY = date(2025, 11, 21)


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest) -> Any:
    app = Flask(__name__)
    LaurelBabel(app, locale_selector=lambda: request.param)
    with app.test_request_context():
        yield request.param


def told(number: int, kind: str, day: int, *, fresh: bool = False, **values: Any) -> InboxRow:
    at = datetime(2025, 11, day, 12, number, tzinfo=UTC)
    return InboxRow(number, kind, values, None, at, fresh)


ROWS = [
    told(9, "medal", 21, fresh=True, medal="explorer", level=1),
    told(8, "returned", 21, amount=-100),
    told(7, "medal", 21, fresh=True, medal="saver", level=2),
    told(6, "medal", 20, medal="regular", level=1),
    told(5, "friend_came", 3, points=300),
    told(4, "friend_came", 3, points=200),
]


def test_days_have_titles_and_alike_messages_are_one(language: str) -> None:
    days = inbox_days(ROWS, "RUB", TODAY)
    titles = {"ru": ["Сегодня", "Вчера", "3 ноября"], "en": ["Today", "Yesterday", "3 November"]}
    plus = {"ru": "+2 медали", "en": "+2 medals"}

    assert [day.title.replace("\u00a0", " ") for day in days] == titles[language]
    first = days[0].letters
    assert [letter.glyph for letter in first] == ["medal", "again"]
    assert first[0].title.replace("\u00a0", " ") == plus[language]
    assert first[0].text.count(",") == 1
    assert first[0].fresh
    assert first[0].when.endswith("09")


def test_what_was_read_is_not_announced_with_what_is_new(language: str) -> None:
    rows = [
        told(9, "medal", 21, fresh=True, medal="explorer", level=1),
        told(8, "medal", 21, fresh=True, medal="saver", level=1),
        told(7, "medal", 21, medal="regular", level=1),
        told(6, "medal", 21, medal="early_bird", level=1),
        told(5, "medal", 21, medal="night_owl", level=1),
    ]
    numbers = {"ru": ["+2 медали", "+3 медали"], "en": ["+2 medals", "+3 medals"]}

    new, read = inbox_days(rows, "RUB", TODAY)[0].letters
    [_, old] = inbox_days([rows[0], rows[4]], "RUB", TODAY)[0].letters

    assert [each.title.replace("\u00a0", " ") for each in (new, read)] == numbers[language]
    assert (new.fresh, read.fresh, old.fresh) == (True, False, False)
    assert len(inbox_days(rows[2:], "RUB", TODAY)[0].letters) == 1


def test_gathered_medals_keep_their_categories_and_own_names(language: str) -> None:
    values = {"medal": "connoisseur", "level": 1}
    rows = [
        told(5, "medal", 21, **values, occurrence="cat:Чай"),
        told(4, "medal", 21, **values | {"level": 2}, occurrence="cat:Выпечка"),
        told(3, "medal", 21, medal="own", level=1, names={"ru": "Своя", "en": "Ours"}),
        told(2, "medal", 20, **values, occurrence="cat:Чай"),
    ]

    many, one = (day.letters[0] for day in inbox_days(rows, "RUB", TODAY))

    names = {"ru": ["Знаток: Чай", "Знаток: Выпечка II", "Своя"],
             "en": ["Connoisseur: Чай", "Connoisseur: Выпечка II", "Ours"]}  # fmt: skip
    assert many.text.replace("\u00a0", " ").split(", ") == names[language]
    assert names[language][0] in one.title


def test_a_return_names_the_medals_that_went(language: str) -> None:
    gone = [{"medal": "saver", "level": 2, "occurrence": "once", "names": {}},
            {"medal": "connoisseur", "level": 1, "occurrence": "cat:Чай", "names": {}}]  # fmt: skip
    rows = [told(9, "returned", 21, amount=-100, medals=gone[:n]) for n in (1, 2)]

    said = [
        letter.text.replace("\u00a0", " ") for letter in inbox_days(rows, "RUB", TODAY)[0].letters
    ]

    assert said == {
        "ru": ["Медаль «Копилка II» снята вместе с возвратом.",
               "Вместе с возвратом сняты медали: Копилка II, Знаток: Чай."],
        "en": ["The medal “Saver II” went with it.",
               "The medals that went with it: Saver II, Connoisseur: Чай."],
    }[language]  # fmt: skip


def test_points_of_friends_add_up(language: str) -> None:
    [letter] = inbox_days(ROWS, "RUB", TODAY)[2].letters

    assert "500" in letter.text


def test_one_alone_stays_as_it_was(language: str) -> None:
    [letter] = inbox_days(ROWS, "RUB", TODAY)[1].letters

    assert "+" not in letter.title


def test_a_day_that_goes_on_over_a_page_is_not_named_twice(language: str) -> None:
    days = inbox_days(ROWS, "RUB", TODAY, after=TODAY)

    assert [bool(day.title) for day in days] == [False, True, True]


@pytest.mark.parametrize(("reason", "is_said"), [("budget", True), ("cap", False), (None, False)])
def test_the_fund_is_named_only_where_it_was_used_up(
    language: str, reason: str | None, is_said: bool
) -> None:
    row = told(1, "invited_bonus", 21, points=0, reason=reason)

    [letter] = inbox_days([row], "RUB", TODAY)[0].letters

    assert bool(letter.text) == is_said
