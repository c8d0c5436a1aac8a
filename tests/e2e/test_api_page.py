"""The page for programmers in a real browser: accessible, no sideways scroll, no complaint."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.databases import SqliteCopies
from tests.e2e.shops import served
from tests.e2e.test_face import axe_faults
from tests.webapp.shopfront import KEY
from webapp.app import create_app
from webapp.db import make_engine
from webapp.settings import Settings

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(sqlite_copies: SqliteCopies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url, drop = sqlite_copies.take()
    engine = make_engine(url)
    folder = tmp_path_factory.mktemp("api-page")
    app = create_app(Settings(data=folder, secret_key=KEY, log_level="error"), engine=engine)
    with served(app) as address:
        yield f"{address}/api/docs"
    engine.dispose()
    drop()


@pytest.mark.parametrize(
    ("width", "theme", "language", "script"),
    [(1280, "dark", "en-GB", False), (320, "light", "ru-RU", True)],
)
def test_the_page_is_accessible_and_fits(
    browser: Browser, address: str, width: int, theme: str, language: str, script: bool
) -> None:
    window = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=theme,
        locale=language,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    tab = window.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))

    tab.goto(address)

    assert tab.locator("main section").count() == 10
    if script:
        tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert axe_faults(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    window.close()


def test_every_link_of_the_page_leads_somewhere(browser: Browser, address: str) -> None:
    tab = browser.new_page()
    tab.goto(address)

    hrefs = [link.get_attribute("href") or "" for link in tab.locator("nav a").all()]

    for href in hrefs:
        if href.startswith("#"):
            assert tab.locator(href).count() == 1
        else:
            assert tab.request.get(address.rsplit("/api/", 1)[0] + href).ok
    tab.close()


def test_nothing_else_is_loaded(browser: Browser, address: str) -> None:
    tab, hosts = browser.new_page(), set()
    tab.on("request", lambda request: hosts.add(request.url.split("/")[2]))

    tab.goto(address)

    assert hosts == {address.split("/")[2]}
    tab.close()
