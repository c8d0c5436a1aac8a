"""Numbers, money, dates and sentences as a reader of each language gets them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from flask import Flask
from flask_babel import force_locale

import webapp.accounts.refusals
import webapp.api.refusals
import webapp.world  # noqa: F401 - every refusal is defined by now
from gamification.commands.acts import ACT_TYPES
from gamification.readmodels.views import (
    MedalTile,
    Named,
    NewsLine,
    NextStep,
    NextTier,
    TierCard,
    WhyCode,
    WhyLine,
)
from gamification.refusals import Refusal
from tests.preview import people
from tests.preview.show import show
from webapp.art.medals import ART
from webapp.words import acts, formats, medals, refusals, steps, waits, whys


@pytest.fixture(scope="module")
def app() -> Flask:
    return show()


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    with app.test_request_context(), force_locale(request.param):
        yield request.param


@pytest.fixture
def russian(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("ru"):
        yield


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 баллов"), (1, "1 балл"), (2, "2 балла"), (5, "5 баллов"), (11, "11 баллов"),
     (21, "21 балл"), (2_480, "2 480 баллов"), (-290, "−290 баллов")],
)  # fmt: skip
def test_points_are_counted_in_russian(count: int, said: str) -> None:
    assert formats.points(count).replace("\u00a0", " ") == said


@pytest.mark.usefixtures("english")
def test_points_are_counted_in_english() -> None:
    assert [formats.points(n).replace("\u00a0", " ") for n in (1, 2_480)] == [
        "1 point", "2,480 points",
    ]  # fmt: skip


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 секунду"), (42, "42 секунды"), (60, "1 минуту"), (61, "2 минуты"), (900, "15 минут"),
     (3_600, "60 минут"), (7_140, "119 минут"), (7_141, "2 часа"), (39_000, "11 часов"),
     (73_000, "21 час")],
)  # fmt: skip
def test_a_wait_is_told_in_words(seconds: int, said: str) -> None:
    assert waits.try_again(seconds) == f"Повторите через {said}."


@pytest.mark.usefixtures("english")
def test_a_wait_is_told_in_english() -> None:
    assert [waits.try_again(n) for n in (1, 180, 7_200)] == [
        "Try again in 1 second.", "Try again in 3 minutes.", "Try again in 2 hours.",
    ]  # fmt: skip


@pytest.mark.usefixtures("russian")
def test_money_shows_kopecks_only_where_there_are_some() -> None:
    said = [formats.money(minor, "RUB") for minor in (120_000, 890_050, -180_000, 0)]

    assert [text.replace("\u00a0", " ") for text in said] == [
        "1 200 ₽", "8 900,50 ₽", "−1 800 ₽", "0 ₽",
    ]  # fmt: skip


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize(
    ("left", "said"), [(0, "Сегодня сгорит 320 баллов"), (1, "Через 1 день сгорит 320 баллов")]
)
def test_points_that_burn_today_burn_today(left: int, said: str) -> None:
    step = NextStep("expiring", points=320, on=date(2025, 11, 30), days_left=left)

    assert steps.step_title(step).replace("\u00a0", " ") == said


@pytest.mark.usefixtures("english")
def test_money_carries_its_sign_and_the_digits_of_its_currency() -> None:
    said = [formats.money(1_250, code) for code in ("RUB", "GBP", "JPY", "KWD", "CHF")]

    assert said == ["₽12.50", "£12.50", "¥1,250", "KWD\u00a01.250", "CHF\u00a012.50"]


@pytest.mark.usefixtures("russian")
def test_a_day_of_another_year_names_its_year() -> None:
    today = date(2025, 11, 22)

    said = [formats.day(on, today) for on in (date(2025, 11, 25), date(2026, 1, 2))]

    assert [text.replace("\u00a0", " ") for text in said] == ["25 ноября", "2 января 2026"]


@pytest.mark.usefixtures("russian")
def test_a_name_falls_back_to_the_language_there_is() -> None:
    names = [Named("a", {"ru": "Лист", "en": "Leaf"}), Named("b", {"en": "Leaf"}), Named("c")]

    assert [formats.named(name) for name in names] == ["Лист", "Leaf", "c"]


@pytest.mark.usefixtures("language")
def test_every_reason_has_a_sentence_with_and_without_its_values() -> None:
    full = {
        "rule": Named("r", {"en": "R"}), "tier": Named("t", {"en": "T"}),
        "category": Named("c", {"en": "C"}), "medal": "saver", "level": 2, "rate_bp": 700,
        "times_pct": 150, "amount_minor": 100, "need_minor": 200, "short_minor": 100, "cap": 500,
        "from_minute": 540, "to_minute": 600, "on": date(2025, 1, 1), "reason": "x",
    }  # fmt: skip

    for code in get_args(WhyCode):
        for line in (WhyLine(code), WhyLine(code, Decimal(1), **full)):
            assert whys.why_text(line, "RUB"), code
    assert set(whys.SENTENCES) == set(get_args(WhyCode))


@pytest.mark.usefixtures("language")
def test_every_medal_has_art_a_name_and_a_rule_with_its_threshold() -> None:
    for code in ART:
        tile = MedalTile(code, 2, "under_way", 3, 37)
        rule = medals.medal_rule(tile)

        assert medals.medal_name(tile) not in ("", code)
        assert rule
        once = {
            "first_purchase", "second_visit", "welcome_back", "nice_to_meet", "stay_in_touch",
            "birthday_guest",
        }  # fmt: skip
        assert code in once or "37" in rule, rule
    assert set(medals.NAMES) == set(medals.RULES) == set(ART)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("categories", "said"),
    [((), "Make 10 purchases."), (("Coffee", "Tea"), "Buy from “Coffee, Tea” 10 times.")],
)
def test_the_eleventh_names_the_goods_that_it_counts(
    categories: tuple[str, ...], said: str
) -> None:
    tile = MedalTile("eleventh_on_us", 1, "under_way", 3, 10, categories=categories)

    assert medals.medal_rule(tile) == said


def all_refusals() -> list[type[Refusal]]:
    found, queue = [], [Refusal]
    while queue:
        below = queue.pop().__subclasses__()
        found += below
        queue += below
    return [kind for kind in found if kind.__module__.startswith(("gamification", "webapp"))]


@pytest.mark.usefixtures("language")
def test_every_refusal_has_a_sentence() -> None:
    plain = refusals.refusal_text(Refusal())

    silent = [kind.code for kind in all_refusals() if kind.code not in refusals.SENTENCES]

    assert silent == []
    assert plain


@pytest.mark.usefixtures("language")
def test_the_lines_of_every_sample_add_up_to_its_row() -> None:
    for row in people.ROWS:
        assert sum(line.points or 0 for line in row.why) == row.points, row.public_id


@pytest.mark.usefixtures("language")
def test_every_registered_act_has_a_name_and_a_picture() -> None:
    assert set(acts.NAMES) == set(acts.GLYPHS) == set(ACT_TYPES)
    for code in ACT_TYPES:
        assert acts.act_name(code) not in ("", code)


@pytest.mark.usefixtures("russian")
def test_how_often_an_act_counts_is_said_in_russian() -> None:
    said = [acts.how_often(per, most) for per, most in (("ever", 1), ("day", 2), ("year", 5))]

    assert said == ["1 раз за всё время", "2 раза в день", "5 раз в год"]


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize(
    ("on", "said"),
    [(30, "Сегодня сгорит 40 баллов."), (31, "31 декабря сгорит 40 баллов.")],
)
def test_what_lapses_today_lapses_today(on: int, said: str) -> None:
    news = NewsLine("expiring", points=40, on=date(2026, 12, on))

    assert steps.news_text(news, date(2026, 12, 30)).replace("\u00a0", " ") == said


def test_a_term_of_another_year_names_it(russian: None) -> None:
    coming = NextTier(people.VENOK, 1000, 260_000, date(2027, 11, 30))
    tier = TierCard(people.VETV, 3, 4, 700, 48, coming, today=date(2026, 12, 1))

    assert "до 30\xa0ноября\xa02027" in steps.tier_next(tier, "RUB")
    assert "2027" not in steps.tier_next(replace(tier, today=date(2027, 2, 1)), "RUB")
