"""The board of medals by mouse, by keys and without scripts, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.shops import served
from tests.preview.show import show

pytestmark = pytest.mark.e2e
EXPLORER = ("Первооткрыватель", "Explorer")
FOCUSED = "document.activeElement.dataset.medal"
SELECTED = "document.querySelector('.mtile.chosen a').dataset.medal"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(show()) as address:
        yield address


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Page]:
    """A wide screen with the board of somebody who has pinned two medals."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(f"{address}/medals?lang=en")
    yield tab
    context.close()


def test_a_press_fills_the_pane_and_stands_in_the_address(desk: Page) -> None:
    desk.locator("#m-saver").click()
    desk.locator("#pane h2", has_text="Saver").wait_for()

    assert "medal=saver" in desk.url
    assert desk.evaluate(SELECTED) == "saver"
    assert desk.locator("#pane .levels li").count() == 4


def test_arrows_go_to_the_tile_that_lies_there(desk: Page) -> None:
    desk.locator("#m-first_purchase").focus()
    went = []
    for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowUp"):
        desk.keyboard.press(key)
        went.append(desk.evaluate(FOCUSED))

    assert went == ["second_visit", "early_bird", "second_visit", "first_purchase", "weekender"]
    desk.locator("#pane h2", has_text="Weekender").wait_for()
    assert desk.evaluate(FOCUSED) == "weekender"


def test_enter_opens_the_medal(desk: Page, address: str) -> None:
    desk.locator("#m-explorer").focus()
    desk.keyboard.press("Enter")

    desk.wait_for_url(f"{address}/medals/explorer")
    assert desk.title().startswith(EXPLORER), "the page of the medal, not the pane"


def test_a_phone_opens_the_medal_at_a_touch(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    tab = context.new_page()
    tab.goto(f"{address}/medals")
    tab.locator("#m-explorer").tap()

    tab.wait_for_url(f"{address}/medals/explorer")
    assert tab.title().startswith(EXPLORER)
    context.close()


DRAWN = """() => [...document.querySelectorAll(".mtile .medal")]
  .map((medal) => medal.checkVisibility({ contentVisibilityAuto: true }))"""


def test_medals_far_below_are_drawn_when_they_come_near(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 700})
    tab = context.new_page()
    tab.goto(f"{address}/medals")
    tab.wait_for_timeout(200)
    at_first = tab.evaluate(DRAWN)
    tab.locator(".mtile").last.scroll_into_view_if_needed()
    tab.wait_for_timeout(200)

    assert (at_first[0], at_first[-1], tab.evaluate(DRAWN)[-1]) == (True, False, True)
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_link_to_a_medal_far_below_finds_it(browser: Browser, address: str, width: int) -> None:
    """The heights of tiles that are not drawn yet are only guessed."""
    context = browser.new_context(viewport={"width": width, "height": 700})
    tab = context.new_page()
    tab.goto(f"{address}/medals#m-life_of_party")
    tab.wait_for_timeout(300)

    box = tab.locator("#m-life_of_party").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 700 - box["height"] / 2
    context.close()


def test_a_pin_shows_at_once_and_goes_back_when_the_server_says_no(desk: Page) -> None:
    desk.route("**/pins", lambda route: route.fulfill(status=500))
    tile = desk.locator(".mtile:has(#m-explorer)")
    desk.locator("#m-explorer").focus()
    desk.keyboard.press("p")
    desk.locator("#toast .toast").wait_for()

    assert "Nothing has changed" in desk.locator("#toast").inner_text()
    assert "pinned" not in (tile.get_attribute("class") or "")
    assert desk.evaluate(FOCUSED) == "explorer"


def test_escape_goes_back_from_a_medal_to_its_tile(browser: Browser, address: str) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{address}/medal")
    tab.keyboard.press("Escape")

    tab.wait_for_url(f"{address}/medals#m-early_bird")
    assert tab.locator(".mtile").count() == 22
    context.close()


def test_the_board_is_whole_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    tab = context.new_page()
    tab.goto(f"{address}/medals")

    assert tab.locator("[data-grid] .mtile").count() == 22
    assert tab.locator("#pane h2").is_visible()
    tab.locator("#m-explorer").click()
    assert tab.url == f"{address}/medals/explorer"
    context.close()


@pytest.mark.parametrize(("wish", "named"), [("no-preference", "medal"), ("reduce", "medal")])
def test_the_large_medal_has_the_name_of_the_transition(
    browser: Browser, address: str, wish: str, named: str
) -> None:
    context = browser.new_context(reduced_motion=wish)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(f"{address}/medal")
    name = "getComputedStyle(document.querySelector('.stage .medal')).viewTransitionName"
    opted = """[...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
      .flatMap((rule) => [rule, ...(rule.cssRules ?? [])])
      .filter((rule) => rule.conditionText?.includes('reduced-motion: no-preference'))
      .some((rule) => [...rule.cssRules].some((one) => one.cssText.includes('@view-transition'))
        && matchMedia(rule.conditionText).matches)"""

    assert tab.evaluate(name) == named
    assert tab.evaluate(opted) is (wish == "no-preference")
    context.close()
