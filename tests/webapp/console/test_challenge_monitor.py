"""A launched challenge: its figures, what can be done with it, and new terms for later joiners."""

from collections.abc import Callable
from typing import Any

import pytest

from gamification.commands.challenge_clock import (
    advance_challenges,
    close_challenges,
    pay_challenges,
)
from gamification.store import Store
from gamification.world import World
from tests.webapp.console.challenge_forms import (
    PAGE,
    FormReader,
    fields_of,
    launched,
    now_of,
    row_of,
)
from tests.webapp.console.owner import english, tell
from tests.webapp.shopfront import Browser, Shop, text_of


@pytest.fixture
def marketer(open_shop: Shop) -> Browser:
    return open_shop.signed_in_as("marketer")


def said(answer: Any) -> str:
    return text_of(answer).replace("\u00a0", " ")


def run_clock(shop: Shop) -> None:
    steps: tuple[Callable[[World], int], ...] = (
        advance_challenges, pay_challenges, close_challenges, pay_challenges,
    )  # fmt: skip
    for step in steps:
        for _n in range(200):
            with shop.worlds.open() as world:
                if not step(world):
                    break


def played(shop: Shop, marketer: Browser) -> int:
    """A challenge of two purchases; Anna makes both, Boris one, Clara none."""
    number = launched(marketer, "blank", control_percent="0", s0_n="2", ends="2026-11-30T23:59")
    people = [shop.member(name=f"{name} Седова", phone=f"+791234500{n:02d}")
              for n, name in enumerate(("Анна", "Борис", "Клара"))]  # fmt: skip
    for n, times in enumerate((2, 1, 0)):
        for place in range(times):
            with shop.worlds.open() as world:
                tell(world, people[n], f"M-{n}-{place}", days=0)
    run_clock(shop)
    return number


def act(browser: Browser, number: int, what: str, **fields: str) -> Any:
    path = f"{PAGE}/{number}"
    return browser.send(path, f"{path}/act", act=what, **fields)


def test_the_page_says_who_is_how_far_and_what_it_cost(open_shop: Shop, marketer: Browser) -> None:
    number = played(open_shop, marketer)

    words = said(english(marketer, f"{PAGE}/{number}"))

    assert "Time Day 1 of 7" in words
    assert "In play 2 2 have begun" in words
    assert "Finished 1 50% of those in play" in words
    assert "Points spent 200 4% of 5,000 points" in words
    assert "First to finish Анна Седова" in words
    assert "In play 2 100% Have begun 2 100% Finished 1 50%" in words
    assert "Points paid by day: 200 in all" in marketer.get(
        f"{PAGE}/{number}", headers={"Accept-Language": "en"}
    ).get_data(as_text=True)


def test_where_it_repeats_members_are_counted_once(open_shop: Shop, marketer: Browser) -> None:
    number = launched(marketer, "blank", control_percent="0", s0_n="1", repeat="daily",
                      points="10", ends="2026-11-30T23:59")  # fmt: skip
    anna, boris = (open_shop.member(name=f"{name} Седова", phone=f"+791234500{n:02d}")
                   for n, name in enumerate(("Анна", "Борис")))  # fmt: skip
    for day, members in enumerate(((anna,), (anna, boris), (anna,))):
        open_shop.now.move(days=bool(day))
        for member in members:
            with open_shop.worlds.open() as world:
                tell(world, member, f"M-{member}-{day}", days=0)
    run_clock(open_shop)
    marketer = open_shop.signed_in_as("marketer")

    words = said(english(marketer, f"{PAGE}/{number}"))

    assert "In play 2 2 have begun. Each member counts once." in words
    assert "Finished 2 100% of those in play, 4 times in all" in words
    assert "2 members have begun." in words
    assert words.count("Анна Седова") == 1
    assert "In play 2 100% Have begun 2 100% Finished 2 100%" in words
    assert "2 take part, 2 have reached the goal" in said(english(marketer, "/console"))
    row = row_of(open_shop, number)
    assert row is not None and (row.in_play, row.finished) == (2, 2)


def test_a_verdict_is_said_only_at_the_end(open_shop: Shop, marketer: Browser) -> None:
    number = played(open_shop, marketer)
    assert "The verdict comes once, at the end" in said(english(marketer, f"{PAGE}/{number}"))
    assert "Too early" not in said(english(marketer, f"{PAGE}/{number}"))

    open_shop.now.set("2026-12-05T09:00:00+00:00")
    run_clock(open_shop)

    later = open_shop.signed_in_as("marketer")
    words = said(english(later, f"{PAGE}/{number}"))
    assert now_of(open_shop, number).state == "ended"
    assert "Too early to say" in words
    assert "What can be done" in words and "Pause" not in words


def test_pause_and_go_on(open_shop: Shop, marketer: Browser) -> None:
    number = played(open_shop, marketer)

    refused = act(marketer, number, "pause", reason="")
    assert refused.status_code == 422
    assert 'id="reason-pause-error"' in refused.get_data(as_text=True)

    answer = act(marketer, number, "pause", reason="Кончилась выпечка")

    assert answer.location == f"{PAGE}/{number}?said=pause"
    assert now_of(open_shop, number).state == "paused"
    words = said(english(marketer, answer.location))
    assert "Paused: rewards wait, and what members do still counts." in words
    assert "Paused: Кончилась выпечка · marketer0@example.org" in words
    assert act(marketer, number, "pause", reason="x").status_code == 409

    act(marketer, number, "resume")

    assert now_of(open_shop, number).state == "live"


def test_a_budget_is_raised_and_never_lowered(open_shop: Shop, marketer: Browser) -> None:
    number = launched(marketer)

    assert act(marketer, number, "budget", budget="4 000").status_code == 422
    assert act(marketer, number, "budget", budget="").status_code == 422
    answer = act(marketer, number, "budget", budget="9 000")

    assert answer.status_code == 303
    assert now_of(open_shop, number).plan.budget == 9_000
    assert "The budget was raised: 5,000 → 9,000" in said(english(marketer, answer.location))


def test_an_end_moves_later_and_never_earlier(open_shop: Shop, marketer: Browser) -> None:
    number = launched(marketer, ends="2026-11-30T23:59")

    assert act(marketer, number, "lengthen", ends="2026-11-29T23:59").status_code == 422
    assert act(marketer, number, "lengthen", ends="tomorrow").status_code == 422
    assert act(marketer, number, "lengthen", ends="2029-11-29T23:59").status_code == 422
    answer = act(marketer, number, "lengthen", ends="2026-12-02T23:59")

    assert answer.status_code == 303
    ends = now_of(open_shop, number).plan.ends_at
    assert ends is not None and ends.isoformat() == "2026-12-02T21:00:00+00:00"


@pytest.mark.parametrize("ends", ["9999-12-31T23:59", "2099-01-01T10:00", "", "tomorrow"])
def test_an_end_that_is_no_near_day_is_a_sentence(
    open_shop: Shop, marketer: Browser, ends: str
) -> None:
    number = launched(marketer)
    before = now_of(open_shop, number).plan.ends_at

    answer = act(marketer, number, "lengthen", ends=ends)

    assert answer.status_code == 422
    assert 'aria-describedby="ends-error"' in answer.text
    assert now_of(open_shop, number).plan.ends_at == before


def test_texts_change_at_once_and_need_a_name(open_shop: Shop, marketer: Browser) -> None:
    number = launched(marketer)
    names = {"name_ru": "Хлебная неделя", "name_en": "Bread week", "about_en": "Buy bread."}

    assert act(marketer, number, "words", **(names | {"name_ru": ""})).status_code == 422
    assert act(marketer, number, "words", **(names | {"about_en": "x" * 301})).status_code == 422
    answer = act(marketer, number, "words", **names)

    assert answer.status_code == 303
    words = now_of(open_shop, number).plan.words
    assert (words["ru"].name, words["en"].about) == ("Хлебная неделя", "Buy bread.")


def test_it_is_stopped_with_a_reason(open_shop: Shop, marketer: Browser) -> None:
    number = played(open_shop, marketer)

    assert act(marketer, number, "stop").status_code == 422
    answer = act(marketer, number, "stop", reason="Конец партии")

    assert answer.location == f"{PAGE}/{number}?said=stop"
    assert now_of(open_shop, number).state == "ending"


def test_it_is_called_off_with_a_compensation(open_shop: Shop, marketer: Browser) -> None:
    number = played(open_shop, marketer)
    assert "2 members have begun" in said(english(marketer, f"{PAGE}/{number}"))

    assert act(marketer, number, "cancel", reason="x", compensation="-5").status_code == 422
    answer = act(marketer, number, "cancel", reason="Ошибка в условиях", compensation="50")
    run_clock(open_shop)

    assert answer.status_code == 303
    assert now_of(open_shop, number).state == "cancelled"
    with open_shop.worlds.open(readonly=True) as world:
        paid = Store(world.connection).rows(
            "SELECT points_left FROM activity WHERE type = 'challenge_compensation'"
        )
    assert [tuple(row) for row in paid] == [(50,)]  # Boris had begun; Anna was paid already


def test_there_are_no_other_acts(open_shop: Shop, marketer: Browser) -> None:
    number = launched(marketer)

    assert act(marketer, number, "explode").status_code == 404
    assert act(marketer, number, "terms").status_code == 404


def test_new_terms_hold_for_later_joiners(open_shop: Shop, marketer: Browser) -> None:
    number = played(open_shop, marketer)
    path = f"{PAGE}/{number}/terms"
    words = said(english(marketer, path))
    assert "1 member is in it already and keeps the terms they joined for." in words
    fields = fields_of(marketer, path)

    look = marketer.client.post(path, data=fields | {"s0_n": ["5"], "look": ["yes"]})
    assert look.status_code == 200
    assert "0 из 5" in said(look)
    assert now_of(open_shop, number).version == 1

    answer = marketer.client.post(path, data=fields | {"s0_n": ["5"], "budget": ["1"]})

    assert answer.location == f"{PAGE}/{number}?said=terms"
    now = now_of(open_shop, number)
    assert (now.version, now.plan.terms.goal, now.plan.budget) == (2, 5, 5_000)
    late = marketer.client.post(path, data=fields | {"s0_n": ["6"]})
    assert late.status_code == 409
    wrong = marketer.client.post(path, data=fields_of(marketer, path) | {"s0_n": ["0"]})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"points": [""]}, "It brings nothing: give points or a medal."),
        ({"points": ["0"]}, "It brings nothing: give points or a medal."),
        (
            {"points": ["1 000 000"]},
            "The budget does not cover a single reward of 1,000,000 points."
            " Give less, or raise the budget first.",
        ),
        (
            {"s0_what": ["days"], "s0_n": ["300"]},
            "In 6 days this cannot be done: make it longer or ask for less.",
        ),
    ],
)
def test_new_terms_pass_what_a_launch_passes(
    open_shop: Shop, marketer: Browser, changes: dict[str, list[str]], words: str
) -> None:
    number = launched(marketer, "blank", ends="2026-11-30T23:59")
    path = f"{PAGE}/{number}/terms"
    english(marketer, path)
    fields = fields_of(marketer, path) | {"hold_days": ["77"]}

    answer = marketer.client.post(path, data=fields | changes, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert words in said(answer)
    assert now_of(open_shop, number).version == 1
    kept = FormReader("making")
    kept.feed(answer.get_data(as_text=True))
    shown = fields | changes
    assert {k: kept.fields[k] for k in ("hold_days", *changes)} == {
        k: [text.replace(" ", "") for text in shown[k]] for k in ("hold_days", *changes)
    }


def test_new_terms_of_what_is_over_lead_back(open_shop: Shop, marketer: Browser) -> None:
    number = played(open_shop, marketer)
    act(marketer, number, "stop", reason="x")

    assert marketer.get(f"{PAGE}/{number}/terms").location == f"{PAGE}/{number}"


def test_figures_renew_while_it_runs_and_stop_when_its_state_is_another(
    open_shop: Shop, marketer: Browser
) -> None:
    number = played(open_shop, marketer)
    page = marketer.get(f"{PAGE}/{number}").get_data(as_text=True)

    assert f'hx-get="{PAGE}/{number}?seen=live" hx-trigger="every 30s, look"' in page
    for part in ("state", "figures", "so-far", "effects", "people"):
        assert page.count(f' id="{part}"') == 1
    assert "as of 12:00" in said(english(marketer, f"{PAGE}/{number}"))

    act(marketer, number, "pause", reason="Пауза")
    seen = english(marketer, f"{PAGE}/{number}?seen=live")
    assert "Its state has changed: reload the page" in said(seen)
    assert "hx-trigger" not in seen.get_data(as_text=True)
    assert "seen=paused" in marketer.get(f"{PAGE}/{number}").get_data(as_text=True)

    act(marketer, number, "cancel", reason="Зря")
    ended = marketer.get(f"{PAGE}/{number}").get_data(as_text=True)
    assert "hx-trigger" not in ended and "monitor.js" not in ended
