"""From the code to the first medal in a browser: how many presses it takes, and how long."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.test_offline import Counter, counter

__all__ = ["counter"]

pytestmark = pytest.mark.e2e
BORN = "1990-03-10"


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        locale="ru-RU", viewport={"width": 390, "height": 844}, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def test_the_first_medal_comes_within_a_minute_and_five_presses(
    counter: Counter, phone: Page
) -> None:
    phone.goto(f"{counter.address}/sign-in")
    phone.fill("[name=contact]", "vera@example.org")
    phone.locator("main form:has([name=contact]) > button.btn").first.click()
    began, presses = time.monotonic(), 0
    phone.fill("[name=code]", counter.shop.last_code())
    if "/sign-in/code" in phone.url:
        phone.locator("main form:has([name=code]) > button.btn").first.click()
        presses += 1

    phone.fill("[name=name]", "Вера")
    for selector in ("[name=consent-programme]", "main button.btn"):
        phone.locator(selector).first.click()
        presses += 1
    phone.wait_for_url("**/welcome")
    phone.fill("[name=answer]", BORN)
    phone.locator("main button.btn").first.click()
    presses += 1
    phone.get_by_text("Медаль ваша").wait_for()
    took = time.monotonic() - began
    while "/welcome" in phone.url:
        phone.get_by_role("button", name="Пропустить").click()
    phone.wait_for_url("**/celebrate")

    assert presses <= 5
    assert took < 60
    assert "Знакомство" in phone.inner_text("main")
