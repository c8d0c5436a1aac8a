"""Letters twice as large, as a reader may set them: no page grows wider than the phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserType, Page

from tests.e2e.shops import served
from tests.e2e.test_face import FULL
from tests.preview.scenes import SCENES
from tests.preview.show import show

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def large(browser_type: BrowserType, browser_type_launch_args: dict[str, object]) -> Iterator[Page]:
    """A phone of 320 pixels whose reader has doubled the letters."""
    arguments = [*browser_type_launch_args.get("args", []), "--blink-settings=defaultFontSize=32"]  # type: ignore[misc]
    browser = browser_type.launch(**(browser_type_launch_args | {"args": arguments}))  # type: ignore[arg-type]
    with served(show()) as address:
        yield browser.new_context(
            viewport={"width": 320, "height": 844}, base_url=address, reduced_motion="reduce"
        ).new_page()
    browser.close()


def test_no_page_scrolls_sideways_with_letters_twice_as_large(large: Page) -> None:
    """Every scene in the long run, every other one in the short."""
    wide = {}
    for scene in list(SCENES)[:: 1 if FULL else 2]:
        large.goto(f"/{scene}?lang=ru")
        width = large.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[scene] = width

    assert large.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert wide == {}
