"""Every shipped medal has its line, its missing part and its family, in both languages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from gamification.achievements.shipped import MedalChoices, shipped_medals
from gamification.readmodels.board import BoardMedal, Rarity
from gamification.readmodels.views import MedalTile, OperationRow
from tests.preview import boards
from tests.preview.show import show
from webapp.art.medals import ART
from webapp.cabinet.shelves import FAMILIES, family_of, folded
from webapp.words.board import FAMILY_NAMES, family_name, rarity_text, share
from webapp.words.medal_lines import LINES, MISSING, medal_line, missing_text
from webapp.words.medal_page import medal_words, row_href
from webapp.words.medals import NAMES
from webapp.words.operations import operation_words

CODES = [medal.code for medal in shipped_medals(MedalChoices())]
TODAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def app() -> Flask:
    return show()


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    with app.test_request_context(), force_locale(request.param):
        yield request.param


def goal(code: str, done: int, target: int, **more: bool) -> BoardMedal:
    tile = MedalTile(code, 1, "under_way", done, target, **more)  # type: ignore[arg-type]
    return BoardMedal(tile, tile, ())


def test_every_shipped_medal_has_a_line_of_its_own() -> None:
    assert set(CODES) == set(LINES) == set(NAMES)
    assert len(set(LINES.values())) == len(LINES)
    assert set(CODES) - set(MISSING) == {"welcome_back"}


def test_lines_are_written_in_each_language(app: Flask) -> None:
    said = {}
    for language in ("ru", "en"):
        with app.test_request_context(), force_locale(language):
            said[language] = [medal_line(code) for code in CODES]

    assert all(said["ru"])
    assert not set(said["ru"]) & set(said["en"])
    assert not [line for lines in said.values() for line in lines if "!" in line]


@pytest.mark.parametrize(
    ("code", "left", "words"),
    [
        ("weekly_rhythm", 1, "Осталась 1 неделя подряд."),
        ("weekly_rhythm", 2, "Осталось 2 недели подряд."),
        ("explorer", 5, "Осталось 5 новых категорий."),
        ("explorer", 21, "Осталась 21 новая категория."),
        ("weekender", 1, "Остались 1 выходные с покупкой."),
        ("saver", 520, "Осталось набрать 520 баллов."),
        ("made_by_a_shop", 3, "Осталось 3."),
    ],
)
def test_what_is_missing_is_counted_in_russian(
    app: Flask, code: str, left: int, words: str
) -> None:
    with app.test_request_context(), force_locale("ru"):
        said = missing_text(goal(code, 40, 40 + left)).replace("\u00a0", " ")

    assert said == words


@pytest.mark.usefixtures("language")
def test_a_broken_run_misses_all_of_it() -> None:
    broken = goal("weekly_rhythm", 3, 4)._replace(run=0)

    assert "4" in missing_text(broken)


@pytest.mark.usefixtures("language")
def test_a_veiled_medal_keeps_its_rule_its_levels_and_its_rest() -> None:
    veiled = goal("night_owl", 0, 1, veiled=True)
    said = medal_words(veiled, TODAY)

    assert (said.missing, said.levels, said.line) == ("", (), "")
    assert "22:00" not in "".join(str(part) for part in said)


@pytest.mark.parametrize(
    ("hundredths", "russian", "english"),
    [(620, "6,2 %", "6.2%"), (3_149, "31 %", "31%"), (90, "0,9 %", "0.9%"), (3, "0,1 %", "0.1%"),
     (10_000, "100 %", "100%"), (600, "6 %", "6%"), (0, "0 %", "0%")],
)  # fmt: skip
def test_a_share_is_written_as_people_write_it(
    app: Flask, hundredths: int, russian: str, english: str
) -> None:
    said = []
    for language in ("ru", "en"):
        with app.test_request_context(), force_locale(language):
            said.append(share(hundredths).replace("\u00a0", " "))

    assert said == [russian, english]


def test_rarity_is_said_in_words_too(app: Flask) -> None:
    with app.test_request_context(), force_locale("ru"):
        assert rarity_text(Rarity("rare", 620)).replace("\u00a0", " ") == "редкая, 6,2 %"


@pytest.mark.usefixtures("language")
def test_every_shape_is_a_family_with_a_name() -> None:
    assert set(FAMILIES.values()) == set(FAMILY_NAMES)
    assert len({family_name(code) for code in FAMILY_NAMES}) == len(FAMILY_NAMES)
    for code in ART:
        assert family_of(goal(code, 0, 1)) in FAMILY_NAMES


def test_a_search_forgives_case_dots_and_hyphens() -> None:
    assert folded(" Заглянул на\u00a0огонЁк ") == "заглянул на огонек"
    assert folded("выход\u00adной") == "выходной"


def test_the_way_to_a_row_begins_its_page_with_it() -> None:
    assert row_href("/history", "17.4") == "/history?after=17.5#op-17.4"


def test_the_board_of_the_pictures_has_every_medal() -> None:
    board = boards.whole()

    assert [medal.tile.code for medal in board.medals] == CODES
    assert board.secrets == 0
    assert boards.whole(begun=False).secrets == 1


@pytest.mark.usefixtures("language")
def test_a_medals_row_of_the_history_leads_to_its_page() -> None:
    at = datetime(2026, 5, 1, 9, tzinfo=UTC)
    row = OperationRow("1.2", "medal", at, 50, "pending", medal="explorer", level=2)

    assert operation_words(row, "RUB", TODAY, medals="/medals").href == "/medals/explorer"
    assert operation_words(row, "RUB", TODAY).href == ""
    bought = row._replace(kind="purchase", medal=None)
    assert operation_words(bought, "RUB", TODAY, medals="/medals").href == ""


@pytest.mark.parametrize("points", [50, -50])
def test_a_medal_is_taken_back_and_not_brought_to_a_shop(app: Flask, points: int) -> None:
    at = datetime(2026, 5, 1, 9, tzinfo=UTC)
    row = OperationRow("1.2", "medal", at, points, "returned", medal="explorer", level=2)

    with app.test_request_context(), force_locale("ru"):
        said = [operation_words(row._replace(state=s), "RUB", TODAY) for s in ("returned", "taken")]  # type: ignore[arg-type]
    assert [words.state for words in said] == ["Снята вместе с возвратом", "Снята"]
    assert [words.waits for words in said] == [False, False]
