"""What challenges ask for, bring and say, in both languages; sentences written by hand."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from gamification.readmodels.challenges import ChallengeTerms, Rung, Step
from tests.preview import contests, people
from tests.preview.show import show
from webapp.words.challenge_pages import (
    CardWords,
    card_words,
    countdown,
    missing_sentence,
    rules_of,
    stamps_of,
)
from webapp.words.challenges import goal_sentence, reward_sentence


def step(kind: str, at_least: int, of: str | None = None, **more: Any) -> Step:
    return Step.model_validate({"kind": kind, "at_least": at_least, "of": of, **more})


def terms(*steps: Step, at: int | None = None, **more: Any) -> ChallengeTerms:
    goal = at or (steps[0].at_least if len(steps) == 1 else len(steps))
    return ChallengeTerms(steps=steps, ladder=(Rung(at=goal, points=200),), **more)


BREAD = {"categories": ["Хлеб"], "amount_from": 50_000, "weekdays": [6, 7], "hours": [[480, 600]]}
TEA = step("count", 1, where={"categories": ["Чай", "Кофе"]})
SAID = [
    (terms(step("count", 3)), "Сделайте 3 покупки.", "Make 3 purchases."),
    (
        terms(step("count", 5, where=BREAD)),
        "Сделайте 5 покупок из категории «Хлеб», каждая от 500 ₽, по выходным, с 08:00 до 10:00.",
        "Make 5 purchases from “Хлеб”, each of ₽500 or more, on weekends, between 08:00 and 10:00.",
    ),
    (
        terms(step("sum", 300_000, where={"stores": ["Центр"]})),
        "Купите на 3 000 ₽ в магазине «Центр».",
        "Spend ₽3,000 in “Центр”.",
    ),
    (
        terms(step("best", 150_000)),
        "Сделайте одну покупку на 1 500 ₽ или больше.",
        "Make one purchase of ₽1,500 or more.",
    ),
    (
        terms(step("distinct", 2, "category", fresh_days=90)),
        "Купите что-нибудь из 2 разных категорий."
        " Что вы покупали за 90 дней до начала, не считается.",
        "Buy from 2 different categories. What you had within 90 days before does not count.",
    ),
    (
        terms(step("distinct", 3, "sku", where={"amount_from": 15_000})),
        "Купите 3 разных товара в чеках от 150 ₽.",
        "Buy 3 different items in receipts from ₽150.",
    ),
    (
        terms(step("distinct", 5, "sku", where={"weekdays": [1, 3]}), endowed=1),
        "Купите 5 разных товаров по дням: пн, ср. 1 отметка уже стоит.",
        "Buy 5 different items on Mon, Wed. 1 is marked for you already.",
    ),
    (
        terms(step("streak", 4, "week", freezes=1)),
        "Покупайте 4 недели подряд. 1 пропуск прощается.",
        "Shop 4 weeks in a row. 1 miss is forgiven.",
    ),
    (
        terms(step("count", 7, events=["daily_check_in"])),
        "Зайдите в 7 разных дней.",
        "Look in on 7 days.",
    ),
    (
        terms(TEA, step("sum", 100_000), in_order=True),
        "По порядку: сделайте 1 покупку из категории «Чай» или «Кофе»; купите на 1 000 ₽.",
        "One after another: make 1 purchase from “Чай” or “Кофе”; spend ₽1,000.",
    ),
    (
        terms(TEA, step("sum", 100_000), at=1),
        "Выполните что-нибудь одно: сделайте 1 покупку из категории «Чай» или «Кофе»;"
        " купите на 1 000 ₽.",
        "One of these: make 1 purchase from “Чай” or “Кофе”; spend ₽1,000.",
    ),
]


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with show().test_request_context(f"/?lang={request.param}"):
        yield request.param


@pytest.fixture
def russian() -> Iterator[None]:
    with show().test_request_context("/?lang=ru"):
        yield


@pytest.fixture
def english() -> Iterator[None]:
    with show().test_request_context("/?lang=en"):
        yield


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize(("asked", "said"), [row[:2] for row in SAID])
def test_a_goal_in_russian(asked: ChallengeTerms, said: str) -> None:
    assert plain(goal_sentence(asked, "RUB")) == said


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("asked", "said"), [(row[0], row[2]) for row in SAID])
def test_a_goal_in_english(asked: ChallengeTerms, said: str) -> None:
    assert plain(goal_sentence(asked, "RUB")) == said


@pytest.mark.usefixtures("russian")
def test_a_reward_says_points_and_medal() -> None:
    one = step("count", 1)
    assert plain(reward_sentence(terms(one))) == "200 баллов"
    assert plain(reward_sentence(terms(one, medal=True))) == "200 баллов и медаль"
    only = ChallengeTerms(steps=(one,), ladder=(Rung(at=1),), medal=True)
    assert reward_sentence(only) == "медаль"


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=9, hours=5), "9 дней"),
        (timedelta(days=2, hours=14, minutes=59), "2 д 14 ч"),
        (timedelta(days=1), "1 день"),
        (timedelta(hours=23, minutes=59), "23 часа"),
        (timedelta(hours=1), "1 час"),
        (timedelta(minutes=59, seconds=59), "59 мин"),
        (timedelta(seconds=59), "меньше минуты"),
        (timedelta(seconds=-5), "меньше минуты"),
    ],
)
def test_a_countdown_has_minutes_only_in_the_last_hour(left: timedelta, said: str) -> None:
    assert countdown(left) == said


@pytest.mark.usefixtures("russian")
def test_how_much_was_short_is_said_in_its_own_unit() -> None:
    assert missing_sentence(contests.MISSED, "RUB") == "Не хватило 1 товара."
    assert missing_sentence(contests.BUNS, "RUB") == "Остался 1 товар."
    assert plain(missing_sentence(contests.MONEY, "RUB")) == "Осталось 3 600 ₽."
    assert missing_sentence(contests.WON_ONE, "RUB") == ""


def test_stamps_stand_where_there_are_few_and_never_for_money() -> None:
    assert stamps_of(terms(step("count", 3)), 2) == (True, True, False)
    assert stamps_of(terms(step("count", 11)), 2) == ()
    assert len(stamps_of(terms(step("count", 11), stamps=True), 2)) == 11
    assert stamps_of(terms(step("sum", 5)), 2) == ()


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("who", sorted(contests.ONES))
def test_every_state_has_its_words(who: str) -> None:
    view = contests.ONES[who]
    card: CardWords = card_words(view, people.NOON, "RUB", "/challenges")
    assert all((card.title, card.about, card.clock, card.done, card.label, card.reward))
    if view.state not in ("coming", "open"):
        assert card.says or card.missing
    assert all(rules_of(view, people.NOON))
