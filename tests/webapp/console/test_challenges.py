"""The list of challenges: templates first, then by state; copied, put away, closed to others."""

from dataclasses import replace
from datetime import date

import pytest

from tests.webapp.console.challenge_forms import PAGE, draft, launched, now_of, row_of, send
from tests.webapp.console.owner import english, statements
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.surroundings import here


@pytest.fixture
def marketer(open_shop: Shop) -> Browser:
    return open_shop.signed_in_as("marketer")


def test_with_nothing_in_it_the_templates_are_the_first_step(marketer: Browser) -> None:
    words = text_of(english(marketer, PAGE))

    assert "What would you like to achieve?" in words
    names = ("Collect a set", "Weeks in a row", "Sum of purchases", "A new place", "Welcome",
             "Bring a friend", "Quiet hours", "Win back", "From scratch")  # fmt: skip
    for name in names:
        assert name in words


@pytest.mark.parametrize(
    "template",
    ["collect", "streak", "spend", "place", "friend", "hours", "welcome", "come_back", "blank"],
)
def test_each_template_wants_a_budget_and_nothing_else(
    open_shop: Shop, marketer: Browser, template: str
) -> None:
    number = draft(marketer, template)

    assert [fault[:2] for fault in now_of(open_shop, number).faults] == [("budget", "missing")]
    plan = now_of(open_shop, number).plan
    assert all(plan.words[language].name for language in ("ru", "en"))
    assert plan.words["ru"].name != plan.words["en"].name

    answer = send(marketer, number, "/launch", budget="5 000")

    assert answer.status_code == 303
    assert now_of(open_shop, number).state == "scheduled"
    assert now_of(open_shop, number).plan.terms == plan.terms


def test_another_template_than_ours_is_refused_in_words(marketer: Browser) -> None:
    draft(marketer)

    answer = marketer.send(PAGE, template="roulette")

    assert answer.status_code == 422
    assert "шаблон" in text_of(answer)


def test_challenges_stand_by_state_with_what_they_cost(open_shop: Shop, marketer: Browser) -> None:
    draft(marketer, "streak")
    number = launched(marketer, "hours")

    words = text_of(english(marketer, PAGE)).replace("\u00a0", " ")

    assert words.index("Running 1") < words.index("Drafts 1")
    assert "0 of 5,000 points" in words
    row = row_of(open_shop, number)
    assert row is not None and (row.state, row.in_play, row.finished) == ("live", 0, 0)


def test_a_copy_begins_next_monday_and_lasts_as_long(open_shop: Shop, marketer: Browser) -> None:
    number = launched(marketer, "streak", ends="2026-12-05T23:59")
    first = now_of(open_shop, number).plan

    answer = marketer.send(f"{PAGE}/{number}", f"{PAGE}/{number}/copy")

    copy = now_of(open_shop, int(answer.location.rpartition("/")[2]))
    assert copy.state == "draft"
    assert copy.plan.terms == first.terms
    assert copy.plan.starts_at is not None and copy.plan.ends_at is not None
    assert f"{copy.plan.starts_at:%Y-%m-%dT%H:%M}" == "2026-11-29T21:00"  # Monday in Moscow
    assert first.starts_at is not None and first.ends_at is not None
    assert copy.plan.ends_at - copy.plan.starts_at == first.ends_at - first.starts_at


def test_a_draft_is_put_away_and_a_launched_one_is_not(open_shop: Shop, marketer: Browser) -> None:
    number, other = draft(marketer), launched(marketer, "spend")

    answer = marketer.send(f"{PAGE}/{number}", f"{PAGE}/{number}/away")

    assert answer.location == f"{PAGE}?said=away"
    assert "The draft was put away." in text_of(english(marketer, answer.location))
    assert row_of(open_shop, number) is None
    assert marketer.get(f"{PAGE}/{number}").status_code == 404
    assert marketer.send(PAGE, f"{PAGE}/{other}/away").status_code == 409
    assert now_of(open_shop, other).state == "live"


@pytest.mark.parametrize("role", ["customer", "cashier"])
def test_nobody_else_sees_or_changes_any_of_it(open_shop: Shop, role: str) -> None:
    number = draft(open_shop.signed_in_as("owner"))
    stranger = open_shop.signed_in_as(role)

    for path in ("", f"/{number}", f"/{number}/rehearsal", f"/{number}/terms"):
        assert stranger.get(f"{PAGE}{path}").status_code in (403, 404)
    token = stranger.token("/claim")
    for path in ("", f"/{number}", f"/{number}/launch", f"/{number}/away", f"/{number}/act"):
        sent = {"csrf_token": token, "template": "blank", "act": "cancel"}
        assert stranger.client.post(f"{PAGE}{path}", data=sent).status_code in (403, 404)
    assert now_of(open_shop, number).state == "draft"


@pytest.mark.parametrize("path", ["/99", "/99999999999999999999999", "/99/terms", "/99/rehearsal"])
def test_a_number_of_nothing_is_no_page(marketer: Browser, path: str) -> None:
    assert marketer.get(f"{PAGE}{path}").status_code == 404


def test_one_row_and_three_cost_the_same_statements(open_shop: Shop, marketer: Browser) -> None:
    draft(marketer)
    marketer.get(PAGE)
    with statements() as one:
        marketer.get(PAGE)
    draft(marketer, "streak")
    launched(marketer, "spend")
    marketer.get(PAGE)
    with statements() as three:
        marketer.get(PAGE)

    assert len(three) == len(one)


def test_a_day_in_the_past_changes_nothing(open_shop: Shop, marketer: Browser) -> None:
    with pytest.MonkeyPatch.context() as patch:
        token = marketer.token(PAGE)
        around = here(open_shop.app)
        patch.setattr(around, "settings", replace(around.settings, as_of=date(2026, 11, 1)))
        answer = marketer.client.post(PAGE, data={"csrf_token": token, "template": "blank"})

    assert answer.status_code == 403
    assert row_of(open_shop, 1) is None
