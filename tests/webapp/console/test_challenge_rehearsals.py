"""A draft rehearsed on the past, and its card as the customer will see it."""

from typing import Any

import pytest

from tests.webapp.console.challenge_forms import PAGE, draft, now_of, send
from tests.webapp.console.owner import english, tell
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.rehearsing.runs import begin_run, note_run


@pytest.fixture
def marketer(open_shop: Shop) -> Browser:
    return open_shop.signed_in_as("marketer")


def said(answer: Any) -> str:
    return text_of(answer).replace("\u00a0", " ")


def test_a_rehearsal_says_who_would_have_won_and_writes_nothing(
    open_shop: Shop, marketer: Browser
) -> None:
    today = open_shop.now.read()
    open_shop.now.set("2026-10-01T09:00:00+00:00")
    people = [open_shop.member(name=f"Анна С{n}", phone=f"+7912345000{n}") for n in range(3)]
    open_shop.now.set(today.isoformat())
    for n, member in enumerate(people):
        for day in range(1, 4 + n):
            with open_shop.worlds.open() as world:
                tell(world, member, f"R-{n}-{day}", days=day)
    number = draft(marketer, "blank")
    send(marketer, number, control_percent="0", s0_n="4", budget="300")

    answer = send(marketer, number, do="rehearse", period="before")

    assert answer.location == f"{PAGE}/{number}#rehearsal"
    words = said(english(marketer, f"{PAGE}/{number}"))
    assert "2 would have done it, 66.7%" in words
    assert "400 points it would have cost" in words
    assert "A rehearsal cannot know that people will buy more." in words
    assert "By the rehearsal it takes about 400." in words
    assert "Raise to 1,000" in words
    assert "3 of 4: 1 short" in words
    now = now_of(open_shop, number)
    assert (now.state, now.spent, now.revision) == ("draft", 0, 2)

    send(marketer, number, s0_n="9")
    assert "The challenge was changed since." in said(english(marketer, f"{PAGE}/{number}"))
    send(marketer, number, do="rehearse")
    assert "Some began, and nobody got there" in said(english(marketer, f"{PAGE}/{number}"))
    send(marketer, number, do="rehearse", period="year")
    words = said(english(marketer, f"{PAGE}/{number}/rehearsal"))
    assert "Purchases from 1 December 2025 to 14 December 2025" in words
    assert "Nobody was there to be asked" in words


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Nor where people lived then"), ("ru", "И где люди жили тогда, тоже не знает")],
)
def test_a_rehearsal_for_a_city_says_that_it_goes_by_the_cities_of_today(
    open_shop: Shop, marketer: Browser, language: str, sentence: str
) -> None:
    open_shop.member(name="Анна", phone="+79123450000")
    number = draft(marketer, "blank")
    marketer.send(PAGE, "/prefs", locale=language, next=PAGE)
    send(marketer, number, do="rehearse")
    plain = said(marketer.get(f"{PAGE}/{number}"))
    send(marketer, number, do="add_condition:city")

    send(marketer, number, do="rehearse")

    assert sentence not in plain
    assert sentence in said(marketer.get(f"{PAGE}/{number}"))


def test_a_rehearsal_can_be_stopped(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer)

    answer = marketer.send(f"{PAGE}/{number}", f"{PAGE}/{number}/rehearsal/stop")

    assert answer.location == f"{PAGE}/{number}/rehearsal"
    assert marketer.get(answer.location).status_code == 200


def test_one_that_runs_in_another_process_is_watched_and_stopped(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer)
    draft_of = {"period": "year", "first": "2025-12-01", "last": "2025-12-14"}
    with open_shop.worlds.open() as world:
        run = begin_run(world, "challenge", "x", draft_of, of=number)
        assert run is not None and note_run(world, run, 42)

    for path in ("", "/rehearsal"):
        page = english(marketer, f"{PAGE}/{number}{path}")
        assert 'value="42"' in page.get_data(as_text=True)
        assert "Purchases from 1 December 2025 to 14 December 2025" in said(page)
    assert 'http-equiv="refresh"' in page.get_data(as_text=True)

    marketer.send(f"{PAGE}/{number}", f"{PAGE}/{number}/rehearsal/stop")

    assert "You stopped it. Nothing was changed." in said(english(marketer, f"{PAGE}/{number}"))
    with open_shop.worlds.open() as world:
        assert not note_run(world, run, 50), "its process learns that it was stopped"


def test_too_many_at_once_are_refused_and_the_draft_is_saved(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer)
    with open_shop.worlds.open() as world:
        for n in (97, 98):
            begin_run(world, "challenge", "x", {}, of=n)

    answer = send(marketer, number, do="rehearse", points="310")

    assert "Сейчас идут другие прогоны" in said(answer)
    assert now_of(open_shop, number).plan.terms.points == 310


def test_the_preview_shows_three_states_in_two_languages(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer)

    page = marketer.get(f"{PAGE}/{number}").get_data(as_text=True)

    for language in ("ru", "en"):
        for state in ("coming", "going", "done"):
            assert f"is-{state} in-{language}" in page
    words = said(marketer.get(f"{PAGE}/{number}"))
    assert "Collect a set Buy from 3 different categories." in words
    assert "0 из 3 +200 баллов" in words and "3 of 3 +200 points" in words
