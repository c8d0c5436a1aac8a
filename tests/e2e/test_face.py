"""Every page of the preview in a real browser: accessible, no sideways scroll, no complaint."""

import os
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.shops import served
from tests.preview import contests, desks, overviews, owners, posts, prefs, quests, rehearsed
from tests.preview.scenes import SCENES
from tests.preview.show import show

AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe*.min.js"))
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]
"""All that another theme of the same page can get wrong."""
FULL = bool(os.environ.get("LAUREL_FULL"))
PEOPLE = {
    "home": ("full", "empty", "champion", "grace", "broken"),
    "history": ("full", "empty", "broken"),
    "tiers": ("full", "empty", "champion", "grace"),
    "herbarium": ("full", "rare", "oak", "empty"),
    "herbarium-leaf": ("full", "rare"),
    "medals": ("full", "empty", "none"),
    "medal": ("full", "locked", "taken", "categories"),
    "find": ("full", "broken", "empty"),
    "code": ("full", "broken"),
    "join": ("full", "broken"),
    "invitation": ("full", "nameless", "bare", "long", "own", "member", "other"),
    **prefs.WHO,
    **desks.WHO,
    **contests.WHO,
    **rehearsed.WHO,
    **quests.WHO,
    **overviews.WHO,
    **owners.WHO,
    **posts.WHO,
    "offline": ("full", "empty"),
    "welcome": ("full", "child", "favourite", "messages"),
    "celebrate": ("full", "champion", "many", "won"),
    "inbox": ("full", "empty"),
    "friends": ("full", "empty", "none", "off", "broken", "champion", "stopped"),
    "friends-appeal": ("full", "broken", "sent", "answered", "late"),
    "friends-past": ("full",),
    "keys": ("full", "off"),
    "member": ("full", "empty", "broken"),
    "shelf": ("full", "closed", "young", "broken", "crowded"),
    "share": ("full", "closed", "broken"),
    "shelf-seen": ("full", "nameless", "long", "empty", "member"),
    "shelf-medal": ("full", "nameless", "secret"),
}
Window = tuple[Page, str, int]
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(show()) as address:
        yield address


def looks() -> list[object]:
    """Scenes and who looks; the short run listens to each once, in one theme, by turns.

    Whoever else looks at a customer's page looks on the narrowest phone there, and hears nothing.
    """
    found: list[object] = []
    for name, scene in SCENES.items():
        for number, who in enumerate(PEOPLE.get(name, ("full",))):
            marks = pytest.mark.heavy if number and scene.staff else ()
            wide = "all" if FULL else "narrow" if number else "one"
            found.append(pytest.param(name, who, wide, marks=marks))
    return found


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[list[Window]]:
    """A phone, a desk and the narrowest phone, in both themes and languages."""
    opened = []
    for width, theme, lang in ((390, "light", "ru"), (1280, "dark", "en"), (320, "dark", "ru")):
        size = {"width": width, "height": 844}
        tab = browser.new_context(viewport=size, reduced_motion="reduce").new_page()
        opened.append((tab, f"theme={theme}&lang={lang}", width))
    yield opened
    for tab, _, _ in opened:
        tab.context.close()


@pytest.mark.parametrize(("scene", "who", "seen"), looks())
def test_a_page_is_accessible_and_fits(
    scene: str, who: str, seen: str, address: str, windows: list[Window]
) -> None:
    """Axe in light on a phone or in dark on a desk; both in the long run."""
    faults: list[str] = []
    turn = 390 if len(scene + who) % 2 else 1280
    widths = {"all": (390, 1280, 320), "one": (turn, 320), "narrow": (320,)}[seen]
    for tab, query, width in windows:
        if width not in widths:
            continue
        complaints: list[str] = []
        tab.on("console", lambda message, said=complaints: said.append(message.text))
        tab.goto(f"{address}/{scene}?who={who}&{query}")
        tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        found = [*(axe_faults(tab) if width > 320 else ()), *complaints]
        faults += [f"{query} {width}: {fault}" for fault in found]
        wide = tab.evaluate("document.documentElement.scrollWidth")
        faults += [f"{wide} px wide at {width}"] if wide > width else []

    assert faults == []


ONE_LINE = """(selector) => [...document.querySelectorAll(selector)].map((one) => {
  const range = document.createRange(); range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map((box) => Math.round(box.bottom))).size;
})"""
TOPS = """(selector) => [...document.querySelectorAll(selector)].map((group) =>
  new Set([...group.children].map((one) => Math.round(one.getBoundingClientRect().top))).size)"""
APART = """() => document.querySelector(".ops + form").getBoundingClientRect().top
  - document.querySelector(".ops").getBoundingClientRect().bottom"""


@pytest.mark.parametrize("language", ["ru", "en"])
def test_small_things_stay_whole_on_a_phone(
    address: str, windows: list[Window], language: str
) -> None:
    for tab, _, width in (one for one in windows if one[2] < 400):
        tab.goto(f"{address}/settings-looks?lang={language}")
        assert tab.evaluate(TOPS, ".segments") == [1] * tab.locator(".segments").count(), width
        tab.goto(f"{address}/settings-devices?lang={language}")
        assert tab.evaluate(APART) >= 8, width
        tab.goto(f"{address}/home?who=champion&lang={language}")
        tab.evaluate("document.querySelectorAll('.pass .number small').forEach((s) => s.remove())")
        assert tab.evaluate(ONE_LINE, ".pass .number") == [1], width
        tab.goto(f"{address}/find?lang={language}")
        if width == 390:
            lines = tab.evaluate(ONE_LINE, ".tabs a > span")
            assert lines == [1] * len(lines), lines


def axe_faults(tab: Page, rules: list[str] = ALL) -> list[str]:
    """What axe-core finds, one line per element."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE.read_text("utf-8"))
    asked = {"runOnly": rules, "resultTypes": ["violations"]}
    found = tab.evaluate("(asked) => axe.run(document, asked)", asked)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


SMALL = [
    "home", "history", "sign-in", "setup-tiers", "find", "landing", "invitation", "friends",
]  # fmt: skip


@pytest.mark.parametrize("scene", SMALL)
def test_touch_targets_are_large_enough(scene: str, address: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/{scene}")

    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input, select')]
            .filter((e) => e.offsetParent && !e.closest('.skip') && e.type !== 'hidden')
            .map((e) => [e.textContent.trim() || e.name, e.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24))
            .map(([name]) => name)"""
    )

    assert small == []


def test_the_keyboard_meets_the_skip_link_first(address: str, page: Page) -> None:
    page.goto(f"{address}/home?lang=en")

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert first == "Skip to the content"
    page.wait_for_url("**#main")


def test_a_filter_swaps_the_rows_and_keeps_the_focus(address: str, page: Page) -> None:
    page.goto(f"{address}/history")
    page.evaluate("window.stayed = true")

    page.locator("#filter-spent").click()
    page.wait_for_url("**f=spent*")
    expect(page.locator("#filter-spent")).to_be_focused()

    assert page.evaluate("window.stayed") is True


def test_showing_more_appends_and_moves_the_focus(address: str, page: Page) -> None:
    page.goto(f"{address}/history")
    before = page.locator("#rows .ops > li").count()

    page.locator("#more a").click()
    page.locator("#rows .ops > li").nth(before).wait_for()

    expect(page.locator("h2:focus")).to_have_count(1)


def test_without_scripts_the_year_ends_in_its_picture(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/year?who=still")

    assert tab.locator(".orb .sum").is_visible()
    assert tab.locator(".passing").is_hidden()
    assert tab.get_by_role("button", name="К моей карте").is_visible()
    context.close()


def test_skipping_finishes_the_year_in_place(address: str, page: Page) -> None:
    page.goto(f"{address}/year")

    page.locator("[data-skip]").click()

    assert "still" in (page.locator("main").get_attribute("class") or "")
    assert page.locator("[data-skip]").count() == 0


def test_less_motion_shows_the_year_still(address: str, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{address}/year")

    still = "document.getAnimations().filter((a) => a.playState === 'running').length"
    for _ in range(30):  # each takes a millisecond, once the page has come
        tab.wait_for_timeout(100)
        if tab.evaluate(still) == 0:
            break

    assert tab.evaluate(still) == 0
    assert tab.locator(".orb .sum").is_visible()
    context.close()


def test_showing_more_decisions_moves_the_focus_to_them(address: str, page: Page) -> None:
    page.goto(f"{address}/tiers")
    before = page.locator("#log .ops > li").count()

    page.locator("#more a").click()
    page.locator("#log .ops > li").nth(before).wait_for()

    expect(page.locator(".ops").last).to_be_focused()


def test_a_rare_leaf_says_so_and_its_draw_can_be_read_without_scripts(
    address: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/herbarium-leaf?who=rare&lang=en")

    assert tab.get_by_text("rare leaf", exact=True).is_visible()
    assert tab.get_by_text("comes before 051eb852: rare.").is_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_skip_stands_in_the_same_place_on_every_question(
    address: str, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})

    tops = set()
    for who in ("full", "favourite", "messages"):
        page.goto(f"{address}/welcome?who={who}")
        box = page.get_by_role("button", name="Пропустить").bounding_box()
        assert box is not None
        tops.add(round(box["y"]))

    assert len(tops) == 1


def test_a_question_is_answered_by_keyboard_alone(address: str, page: Page) -> None:
    page.goto(f"{address}/welcome?who=favourite")

    page.locator("[name=answer]").first.focus()
    page.keyboard.press("ArrowDown")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("Enter")

    body = sent.value.post_data or ""
    assert "answer=%D0%92%D1%8B%D0%BF" in body
    assert "skip" not in body
