"""Who comes back to a long list finds it as long as they left it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.shops import served, shop_in
from tests.e2e.test_settings import PHONE, signed_in
from tests.webapp.console.owner import tell
from tests.webapp.shopfront import Shop

pytestmark = pytest.mark.e2e
PURCHASES = 90


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = shop_in(tmp_path_factory.mktemp("long"))
    shop.now.set("2026-07-01T09:00:00+00:00")
    anna = shop.member(phone=PHONE, email="anna@example.org", origin="signup")
    shop.now.set("2026-11-24T09:00:00+00:00")
    with shop.worlds.open() as world:
        for day in range(1, PURCHASES + 1):
            tell(world, anna, f"R-{day}", days=day)
    return shop


@pytest.fixture
def tab(shop: Shop, browser: Browser) -> Iterator[Page]:
    with served(shop.app) as address:
        context = signed_in(shop, browser, address, scripts=True, workers=False)
        tab = context.new_page()
        tab.goto(f"{address}/history")
        yield tab
        context.close()


def show_more(tab: Page, times: int) -> None:
    rows = tab.locator("#rows .ops > li")
    for _each in range(times):
        before = rows.count()
        tab.locator("#more a").click()
        tab.wait_for_function(
            "before => document.querySelectorAll('#rows .ops > li').length > before", arg=before
        )


def test_what_was_shown_further_is_there_after_going_away_and_back(tab: Page) -> None:
    rows = tab.locator("#rows .ops > li")
    first = rows.count()
    show_more(tab, 2)
    shown = rows.count()
    assert shown > first
    rows.nth(shown - 5).scroll_into_view_if_needed()
    before = tab.evaluate("scrollY")
    assert before > 900

    tab.locator("a[href$='/settings']").first.evaluate("link => link.click()")
    tab.wait_for_url("**/settings")
    tab.go_back()

    expect(rows).to_have_count(shown)
    tab.wait_for_function("top => Math.abs(scrollY - top) < 60", arg=before)


def test_a_filter_begins_at_its_first_page(tab: Page) -> None:
    rows = tab.locator("#rows .ops > li")
    show_more(tab, 1)
    tab.locator("#filter-earned").click()
    tab.wait_for_url("**/history?chosen=earned")
    first = rows.count()

    tab.reload()

    expect(rows).to_have_count(first)
    tab.go_back()
    tab.wait_for_url("**/history")
    expect(rows).not_to_have_count(first)
