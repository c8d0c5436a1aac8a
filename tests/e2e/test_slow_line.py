"""Hasty presses over a slow line that fails: nothing is lost, shown wrongly or hushed up."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.held import held_requests, let_go, wait_for
from tests.e2e.shops import served, shop_in
from tests.e2e.test_settings import PHONE, cookie_of, signed_in
from tests.webapp.shopfront import Shop

pytestmark = pytest.mark.e2e
NO_ANSWER = "There is no answer"
SEARCHES = """() => document.addEventListener("htmx:beforeRequest", ({ target }) => {
  document.documentElement.toggleAttribute("data-searches", target.matches(".seek"));
})"""
"""Marks the page once its search is about to be sent: some time after the last letter."""
OTHER = {"true": "false", "false": "true"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = shop_in(tmp_path_factory.mktemp("slow"))
    shop.member(phone=PHONE, email="anna@example.org", origin="signup")
    return shop


@pytest.fixture(scope="module")
def address(shop: Shop) -> Iterator[str]:
    with served(shop.app) as address:
        yield address


@pytest.fixture
def tab(shop: Shop, browser: Browser, address: str) -> Iterator[Page]:
    context = signed_in(shop, browser, address, scripts=True, workers=False)
    yield context.new_page()
    context.close()


def state(switch: Locator) -> str:
    return switch.get_attribute("aria-checked") or ""


def test_every_one_of_three_quick_presses_is_kept(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/privacy")
    switches = tab.get_by_role("switch").all()[:3]
    after = [OTHER[state(one)] for one in switches]
    held = held_requests(tab, "**/settings/privacy")

    for one in switches:
        one.click()
    for number, one in enumerate(switches):
        let_go(tab, held, number)
        expect(one).to_have_attribute("aria-checked", after[number])

    tab.unroute("**/settings/privacy")
    tab.reload()
    assert [state(one) for one in switches] == after


def test_undo_pressed_while_another_press_is_on_its_way_is_done(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/privacy")
    shelf, friends = tab.locator("#s-shelf"), tab.locator("#s-friends")
    before = state(shelf)
    shelf.click()
    expect(shelf).to_have_attribute("aria-checked", OTHER[before])
    held = held_requests(tab, "**/settings/privacy")

    friends.click()
    tab.get_by_role("button", name="Undo").click()
    let_go(tab, held, 0)
    let_go(tab, held, 1)

    expect(shelf).to_have_attribute("aria-checked", before)


@pytest.mark.parametrize(
    ("status", "said"),
    [(0, NO_ANSWER), (429, "Too many attempts"), (500, "That did not work"),
     (503, "very busy"), (400, "out of date")],
)  # fmt: skip
def test_a_switch_that_did_not_work_says_so(
    tab: Page, address: str, status: int, said: str
) -> None:
    tab.goto(f"{address}/settings/privacy")
    shelf = tab.locator("#s-shelf")
    before = state(shelf)
    tab.route(
        "**/settings/privacy",
        lambda route: route.fulfill(status=status) if status else route.abort(),
    )

    shelf.click()

    expect(tab.locator("#toast")).to_contain_text(said)
    assert state(shelf) == before


def test_hours_that_were_not_kept_are_not_shown(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/messages")
    start = tab.get_by_label("from", exact=True)
    before = start.input_value()
    tab.route("**/quiet", lambda route: route.abort())

    start.select_option("3")

    expect(tab.locator("#toast")).to_contain_text(NO_ANSWER)
    expect(start).to_have_value(before)


def test_a_filter_that_did_not_come_says_so(tab: Page, address: str) -> None:
    tab.goto(f"{address}/history")
    tab.route("**/history?*", lambda route: route.abort())

    tab.locator("#filter-spent").click()

    expect(tab.locator("#toast")).to_contain_text(NO_ANSWER)
    expect(tab.locator("#filter-all")).to_have_attribute("aria-current", "true")
    assert tab.url == f"{address}/history"


def test_going_back_never_leaves_a_list_under_anothers_address(tab: Page, address: str) -> None:
    tab.goto(f"{address}/history")
    tab.locator("#filter-spent").click()
    tab.wait_for_url("**/history?chosen=spent")
    cookies = tab.context.cookies()
    tab.context.clear_cookies()  # signed out elsewhere: the list itself does not come

    tab.go_back()

    tab.wait_for_url("**/sign-in?next=/history")
    tab.context.add_cookies([{**one} for one in cookies])  # type: ignore[typeddict-item]
    tab.goto(f"{address}/history")
    expect(tab.locator("#filter-all")).to_have_attribute("aria-current", "true")


def test_what_is_searched_while_a_pin_is_on_its_way_is_found(tab: Page, address: str) -> None:
    tab.goto(f"{address}/medals")
    pins = held_requests(tab, "**/medals/pins")
    tab.locator(".pinner").first.click()
    tab.evaluate(SEARCHES)
    tab.locator("#q").fill("zzz")
    tab.locator("html[data-searches]").wait_for(state="attached")
    let_go(tab, pins, 0)

    tab.wait_for_url("**/medals?q=zzz")
    expect(tab.locator("[data-grid] [data-medal]")).to_have_count(0)


def test_a_filter_and_the_search_field_say_the_same(tab: Page, address: str) -> None:
    tab.goto(f"{address}/medals")
    tab.locator("#q").fill("zzz")
    tab.wait_for_url("**/medals?q=zzz")

    tab.locator("#filter-ahead").click()
    tab.wait_for_url("**/medals?chosen=ahead")
    expect(tab.locator("#q")).to_have_value("")
    tab.locator("#q").fill("a")
    tab.wait_for_url("**/medals?chosen=ahead&q=a")
    expect(tab.locator("#filter-ahead")).to_have_attribute("aria-current", "true")


TYPE_AND_FILTER = """() => {
  const field = document.getElementById("q");
  field.value = "zzz";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById("filter-ahead").click();
}"""


def test_of_letters_and_a_filter_pressed_after_them_the_filter_is_shown(
    tab: Page, address: str
) -> None:
    """Letters are sent a quarter of a second late: by then the filter may be on its way."""
    tab.goto(f"{address}/medals")
    held = held_requests(tab, "**/medals?*")

    tab.evaluate(SEARCHES)
    tab.evaluate(TYPE_AND_FILTER)
    tab.locator("html[data-searches]").wait_for(state="attached")
    let_go(tab, held, 0)

    tab.wait_for_url("**/medals?chosen=ahead")
    expect(tab.locator("#filter-ahead")).to_have_attribute("aria-current", "true")
    assert len([one for one in held if "q=zzz" in one.request.url]) == 0


def sign_in_as(shop: Shop, tab: Page, address: str, member_id: int) -> None:
    """Somebody else signs in, in another tab of this browser."""
    tab.context.add_cookies(
        [{"name": "laurel", "value": cookie_of(shop, member_id), "url": address}]
    )


def test_a_part_for_somebody_else_is_not_put_into_this_persons_page(
    shop: Shop, tab: Page, address: str
) -> None:
    other = shop.member(phone="+79123456700", origin="signup")
    tab.goto(f"{address}/history")
    tab.evaluate("window.stayed = true")
    reader = tab.locator("#about").get_attribute("data-reader")
    sign_in_as(shop, tab, address, other)

    tab.locator("#filter-spent").click()

    tab.wait_for_url("**/history?chosen=spent")
    expect(tab.locator("#about")).not_to_have_attribute("data-reader", str(reader))
    assert tab.evaluate("window.stayed") is None


def test_a_language_chosen_in_another_tab_renews_the_whole_page(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/privacy")
    other = tab.context.new_page()
    other.goto(f"{address}/settings/looks")
    for language, pressed in (("ru", tab.locator("#s-shelf")), ("en", tab.locator("#s-friends"))):
        with other.expect_navigation():
            other.locator(f"button[name=locale][value={language}]").first.click()
        pressed.click()
        expect(tab.locator("html")).to_have_attribute("lang", language)


def test_who_signs_in_again_after_a_press_is_back_on_the_page(tab: Page, address: str) -> None:
    tab.goto(f"{address}/history")
    cookies = tab.context.cookies()
    tab.context.clear_cookies()

    tab.locator("#filter-spent").click()
    tab.wait_for_url("**/sign-in?next=/history")
    tab.context.add_cookies([{**one} for one in cookies])  # type: ignore[typeddict-item]
    tab.reload()

    expect(tab.locator("#filter-all")).to_have_attribute("aria-current", "true")
    assert tab.url == f"{address}/history"


def test_a_sending_that_was_stopped_can_be_sent_again(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/profile")
    form = tab.locator("main form[data-busy]")
    held = held_requests(tab, "**/settings/profile")
    devtools = tab.context.new_cdp_session(tab)
    send = "setTimeout(() => document.querySelector('main form[data-busy]').requestSubmit())"
    tab.evaluate(send)
    wait_for(tab, held)

    devtools.send("Page.stopLoading")

    expect(form).not_to_have_attribute("data-sent", "yes")
    expect(form.locator("button.btn").first).not_to_have_attribute("aria-disabled", "true")


def test_another_language_keeps_what_was_typed_at_the_door(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="en")
    tab = context.new_page()
    tab.goto(f"{address}/sign-in")
    tab.locator("[name=contact]").fill("anna@example.org")

    with tab.expect_navigation():
        tab.locator("button[name=locale][value=ru]").click()

    expect(tab.locator("[name=contact]")).to_have_value("anna@example.org")
    assert tab.evaluate("sessionStorage.length") == 0
    context.close()


@pytest.mark.parametrize("status", [0, 500])
def test_a_theme_that_did_not_work_says_so_and_leaves_what_was_typed(
    browser: Browser, address: str, status: int
) -> None:
    context = browser.new_context(locale="en")
    tab = context.new_page()
    tab.goto(f"{address}/sign-in")
    tab.locator("[name=contact]").fill("anna@example.org")
    tab.route("**/prefs", lambda one: one.fulfill(status=status) if status else one.abort())

    tab.locator("button[name=theme][value=dark]").click()

    expect(tab.locator("#toast")).to_contain_text("did not work" if status else NO_ANSWER)
    expect(tab.locator("[name=contact]")).to_have_value("anna@example.org")
    assert tab.locator("html").get_attribute("data-theme") is None
    context.close()


def test_the_file_goes_with_the_filter(tab: Page, address: str) -> None:
    tab.goto(f"{address}/history")
    assert tab.locator("#rows-file").get_attribute("href") == "/history.csv"

    tab.locator("#filter-spent").click()

    tab.wait_for_url("**/history?chosen=spent")
    expect(tab.locator("#rows-file")).to_have_attribute("href", "/history.csv?chosen=spent")


def test_a_new_code_can_be_asked_for_when_the_seconds_are_over(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(locale="en")
    tab = context.new_page()
    tab.clock.install()
    tab.goto(f"{address}/sign-in")
    tab.locator("[name=contact]").fill("boris@example.org")
    tab.get_by_role("button", name="Get a code").click()
    tab.get_by_text("A new code in").wait_for()
    tab.locator("[name=code]").fill("12")
    expect(tab.get_by_role("button", name="Send a new code")).to_be_hidden()

    tab.clock.fast_forward("01:02")

    expect(tab.get_by_role("button", name="Send a new code")).to_be_visible()
    expect(tab.get_by_text("A new code in")).to_be_hidden()
    expect(tab.locator("[name=code]")).to_have_value("12")
    context.close()


def test_undo_pressed_at_the_last_moment_says_when_it_fails(tab: Page, address: str) -> None:
    tab.clock.install()
    tab.goto(f"{address}/settings/privacy")
    tab.locator("#s-shelf").click()
    undo = tab.get_by_role("button", name="Undo")
    undo.wait_for()
    held = held_requests(tab, "**/settings/privacy")
    undo.click()
    tab.mouse.move(0, 0)
    tab.evaluate("document.activeElement.blur()")
    wait_for(tab, held)

    tab.clock.fast_forward("00:10")
    tab.clock.fast_forward("00:10")
    held[0].abort()

    expect(tab.locator("#toast")).to_contain_text(NO_ANSWER)


def test_a_medal_that_comes_after_the_filter_is_not_put_beside_it(tab: Page, address: str) -> None:
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.goto(f"{address}/medals")
    tab.evaluate("window.stayed = true")
    held = held_requests(tab, "**/medals?*")

    with tab.expect_event("requestfailed") as given_up:
        tab.locator("[data-grid] [data-medal]").nth(3).click()
        tab.locator("#filter-ahead").click()
        let_go(tab, held, 1)

    assert "medal=" in given_up.value.url
    tab.wait_for_url("**/medals?chosen=ahead")
    shown = tab.locator("#pane h2").inner_text()
    assert tab.locator(".mtile.chosen b").inner_text() in shown
    assert tab.evaluate("window.stayed") is True


def test_of_two_quick_themes_the_later_one_is_kept(tab: Page, address: str) -> None:
    tab.goto(f"{address}/settings/looks")
    held = held_requests(tab, "**/prefs")

    for theme in ("dark", "light"):
        tab.locator(f"button[name=theme][value={theme}]").first.click()
    tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert len(held) == 1, "both at once may arrive in any order"
    for number, theme in enumerate(("dark", "light")):
        let_go(tab, held, number)
        expect(tab.locator("html")).to_have_attribute("data-theme", theme)

    tab.reload()
    assert tab.locator("html").get_attribute("data-theme") == "light"
