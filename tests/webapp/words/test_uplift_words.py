"""What a challenge brought, read aloud in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask_babel import force_locale

from gamification.readmodels.uplift import Arm, ExtraCost, Uplift, cost_per_extra, uplift, verdict
from tests.preview.show import show
from webapp.words.uplift import SideWords, UpliftWords, cost_text, smallest_text, uplift_words


@pytest.fixture(scope="module")
def app() -> Flask:
    return show()


@contextmanager
def read_in(app: Flask, language: str) -> Iterator[None]:
    with app.test_request_context(), force_locale(language):
        yield


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def shares(invited: int, hits: int, watched: int, their_hits: int) -> Uplift:
    return uplift(Arm.of_share(invited, hits), Arm.of_share(watched, their_hits))


def sums(invited: int, mine: int, watched: int, theirs: int, spread: int = 6) -> Uplift:
    """Arms with these means; most spend little, some much."""
    arms = ((invited, mine), (watched, theirs))
    return uplift(*(Arm(n, n * mean, n * mean * mean * spread) for n, mean in arms))


LETTER = shares(21_387, 3_238, 21_306, 2_262)
HARM = shares(9_000, 900, 1_000, 150)
NOTHING = shares(50_000, 5_000, 50_000, 5_000)
YOUNG = shares(450, 68, 50, 6)
FEW = shares(10, 1, 0, 0)
MONEY = sums(40_000, 142_000, 40_000, 118_000)
CUPS = sums(40_000, 6, 40_000, 5)
ALIKE = uplift(Arm(100, 0, 0), Arm(100, 0, 0))
IDLE = shares(900, 0, 100, 0)


def words(found: Uplift, currency: str | None = None, smallest: float | None = None) -> UpliftWords:
    return uplift_words(found, verdict(found, smallest=smallest), currency)


def test_a_share_in_full(app: Flask) -> None:
    with read_in(app, "ru"):
        russian = words(LETTER)
    with read_in(app, "en"):
        english = words(LETTER)

    assert russian == UpliftWords(
        "works",
        "Работает",
        "+4,5\u00a0п.\u00a0п. (3,7 … 5,4)",
        "С уверенностью 99\u00a0% разница лежит в этих пределах, и она больше нуля.",
        (
            SideWords("С заданием", "21\u00a0387 участников", "15,1\u00a0%"),
            SideWords("Контрольная группа", "21\u00a0306 участников", "10,6\u00a0%"),
        ),
    )
    assert english == UpliftWords(
        "works",
        "It works",
        "+4.5\u00a0p.p. (3.7 … 5.4)",
        "With 99% confidence the difference lies within these bounds, above zero.",
        (
            SideWords("With the challenge", "21,387 members", "15.1%"),
            SideWords("Control group", "21,306 members", "10.6%"),
        ),
    )


@pytest.mark.parametrize(
    ("language", "found", "currency", "said"),
    [
        ("ru", HARM, None, "−5 п. п. (−8 … −2)"),
        ("ru", NOTHING, None, "0 п. п. (−0,5 … 0,5)"),
        ("ru", shares(21_387, 189, 21_306, 122), None, "+0,3 п. п. (0,1 … 0,5)"),
        ("ru", MONEY, "RUB", "+240 ₽ на участника (187 ₽ … 293 ₽)"),
        ("en", MONEY, "USD", "+$240 per member ($187 … $293)"),
        ("en", sums(40_000, 90, 40_000, 80), "USD", "+$0.10 per member ($0.07 … $0.13)"),
        ("ru", CUPS, None, "+1 на участника (0,8 … 1,2)"),
        ("ru", sums(40_000, 142_000, 40_000, 118_000), "JPY", "+24 000 ¥ на участника"
         " (18 683 ¥ … 29 317 ¥)"),
        ("en", FEW, None, ""),
        ("en", ALIKE, "USD", ""),
    ],
)  # fmt: skip
def test_a_figure_has_the_digits_that_its_bounds_bear(
    app: Flask, language: str, found: Uplift, currency: str | None, said: str
) -> None:
    with read_in(app, language):
        assert plain(words(found, currency).figure) == said


def test_an_end_that_is_something_is_not_read_as_nothing(app: Flask) -> None:
    found = Uplift(LETTER.treatment, LETTER.control, 0.99, 0.016, 0.0004, 0.0316, 0.1)

    with read_in(app, "en"):
        assert plain(words(found).figure) == "+1.6 p.p. (0.04 … 3.16)"


@pytest.mark.parametrize(
    ("found", "smallest", "russian", "english"),
    [
        (HARM, None, "Вредит", "It does harm"),
        (NOTHING, None, "Не работает", "It does not work"),
        (FEW, None, "Рано судить", "Too early to say"),
        (YOUNG, 0.1, "Рано судить: нужно ещё около 1 400 человек",
         "Too early: about 1,400 more people needed"),
    ],
    ids=["harms", "no effect", "few", "too early"],
)  # fmt: skip
def test_a_verdict_is_a_word_or_two(
    app: Flask, found: Uplift, smallest: float | None, russian: str, english: str
) -> None:
    with read_in(app, "ru"):
        assert plain(words(found, smallest=smallest).verdict) == russian
    with read_in(app, "en"):
        assert plain(words(found, smallest=smallest).verdict) == english


@pytest.mark.parametrize(
    ("found", "smallest", "russian", "english"),
    [
        (HARM, None,
         "С уверенностью 99 % разница лежит в этих пределах, и она меньше нуля: без задания"
         " участники делают больше.",
         "With 99% confidence the difference lies within these bounds, below zero: members do"
         " more without the challenge."),
        (NOTHING, None, "Если разница и есть, она меньше 1 п. п. в любую сторону.",
         "If there is a difference, it is smaller than 1 p.p. either way."),
        (YOUNG, 0.1, "С ними разница в 10 п. п., если она есть, будет видна в 80 % случаев.",
         "With them, a difference of 10 p.p., if there is one, will be seen in 80% of cases."),
        (FEW, None, "Нужно хотя бы 30 участников с каждой стороны.",
         "There have to be at least 30 members on each side."),
        (ALIKE, None, "Сравнивать пока нечего: на каждой стороне все сделали поровну.",
         "There is nothing to compare yet: all members of a side did the same."),
        (IDLE, None, "Сравнивать пока не с чем: контрольная группа ещё ничего не сделала.",
         "The control group has done nothing yet that could be compared."),
    ],
    ids=["harms", "no effect", "too early", "few", "alike", "idle"],
)  # fmt: skip
def test_what_follows_is_a_sentence(
    app: Flask, found: Uplift, smallest: float | None, russian: str, english: str
) -> None:
    with read_in(app, "ru"):
        assert plain(words(found, smallest=smallest).meaning) == russian
    with read_in(app, "en"):
        assert plain(words(found, smallest=smallest).meaning) == english


def test_a_side_without_anybody_has_no_mean(app: Flask) -> None:
    with read_in(app, "ru"):
        assert words(FEW).sides[1] == SideWords("Контрольная группа", "0 участников", "")
        assert plain(words(MONEY, "RUB").sides[0].mean) == "1 420 ₽ на участника"


@pytest.mark.parametrize(
    ("effect", "currency", "russian", "english"),
    [
        (0.0436, None, "На такой группе увидим прирост от 4,4 п. п. Меньшая разница утонет в"
         " шуме.", "Such a group shows a rise from 4.4 p.p. A smaller one is lost in the noise."),
        (0.1, None, "На такой группе увидим прирост от 10 п. п. Меньшая разница утонет в шуме.",
         "Such a group shows a rise from 10 p.p. A smaller one is lost in the noise."),
        (18_011.3, "RUB", "На такой группе увидим прирост от 181 ₽ на участника. Меньшая разница"
         " утонет в шуме.",
         "Such a group shows a rise from ₽181 per member. A smaller one is lost in the noise."),
        (0.0312, "", "На такой группе увидим прирост от 0,032 на участника. Меньшая разница"
         " утонет в шуме.",
         "Such a group shows a rise from 0.032 per member. A smaller one is lost in the noise."),
        (None, None, "На такой группе разницу не увидеть: возьмите больше участников или"
         " контрольную группу побольше.",
         "Such a group shows no difference: take more members or a larger control group."),
    ],
)  # fmt: skip
def test_the_builder_tells_what_a_group_shows(
    app: Flask, effect: float | None, currency: str | None, russian: str, english: str
) -> None:
    for language, said in (("ru", russian), ("en", english)):
        with read_in(app, language):
            text = smallest_text(effect, share=currency is None, currency=currency or None)
            assert plain(text) == said


def test_a_cost_is_told_with_its_bounds(app: Flask) -> None:
    visits = cost_per_extra(9_000_000, LETTER, 21_387)
    bought = cost_per_extra(900_000_000, MONEY, 40_000)
    unsure = ExtraCost(extra=14, each=642_900.4, least=915.6, most=None)
    assert visits is not None
    assert bought is not None

    with read_in(app, "ru"):
        assert [plain(text) for text in (
            cost_text(visits, "RUB", of_money=False),
            cost_text(bought, "RUB", of_money=True),
            cost_text(unsure, "RUB", of_money=False),
        )] == [
            "Каждый дополнительный результат обошёлся в 93 ₽ (79 ₽ … 114 ₽).",
            "100 ₽ дополнительных покупок обошлись в 94 ₽ (77 ₽ … 120 ₽).",
            "Каждый дополнительный результат обошёлся в 6 429 ₽ (от 9,16 ₽, верхней границы пока"
            " нет).",
        ]  # fmt: skip
    with read_in(app, "en"):
        assert [cost_text(visits, "USD", of_money=False), cost_text(bought, "USD", of_money=True),
                cost_text(unsure, "USD", of_money=False)] == [
            "Each extra result cost $93 ($79 … $114).",
            "$100 of extra purchases cost $94 ($77 … $120).",
            "Each extra result cost $6,429 (from $9.16, no upper bound yet).",
        ]  # fmt: skip
