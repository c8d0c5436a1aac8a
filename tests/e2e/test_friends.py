"""A link is copied, shared or chosen by hand; by mouse and by keys, with and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.shops import served
from tests.preview.show import show

pytestmark = pytest.mark.e2e
LINK = "https://club.example/r/анна"
BLOCKED = "navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));"
COPIED = (
    "navigator.clipboard.writeText = (text) => { window.kept = text; return Promise.resolve(); };"
)
SHEET = "navigator.share = (sent) => { window.sent = sent; return Promise.resolve(); };"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(show()) as address:
        yield f"{address}/friends"


def test_copying_by_keys_is_told(address: str, page: Page) -> None:
    page.add_init_script(COPIED)
    page.goto(address)

    page.locator("[data-copy=invitation]").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").filter(has_text="Скопировано")).to_be_visible()
    assert page.evaluate("window.kept") == LINK


def test_where_copying_is_blocked_the_link_is_chosen(address: str, page: Page) -> None:
    page.add_init_script(BLOCKED)
    page.goto(f"{address}?lang=en")

    page.get_by_role("button", name="Copy").click()

    expect(page.locator("#told")).to_have_text("Press and hold to copy")
    assert page.evaluate("getSelection().toString()") == LINK


def test_the_ready_message_is_copied_whole(address: str, page: Page) -> None:
    page.add_init_script(COPIED)
    page.goto(f"{address}?who=empty")

    page.get_by_role("button", name="Копировать текст").click()
    expect(page.locator("#told")).to_have_text("Скопировано")

    assert page.evaluate("window.kept").endswith("https://club.example/r/7K2FQ9XM")


def test_the_share_sheet_of_the_system_gets_a_marked_link(address: str, page: Page) -> None:
    page.add_init_script(SHEET)
    page.goto(address)

    page.get_by_role("button", name="Отправить").click()
    sent = page.evaluate("window.sent")

    assert sent["url"] == f"{LINK}?c=share"
    assert sent["title"] == "Приглашение в «Полдень»"
    assert "Анна" not in sent["text"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [("NotAllowedError", "Press and hold to copy"), ("AbortError", ""), ("InvalidStateError", "")],
)
def test_a_share_sheet_that_does_not_open_is_told(
    address: str, page: Page, fault: str, told: str
) -> None:
    page.add_init_script(
        f"navigator.share = () => Promise.reject(new DOMException('', '{fault}'));"
    )
    page.goto(f"{address}?lang=en")

    page.get_by_role("button", name="Send", exact=True).click()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    expect(page.locator("#told")).to_have_text(told)
    assert page.evaluate("getSelection().toString()") == (LINK if told else "")


def test_without_a_share_sheet_there_is_no_button_for_it(address: str, page: Page) -> None:
    page.add_init_script("delete Navigator.prototype.share;")
    page.goto(address)

    assert page.locator("[data-share]").is_hidden()
    assert page.locator(".channels a").count() == 4


OUT_OF_ROW = """() => [...document.querySelectorAll(".friend .worth")].filter((one) => {
  const row = one.closest(".friend").getBoundingClientRect(), box = one.getBoundingClientRect();
  return box.height && (box.top < row.top - 1 || box.bottom > row.bottom + 1);
}).map((one) => one.textContent.trim())"""


@pytest.mark.parametrize("width", [390, 1280])
def test_what_a_friend_is_worth_stands_in_its_row(address: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}?lang=en")

    assert page.locator(".friend .chip", has_text="reminded").is_visible()
    assert page.evaluate(OUT_OF_ROW) == []


def test_everything_is_reached_by_keys_in_the_order_of_reading(address: str, page: Page) -> None:
    page.add_init_script(SHEET)
    page.goto(f"{address}?lang=en")
    page.locator("[data-copy=invitation]").focus()
    met = []
    for _ in range(7):
        met.append(page.evaluate("document.activeElement.textContent.trim().split('\\n')[0]"))
        page.keyboard.press("Tab")

    assert [name[:20] for name in met] == [
        "Copy", "Send", "Telegram", "VK", "WhatsApp", "Mail", "Is your friend with ",
    ]  # fmt: skip


def test_without_scripts_the_link_can_be_read_sent_and_renewed(
    address: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}?lang=en")

    assert tab.get_by_text("club.example/r/анна").is_visible()
    assert tab.locator("[data-copy]").first.is_hidden()
    assert tab.get_by_role("link", name="Telegram").is_visible()
    assert tab.get_by_role("button", name="Replace the link").is_hidden()
    tab.get_by_text("A new link").click()
    assert tab.get_by_role("button", name="Replace the link").is_visible()
    context.close()
