"""The browser that the tests found can show a page and run the vendored htmx."""

import pytest
from playwright.sync_api import Page

from tests.house.sources import ROOT


@pytest.mark.e2e
def test_the_browser_runs_the_vendored_htmx(page: Page) -> None:
    page.set_content("<p id='balance'>2 480 баллов</p>")

    page.add_script_tag(path=ROOT / "static" / "js" / "htmx.min.js")

    assert page.inner_text("#balance") == "2 480 баллов"
    assert page.evaluate("htmx.version") == "2.0.11"
