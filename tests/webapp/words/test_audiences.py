"""Every kind of condition has its words, and the words change with what it asks."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from flask import Flask
from flask_babel import force_locale

from gamification.readmodels.conditions import Condition, parse_condition
from webapp.catalogue import LaurelBabel
from webapp.words.audiences import LINES, STAGES, VALUES, condition_line

NAMES = {("tier", "gold"): "Gold", ("segment", 7): "Regulars", ("member_list", 3): "Paper"}

SAID: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "tier", "tiers": ["gold", "x"]}, "Tier: Gold, x", "Уровень: Gold, x"),
    ({"kind": "recency", "days": 1}, "Bought in the last 1 day", "Покупали за последний 1 день"),
    ({"kind": "recency", "days": 60, "within": False},
     "Bought before, but not in the last 60 days",
     "Покупали раньше, но не за последние 60 дней"),
    ({"kind": "frequency", "at_least": 3, "days": 30}, "Purchases: at least 3 (last 30 days)",
     "Покупок: не меньше 3 (за последние 30 дней)"),
    ({"kind": "spend", "at_least": 100_000, "at_most": 200_000},
     "Spent: from ₽1,000 to ₽2,000", "Потратили: от 1 000 ₽ до 2 000 ₽"),
    ({"kind": "bought", "categories": ["tea", "100 %s"]}, "Bought: 100 %s, tea",
     "Покупали: 100 %s, tea"),
    ({"kind": "not_bought", "categories": ["100 %s"], "days": 2},
     "Did not buy: 100 %s (last 2 days)",
     "Не покупали: 100 %s (за последние 2 дня)"),
    ({"kind": "visited", "stores": ["market"], "channels": ["app"]}, "Bought at: market, app",
     "Покупали в: market, app"),
    ({"kind": "birthday_month", "months": [5, 1]}, "Birthday in: January, May",
     "Месяц рождения: январь, май"),
    ({"kind": "birthday_month"}, "Birthday this month", "День рождения в этом месяце"),
    ({"kind": "joined", "days": 7}, "Joined in the last 7 days", "Вступили за последние 7 дней"),
    ({"kind": "joined", "days": 7, "within": False}, "Joined earlier than the last 7 days",
     "Вступили раньше последних 7 дней"),
    ({"kind": "city", "cities": ["Тверь", "Орёл"]}, "City: Орёл, Тверь", "Город: Орёл, Тверь"),
    ({"kind": "city", "cities": ["100 %s"], "unknown": True}, "City: 100 %s or not given",
     "Город: 100 %s или не указан"),
    ({"kind": "city", "unknown": True}, "No city given", "Город не указан"),
    ({"kind": "consent", "purpose": "marketing"}, "Agreed to: news and offers",
     "Согласие есть: новости и предложения"),
    ({"kind": "consent", "purpose": "x", "given": False}, "Has not agreed to: x",
     "Согласия нет: x"),
    ({"kind": "medal", "medal": "regular", "level": 2}, "Medal: regular, level 2 or higher",
     "Медаль: regular, уровень 2 или выше"),
    ({"kind": "invited"}, "Came by an invitation", "Пришли по приглашению"),
    ({"kind": "inviter", "at_least": 4}, "Friends invited who stayed: at least 4",
     "Приглашённых друзей, которые остались: не меньше 4"),
    ({"kind": "stage", "stages": ["new"]}, "Stage: New", "Стадия: Новые"),
    ({"kind": "rfm", "values": ["lost"]}, "By purchases: Lost", "По покупкам: Потерянные"),
    ({"kind": "segment", "segment_id": 7}, "Segment: Regulars", "Сегмент: Regulars"),
    ({"kind": "member_list", "list_id": 3}, "List: Paper", "Список: Paper"),
]  # fmt: skip


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    app = Flask("words")
    LaurelBabel(app, default_locale="en")  # type: ignore[no-untyped-call]
    with app.test_request_context(), force_locale(request.param):
        yield request.param


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_conditions_read_as_chips(language: str) -> None:
    said = [plain(condition_line(parse_condition(one), NAMES, "RUB")) for one, _, _ in SAID]

    assert said == [english if language == "en" else russian for _, english, russian in SAID]


def test_every_condition_stage_and_kind_has_words() -> None:
    kinds = set(get_args(Condition))

    assert kinds == set(LINES)
    assert {type(parse_condition(one)) for one, _, _ in SAID} == kinds
    for field, words in (("stages", STAGES), ("values", VALUES)):
        [model] = [kind for kind in kinds if field in kind.model_fields]
        schema = model.model_json_schema()["properties"][field]["items"]
        assert set(schema["enum"]) == set(words)
