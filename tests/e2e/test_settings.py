"""Settings of a running app in a real browser: with scripts, without them, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.held import held_requests, let_go
from tests.e2e.shops import served, shop_in
from tests.e2e.test_face import axe_faults
from tests.webapp.shopfront import Shop
from webapp.accounts.actions import ensure_member_account, start_session

pytestmark = pytest.mark.e2e
PHONE = "+79123456789"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = shop_in(tmp_path_factory.mktemp("settings"))
    shop.member(phone=PHONE, email="anna@example.org", origin="signup")
    return shop


@pytest.fixture(scope="module")
def address(shop: Shop) -> Iterator[str]:
    with served(shop.app) as address:
        yield address


def cookie_of(shop: Shop, member_id: int = 1) -> str:
    """A cookie of a member's, Anna's at first, as the door gives it."""
    with shop.worlds.open() as world:
        account = ensure_member_account(world, member_id, locale="en")
        secret = start_session(world, account, agent="x", address="::1")
    client = shop.app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
        cookie["_fresh"] = True
    found = client.get_cookie("laurel")
    assert found is not None
    return str(found.value)


def signed_in(
    shop: Shop, browser: Browser, address: str, *, scripts: bool, workers: bool = True
) -> BrowserContext:
    """Anna's browser. What a service worker sends cannot be held by a test."""
    context = browser.new_context(
        java_script_enabled=scripts, viewport={"width": 390, "height": 844}, locale="en",
        reduced_motion="reduce", service_workers="allow" if workers else "block",
    )  # fmt: skip
    context.add_cookies([{"name": "laurel", "value": cookie_of(shop), "url": address}])
    return context


@pytest.fixture
def tab(shop: Shop, browser: Browser, address: str) -> Iterator[Page]:
    context = signed_in(shop, browser, address, scripts=True)
    yield context.new_page()
    context.close()


def test_my_data_is_three_taps_from_home(tab: Page, address: str) -> None:
    tab.goto(f"{address}/home")

    tab.locator(".tabs a", has_text="Settings").click()
    tab.get_by_role("link", name="Download my data").click()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download the page").click()

    page = Path(download.value.path()).read_text("utf-8")
    assert download.value.suggested_filename == "my-data.html"
    assert "Анна Седова" in page


def test_leaving_is_two_taps_from_home(tab: Page, address: str) -> None:
    tab.goto(f"{address}/home")

    tab.locator(".tabs a", has_text="Settings").click()
    tab.get_by_role("link", name="Delete my account").click()

    assert tab.get_by_role("heading", name="What you lose").is_visible()


def test_a_switch_is_kept_at_once_keeps_the_focus_and_is_undone_by_keyboard(
    tab: Page, address: str
) -> None:
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(f"{address}/settings/privacy")
    tab.evaluate("window.stayed = true")
    friends = tab.get_by_role("switch", name="Friends see my name")

    friends.focus()
    tab.keyboard.press("Space")
    tab.locator(".toast").wait_for()

    assert friends.get_attribute("aria-checked") == "true"
    assert tab.evaluate("document.activeElement.id") == "s-friends"
    assert tab.evaluate("window.stayed") is True
    tab.get_by_role("button", name="Undo").focus()
    tab.keyboard.press("Enter")
    tab.locator("#s-friends[aria-checked=false]").wait_for()
    tab.reload()
    assert friends.get_attribute("aria-checked") == "false"
    assert said == []


def test_two_quick_presses_are_both_kept_and_shown(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/privacy")
    tab.evaluate("window.stayed = true")
    shelf, friends = tab.locator("#s-shelf"), tab.locator("#s-friends")
    before = [one.get_attribute("aria-checked") for one in (shelf, friends)]
    after = ["false" if one == "true" else "true" for one in before]
    held = held_requests(tab, "**/settings/privacy")

    shelf.click()
    friends.click()
    let_go(tab, held, 0)
    expect(shelf).to_have_attribute("aria-checked", after[0])
    let_go(tab, held, 1)
    expect(friends).to_have_attribute("aria-checked", after[1])

    assert tab.evaluate("window.stayed") is True
    tab.unroute("**/settings/privacy")
    tab.reload()
    assert [one.get_attribute("aria-checked") for one in (shelf, friends)] == after


def test_of_two_quick_filters_the_later_one_is_shown(tab: Page, address: str) -> None:
    tab.goto(f"{address}/history")
    held = held_requests(tab, "**/history?chosen=*")

    tab.locator("#filter-earned").click()
    with tab.expect_event("requestfailed") as given_up:
        tab.locator("#filter-spent").click()
    let_go(tab, held, 1)

    assert given_up.value.url.endswith("chosen=earned")
    expect(tab.locator("#filter-spent")).to_have_attribute("aria-current", "true")
    assert tab.url.endswith("chosen=spent")


def test_quiet_hours_are_kept_when_they_change(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/messages")

    tab.get_by_label("from", exact=True).select_option("23")
    tab.get_by_text("From 23:00 to 08:00").first.wait_for()
    tab.reload()

    assert tab.get_by_label("from", exact=True).input_value() == "23"


def test_less_motion_holds_at_once(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/looks")

    tab.get_by_role("switch", name="Less motion").click()
    tab.locator("html[data-still]").wait_for(state="attached")
    tab.reload()
    assert tab.locator("html").get_attribute("data-still") is not None, "the server kept it"
    tab.get_by_role("switch", name="Less motion").click()
    tab.locator("html:not([data-still])").wait_for(state="attached")
    tab.reload()
    assert tab.locator("html").get_attribute("data-still") is None


def test_without_scripts_every_switch_works_and_can_be_undone(
    shop: Shop, browser: Browser, address: str
) -> None:
    context = signed_in(shop, browser, address, scripts=False)
    tab = context.new_page()
    tab.goto(f"{address}/settings/privacy")

    ids = tab.get_by_role("switch").evaluate_all("all => all.map((one) => one.id)")
    told = {}
    for each in ids:
        switch = tab.locator(f"#{each}")
        before = switch.get_attribute("aria-checked")
        switch.click()
        turned = switch.get_attribute("aria-checked")
        tab.get_by_role("button", name="Undo").click()
        told[each] = (turned != before, switch.get_attribute("aria-checked") == before)
    context.close()

    assert len(ids) == 5
    assert set(told.values()) == {(True, True)}, told


def test_single_keys_open_the_list_and_the_search_until_they_are_off(
    tab: Page, address: str
) -> None:
    tab.goto(f"{address}/medals")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "q"
    tab.keyboard.type("/?")
    assert tab.locator("#q").input_value() == "/?", "whoever types, types"
    tab.locator("#q").fill("")
    tab.locator("#q").blur()
    tab.keyboard.press("Shift+Slash")
    tab.wait_for_url("**/keys")
    assert tab.locator("kbd", has_text="?").is_visible()
    assert not axe_faults(tab)

    tab.get_by_role("link", name="Switch single keys on or off").click()
    keys = tab.get_by_role("switch", name="Single keys")
    assert keys.get_attribute("aria-checked") == "true"
    keys.click()
    tab.locator(".toast").wait_for()
    tab.goto(f"{address}/medals")
    tab.keyboard.press("/")
    tab.keyboard.press("Shift+Slash")
    assert tab.evaluate("document.activeElement.tagName") == "BODY"
    assert tab.url.endswith("/medals")
    tab.goto(f"{address}/keys")
    assert tab.get_by_text("Single keys are off.").is_visible()
