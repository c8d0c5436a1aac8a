"""What walks through a browser share; a module may have a shop and a tab of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.shops import served, shop_in
from tests.webapp.console.owner import tell
from tests.webapp.shopfront import Shop

expect.set_options(timeout=20_000)
"""A page is waited for as long as a machine that does much else may need; a fault waits it out."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop in which Anna bought four times in the last days."""
    shop = shop_in(tmp_path, at="2026-10-01T09:00:00+00:00")
    anna = shop.member(name="Анна Седова", phone="+79123450000")
    shop.now.set("2026-11-24T09:00:00+00:00")
    for day in range(1, 5):
        with shop.worlds.open() as world:
            tell(world, anna, f"R-{day}", days=day)
    return shop


@pytest.fixture
def tab(shop: Shop, browser: Browser) -> Iterator[Page]:
    """The marketer at a desk."""
    cookie = shop.signed_in_as("marketer").client.get_cookie("laurel")
    assert cookie is not None
    with served(shop.app) as address:
        context = browser.new_context(
            base_url=address, viewport={"width": 1280, "height": 900}, locale="en",
            reduced_motion="reduce",
        )  # fmt: skip
        context.add_cookies([{"name": "laurel", "value": str(cookie.value), "url": address}])
        yield context.new_page()
        context.close()
