"""A marketer makes a challenge by keyboard: template, budget, rehearsal, launch."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.drafts import draft_being_saved, hold_the_first_save, new_draft, points_being_saved
from tests.e2e.held import wait_for
from tests.e2e.test_face import axe_faults
from tests.webapp.console.challenge_forms import PAGE, draft, launched, now_of, send
from tests.webapp.console.owner import tell
from tests.webapp.shopfront import Shop

pytestmark = pytest.mark.e2e


def test_from_a_template_to_the_launch_by_keyboard(shop: Shop, tab: Page) -> None:
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto("/console/challenges")
    tab.get_by_role("button", name="From scratch").press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("New challenge")

    tab.locator("#budget").fill("100")
    tab.keyboard.press("Tab")
    raising = tab.get_by_role("button", name="Raise to 200")
    expect(raising).to_be_visible()
    raising.press("Enter")
    expect(tab.locator("#budget")).to_have_value("200")
    tab.get_by_label("Name in English").fill("Three cups")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Three cups")
    expect(tab.locator(".in-en.is-going h3")).to_have_text("Three cups")
    assert tab.evaluate("document.activeElement.localName") == "summary"

    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#rehearsal")).to_contain_text("would have done it", timeout=15_000)
    expect(tab.locator("#rehearsal")).to_contain_text("A rehearsal cannot know")
    assert axe_faults(tab) == []
    assert said == []

    tab.get_by_role("button", name="Launch on").press("Enter")
    expect(tab.get_by_role("status").first).to_contain_text("Launched.")
    assert axe_faults(tab) == []
    assert (now_of(shop, 1).state, now_of(shop, 1).plan.budget) == ("scheduled", 200)


def test_what_is_typed_while_an_answer_is_on_its_way_stays(shop: Shop, tab: Page) -> None:
    new_draft(tab)

    held = points_being_saved(tab)
    tab.locator("#budget").fill("4000")
    held[0].continue_()

    expect(tab.locator(".in-en.is-going .sums")).to_contain_text("+310", timeout=10_000)
    expect(tab.locator("#budget")).to_have_value("4000")
    with tab.expect_response("**/console/challenges/1"):
        tab.keyboard.press("Tab")
    expect(tab.locator("#checks")).not_to_contain_text("how many points", timeout=10_000)
    assert now_of(shop, 1).plan.budget == 4_000


def test_no_key_is_lost_while_the_page_is_renewed(shop: Shop, tab: Page) -> None:
    held = draft_being_saved(tab)
    tab.locator("#when-more > summary").press("Enter")
    tab.locator("#enrol").focus()
    tab.evaluate("""() => document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
      window.seen = document.activeElement.id;
    }, 0), { once: true })""")
    held[0].continue_()
    expect(tab.locator(".in-en.is-going .sums")).to_contain_text("+310", timeout=10_000)
    assert tab.evaluate("window.seen") == "enrol"


def test_a_press_while_a_save_is_on_its_way_waits_for_it(shop: Shop, tab: Page) -> None:
    held = draft_being_saved(tab)
    tab.get_by_role("button", name="One more step").press("Enter")
    held[0].continue_()
    expect(tab.locator("#s1_what")).to_be_visible()
    expect(tab.locator("#s2_what")).to_have_count(0)
    expect(tab.locator("#points")).to_have_value("310")


def test_a_launch_while_a_save_is_on_its_way_launches_what_is_seen(shop: Shop, tab: Page) -> None:
    new_draft(tab)
    tab.get_by_label("Name in English").fill("Three cups")
    tab.get_by_label("Name in Russian").fill("Три чашки")
    held = hold_the_first_save(tab)
    tab.locator("#budget").fill("4000")
    tab.keyboard.press("Tab")
    wait_for(tab, held)
    answer = held[0].fetch()
    tab.locator("#points").fill("310")
    tab.get_by_role("button", name="Launch on").press("Enter")
    held[0].fulfill(response=answer)
    expect(tab.get_by_role("status").first).to_contain_text("Launched.")
    now = now_of(shop, 1)
    assert (now.state, now.plan.budget, now.plan.terms.points) == ("scheduled", 4000, 310)


def test_what_is_filled_in_before_the_scripts_are_there_is_saved(shop: Shop, tab: Page) -> None:
    number = draft(shop.signed_in_as("marketer"), "blank")
    held: list[Route] = []
    tab.route("**/htmx.min.js*", lambda route: held.append(route))  # noqa: PLW0108 - a method of a list takes no mark
    tab.goto(f"/console/challenges/{number}", wait_until="commit")
    tab.locator("#points").fill("310")
    tab.locator("#points").press("Tab")
    assert held, "the scripts came first"
    for late in held:
        late.continue_()
    expect(tab.locator(".in-en.is-going .sums")).to_contain_text("+310", timeout=10_000)


def test_a_condition_opens_into_its_fields_and_stays_open(shop: Shop, tab: Page) -> None:
    tab.goto("/console/challenges")
    tab.get_by_role("button", name="From scratch").press("Enter")
    tab.locator("#add-condition > summary").press("Enter")
    tab.get_by_role("button", name="How many purchases").press("Enter")

    row = tab.locator("#a0_more")
    expect(row.locator("#a0_at_least")).to_be_visible()
    row.locator("#a0_at_least").fill("9")
    tab.keyboard.press("Tab")
    expect(row.locator("summary")).to_contain_text("at least 9")
    expect(tab.locator(".aud b").first).to_have_text("0")
    expect(row.locator("#a0_at_most")).to_be_focused()

    row.locator("#a0_kind").select_option("stage")
    expect(row.get_by_role("checkbox", name="New")).to_be_visible()
    row.get_by_role("checkbox", name="Have not bought yet").uncheck()
    expect(row.locator(".error")).to_be_visible()
    row.get_by_role("checkbox", name="New").check()
    expect(row.locator("summary")).to_contain_text("Stage: New")
    expect(tab.locator(".aud b").first).to_have_text("1")
    assert axe_faults(tab) == []
    assert now_of(shop, 1).plan.terms.audience == {"all": [{"kind": "stage", "stages": ["new"]}]}


def test_a_running_challenge_renews_its_figures_and_nothing_else(shop: Shop, tab: Page) -> None:
    number = launched(shop.signed_in_as("owner"), "blank", control_percent="0", s0_n="9")
    asked: list[str] = []
    tab.on("request", lambda one: asked.append(one.url) if "seen=" in one.url else None)
    tab.clock.install()
    tab.goto(f"/console/challenges/{number}")
    in_play = tab.locator("#figures > div").nth(1)
    before = in_play.inner_text()
    tab.locator("#act-pause > summary").click()
    tab.locator("#reason-pause").fill("Out of coffee")

    member = shop.member(name="Борис Ким", phone="+79123450001")
    with shop.worlds.open() as world:
        tell(world, member, "R-9", days=0)
    with tab.expect_response(lambda answer: "seen=live" in answer.url):
        tab.clock.run_for(31_000)

    expect(in_play).not_to_have_text(before)
    expect(tab.locator("#reason-pause")).to_have_value("Out of coffee")
    expect(tab.locator("#reason-pause")).to_be_focused()
    assert tab.locator("#act-pause").get_attribute("open") is not None

    tab.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})")
    asked.clear()
    tab.clock.run_for(61_000)
    assert asked == []


LONG = "Щ" * 80


def test_a_long_name_without_spaces_widens_no_page(shop: Shop, tab: Page) -> None:
    marketer = shop.signed_in_as("marketer")
    names = {"name_ru": LONG, "name_en": LONG}
    running = launched(marketer, "blank", ends="2026-12-09T23:59", **names)
    away, number = draft(marketer, "blank"), draft(marketer, "blank")
    for one in (away, number):
        send(marketer, one, **names)
    marketer.send(PAGE, f"{PAGE}/{away}/away")
    pages = ["/console", PAGE, f"{PAGE}/{number}", f"{PAGE}/{running}", f"{PAGE}/{running}/terms"]

    wide = {}
    for width in (320, 390):
        tab.set_viewport_size({"width": width, "height": 800})
        for path in pages:
            tab.goto(path)
            assert LONG in tab.locator("main").inner_html()
            tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            if (found := tab.evaluate("document.documentElement.scrollWidth")) > width:
                wide[width, path] = found

    assert wide == {}
