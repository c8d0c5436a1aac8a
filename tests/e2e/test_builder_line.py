"""The builder of challenges on an unreliable line, and while somebody is in a hurry."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.drafts import draft_being_saved, hold_the_first_save, new_draft
from tests.e2e.held import wait_for
from tests.e2e.test_face import axe_faults
from tests.webapp.console.challenge_forms import PAGE, draft, now_of, send
from tests.webapp.shopfront import Shop

pytestmark = pytest.mark.e2e
HERE = "**/console/challenges/1"


def test_a_save_that_does_not_arrive_is_told_and_the_next_saves_it_too(
    shop: Shop, tab: Page
) -> None:
    new_draft(tab)
    for points, status in ((310, 500), (311, 429), (312, 0)):
        tab.route(HERE, answer_by(status))
        tab.locator("#points").fill(str(points))
        tab.keyboard.press("Tab")
        expect(tab.locator("#unsaved")).to_contain_text("did not get through")
        expect(tab.locator("#saved")).to_have_text("not saved")
        expect(tab.locator("#points")).to_have_value(str(points))

        tab.unroute(HERE)
        tab.locator("#budget").fill(str(points * 10))
        tab.keyboard.press("Tab")
        expect(tab.locator("#unsaved")).to_be_hidden()
        expect(tab.locator("#saved")).to_contain_text("Draft")
        saved = now_of(shop, 1).plan
        assert (saved.terms.points, saved.budget) == (points, points * 10)


def answer_by(status: int) -> Callable[[Route], None]:
    """An answer of this status; no answer at all for 0."""
    return lambda one: one.fulfill(status=status) if status else one.abort()


def test_a_save_that_did_not_arrive_is_sent_again_by_a_press(shop: Shop, tab: Page) -> None:
    new_draft(tab)
    tab.route(HERE, lambda one: one.abort(), times=1)
    tab.locator("#points").fill("310")
    tab.keyboard.press("Tab")
    expect(tab.locator("#unsaved")).to_be_visible()
    assert axe_faults(tab) == []
    tab.get_by_role("button", name="Save now").press("Enter")
    expect(tab.locator("#unsaved")).to_be_hidden()
    assert now_of(shop, 1).plan.terms.points == 310


def test_nothing_is_pressed_after_a_save_that_did_not_arrive(shop: Shop, tab: Page) -> None:
    held = draft_being_saved(tab)
    launch = tab.get_by_role("button", name="Launch on")
    launch.press("Enter")
    held[0].abort()
    expect(tab.locator("#unsaved")).to_be_visible()
    expect(launch).not_to_have_attribute("aria-disabled", "true")
    expect(tab.locator("#points")).to_have_value("310")
    assert now_of(shop, 1).state == "draft"


def test_a_button_with_the_focus_does_not_take_a_save_to_its_own_address(
    shop: Shop, tab: Page
) -> None:
    new_draft(tab)
    tab.get_by_label("Name in English").fill("Three cups")
    tab.get_by_label("Name in Russian").fill("Три чашки")
    tab.locator("#budget").fill("4000")
    launch = tab.get_by_role("button", name="Launch on")
    with tab.expect_request(lambda one: one.method == "POST") as sent:
        launch.hover()
        tab.mouse.down()
    assert sent.value.url.endswith("/console/challenges/1")
    expect(tab.locator("#saved")).to_contain_text("Draft")
    tab.mouse.move(1, 1)
    tab.mouse.up()
    assert now_of(shop, 1).state == "draft"


@pytest.mark.parametrize("act", ["launch", "away"])
def test_a_draft_that_is_none_any_more_takes_nothing_and_loses_nothing(
    shop: Shop, tab: Page, act: str
) -> None:
    elsewhere = shop.signed_in_as("owner")
    number = draft(elsewhere, "blank")
    send(elsewhere, number, name_en="Three cups", name_ru="Три чашки", budget="4000")
    tab.goto(f"{PAGE}/{number}")
    if act == "launch":
        assert send(elsewhere, 1, "/launch").status_code == 303
    else:
        assert elsewhere.send(PAGE, f"{PAGE}/1/away").status_code == 303
    tab.locator("#points").fill("310")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("alert")).to_contain_text("nothing more is saved here")
    expect(tab.locator("#points")).to_have_value("310")
    expect(tab.get_by_role("heading", level=1)).to_have_count(1)
    assert now_of(shop, 1).plan.terms.points != 310
    assert axe_faults(tab) == []


def test_a_link_waits_for_what_was_just_typed(shop: Shop, tab: Page) -> None:
    new_draft(tab)
    held = hold_the_first_save(tab)
    tab.locator("#points").fill("310")
    tab.get_by_role("link", name="All challenges").click()
    wait_for(tab, held)
    expect(tab.get_by_role("heading", level=1)).to_have_text("New challenge")
    held[0].continue_()
    expect(tab).to_have_url(re.compile("/console/challenges$"))
    assert now_of(shop, 1).plan.terms.points == 310


def test_a_draft_put_away_while_a_save_is_on_its_way_is_put_away(shop: Shop, tab: Page) -> None:
    held = draft_being_saved(tab)
    tab.get_by_role("button", name="Put away").press("Enter")
    held[0].continue_()
    expect(tab.get_by_role("status").first).to_contain_text("put away")
    assert now_of(shop, 1).plan.terms.points == 310


def test_who_signed_in_again_elsewhere_goes_on_here(shop: Shop, tab: Page) -> None:
    new_draft(tab)
    tab.locator("#making [name=csrf_token]").evaluate("(field) => { field.value = 'old'; }")
    tab.locator("#points").fill("310")
    with tab.expect_response(lambda one: one.request.method == "GET" and one.url.endswith("/1")):
        tab.keyboard.press("Tab")
    token = tab.locator("#making [name=csrf_token]")
    expect(token).not_to_have_value("old")
    tab.get_by_role("button", name="Save now").press("Enter")
    expect(tab.locator("#unsaved")).to_be_hidden()
    assert now_of(shop, 1).plan.terms.points == 310


def test_who_leaves_with_something_unsaved_is_asked(shop: Shop, tab: Page) -> None:
    new_draft(tab)
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    tab.on("dialog", stay)
    tab.route(HERE, lambda one: one.abort())
    tab.locator("#points").fill("310")
    tab.keyboard.press("Tab")
    expect(tab.locator("#unsaved")).to_be_visible()
    tab.get_by_role("link", name="All challenges").click()
    expect(tab.locator("#points")).to_have_value("310")
    assert asked == ["beforeunload"]


def test_a_copy_pressed_twice_is_one_copy(shop: Shop, tab: Page) -> None:
    new_draft(tab)
    sent = tab.get_by_role("button", name="Copy").evaluate("""(button) => {
      let sent = 0;
      addEventListener("submit", (event) => {
        if (!event.defaultPrevented) sent += 1;
        event.preventDefault();
      });
      button.click();
      button.click();
      return sent;
    }""")
    assert sent == 1


def test_a_choice_made_while_a_save_is_on_its_way_is_saved_though_it_keeps_the_focus(
    shop: Shop, tab: Page
) -> None:
    new_draft(tab)
    held = hold_the_first_save(tab)
    verb = tab.locator("#s0_what")
    verb.focus()
    verb.press("ArrowDown")
    wait_for(tab, held)
    verb.press("ArrowDown")
    chosen = verb.input_value()
    told = f"s0_what={chosen}&"
    with tab.expect_response(lambda one: told in (one.request.post_data or "")):
        held[0].continue_()
    expect(tab.locator("#saved")).to_contain_text("Draft")
    expect(verb).to_be_focused()
    assert verb.input_value() == chosen
    tab.reload()
    expect(verb).to_have_value(chosen)


def test_an_answer_that_got_lost_is_not_laid_on_somebody_else(shop: Shop, tab: Page) -> None:
    new_draft(tab)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    tab.route(HERE, lose, times=1)
    tab.locator("#points").fill("310")
    tab.keyboard.press("Tab")
    expect(tab.locator("#unsaved")).to_be_visible()
    tab.locator("#budget").fill("4000")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("alert")).to_contain_text("the answer to your last save got lost")
    tab.get_by_role("button", name="Save mine over it").press("Enter")
    expect(tab.locator("#saved")).to_contain_text("Draft")
    assert now_of(shop, 1).plan.budget == 4000
