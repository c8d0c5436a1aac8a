"""From an empty folder to a signed-in customer: the owner, then Anna, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.journey import (
    ANNA,
    PASSWORD,
    Installation,
    Walker,
    installation,
    write_exports,
)

pytestmark = pytest.mark.e2e

WALKS = [
    pytest.param("ru-RU", 390, False, True, id="phone-ru"),
    pytest.param("en-GB", 1280, True, True, id="keyboard-en", marks=pytest.mark.heavy),
    pytest.param("ru-RU", 1280, False, False, id="no-scripts-ru"),
]
WORDS = {
    "ru-RU": ("Ваш год уже засчитан", "Почему столько?", "Можно потратить"),
    "en-GB": ("Your year already counts", "Why this many?", "You can spend"),
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as running:
        yield running


@pytest.mark.parametrize(("locale", "width", "keyboard", "scripts"), WALKS)
def test_from_an_export_to_a_signed_in_customer(
    shop: Installation,
    browser: Browser,
    tmp_path: Path,
    locale: str,
    width: int,
    keyboard: bool,
    scripts: bool,
) -> None:
    def visit() -> Walker:
        context = browser.new_context(
            locale=locale,
            viewport={"width": width, "height": 844},
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        return Walker(context.new_page(), keyboard=keyboard, scripts=scripts)

    owner = visit()
    set_up(owner, shop, *write_exports(tmp_path))
    anna = visit()
    claim_the_history(anna, shop, locale)
    look_around(anna, locale)
    sign_out(anna, shop)


def set_up(owner: Walker, shop: Installation, purchases: Path, members: Path) -> None:
    """The founder's ten minutes: account, shop, tiers, files, live."""
    page = owner.page
    page.goto(shop.founder)
    owner.check_page()
    owner.write("email", "owner@example.org")
    owner.write("password", PASSWORD)
    owner.press("main form button")
    page.goto(f"{shop.address}/setup")
    owner.check_page()
    owner.write("name", "Полдень")
    owner.press("main form:has([name=name]) > button.btn")
    assert "/setup/tiers" in page.url
    owner.check_page()
    owner.press("main form:has([name=count]) > button.btn")
    assert "/setup/files" in page.url
    owner.check_page()
    page.set_input_files("[name=purchases]", purchases)
    page.set_input_files("[name=members]", members)
    owner.press("main form:has([name=purchases]) > button.btn")
    wait_for(page, "button[value=import]")
    owner.check_page()
    owner.press("button[value=import]")
    wait_for(page, ".next-three")
    owner.check_page()


def wait_for(page: Page, selector: str) -> None:
    """Wait for work in the background, as a person would: by loading the page again."""
    for _ in range(60):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{selector} never came: {page.url} {page.inner_text('main')}")


def claim_the_history(anna: Walker, shop: Installation, locale: str) -> None:
    """Anna signs in by a code to the e-mail on file; her year plays in."""
    page = anna.page
    page.goto(f"{shop.address}/sign-in")
    anna.check_page()
    anna.write("contact", ANNA[3].upper())
    anna.press("main form:has([name=contact]) > button.btn")
    anna.check_page()
    anna.write("code", shop.code_for(ANNA[3]))
    if "/sign-in/code" in page.url:
        anna.press("main form:has([name=code]) > button.btn")
    page.wait_for_url("**/year")
    assert page.inner_text("h1") == WORDS[locale][0]
    anna.check_page()
    anna.press("main form button")


def look_around(anna: Walker, locale: str) -> None:
    """Home says the balance; a receipt says why it earned what it earned."""
    page = anna.page
    page.wait_for_url("**/home")
    text = page.inner_text("main")
    assert WORDS[locale][2] in text
    assert "Анна" in page.inner_text("h1")
    anna.check_page()
    page.goto(page.url.replace("/home", "/history"))
    anna.check_page()
    anna.touch("details.why:not(.nothing) > summary")
    opened = page.locator("details[open]").first
    assert WORDS[locale][1] in opened.inner_text()
    numbers = [as_number(cell) for cell in opened.locator("li .num").all_inner_texts()]
    *parts, total = [n for n in numbers if n is not None]
    assert abs(sum(parts) - total) < 0.001
    page.goto(page.url.replace("/history", "/card"))
    anna.check_page()


def as_number(text: str) -> float | None:
    """A shown number of points; None for a line that moves nothing."""
    clean = text.replace("\u2212", "-").replace("\u00a0", "").replace("\u202f", "")
    clean = clean.replace(" ", "").replace("+", "").replace(",", ".")
    return None if clean in ("—", "") else float(clean)


def sign_out(anna: Walker, shop: Installation) -> None:
    """Out means out, also with the address of a page that was open."""
    page = anna.page
    page.goto(f"{shop.address}/settings")
    anna.check_page()
    anna.press("main form[action$='/sign-out'] button")
    page.goto(f"{shop.address}/home")
    assert "/sign-in" in page.url
