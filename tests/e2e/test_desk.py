"""The desk of invitations in a real browser: what is typed is read at once, ticks agree."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gamification.commands.referrals import publish_terms
from tests.e2e.shops import served, shop_in
from tests.e2e.test_face import axe_faults
from tests.webapp.console.test_invitation_desk import TERMS, hold, invite, states
from tests.webapp.shopfront import Shop

pytestmark = pytest.mark.e2e


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop with terms; Ana has brought three friends whom a rule holds."""
    shop = shop_in(tmp_path)
    with shop.worlds.open() as world:
        publish_terms(world, TERMS)
    ana = shop.member(name="Ана Гогидзе", phone="+79123450000")
    hold(shop, invite(shop, ana, 3))
    return shop


@pytest.fixture
def address(shop: Shop) -> Iterator[str]:
    with served(shop.app) as address:
        yield address


def owner(shop: Shop, browser: Browser, address: str, *, scripts: bool) -> BrowserContext:
    cookie = shop.signed_in_as("owner").client.get_cookie("laurel")
    assert cookie is not None
    context = browser.new_context(
        java_script_enabled=scripts, viewport={"width": 1280, "height": 900}, locale="en",
        reduced_motion="reduce",
    )  # fmt: skip
    context.add_cookies([{"name": "laurel", "value": str(cookie.value), "url": address}])
    return context


@pytest.fixture
def tab(shop: Shop, browser: Browser, address: str) -> Iterator[Page]:
    context = owner(shop, browser, address, scripts=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(shop: Shop, browser: Browser, address: str) -> Iterator[Page]:
    context = owner(shop, browser, address, scripts=False)
    yield context.new_page()
    context.close()


def test_the_sentences_follow_what_is_typed(tab: Page, address: str) -> None:
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(f"{address}/console/invitations")
    preview = tab.locator("#preview")
    expect(preview).to_contain_text("Ana gets 300 points")

    tab.get_by_label("For whoever invites").fill("750")
    tab.keyboard.press("Tab")
    expect(preview).to_contain_text("Ana gets 750 points")
    expect(preview).to_contain_text("As it will be")
    assert tab.evaluate("document.activeElement.name") == "friend_points"
    tab.get_by_label("Rewarded friends at most").fill("0")
    tab.keyboard.press("Tab")
    expect(preview).to_contain_text("Rewarded friends at most.")

    tab.get_by_label("Rewarded friends at most").fill("5")
    tab.get_by_role("button", name="Publish", exact=True).click()
    expect(tab.locator(".note.good")).to_contain_text("those invited before keep their terms")
    assert axe_faults(tab) == []
    tab.get_by_role("button", name="Undo").click()
    expect(preview).to_contain_text("Ana gets 300 points")
    assert [one for one in said if "422" not in one] == []  # what Chromium says of a refusal


def test_without_scripts_a_look_shows_the_sentences(plain: Page, address: str) -> None:
    plain.goto(f"{address}/console/invitations")
    plain.get_by_label("For whoever invites").fill("750")

    plain.get_by_role("button", name="See how it reads").click()

    expect(plain.locator("#preview")).to_contain_text("Ana gets 750 points")
    expect(plain.get_by_label("For whoever invites")).to_have_value("750")
    expect(plain.locator(".versions .ops > li")).to_have_count(1)


def test_ticks_of_page_group_and_cases_agree(tab: Page, address: str, shop: Shop) -> None:
    tab.goto(f"{address}/console/invitations/review")
    cases, group = tab.locator("[data-pick=case]"), tab.locator("[data-pick=group]")
    group.check()
    assert [box.is_checked() for box in cases.all()] == [True] * 3
    assert tab.locator("[data-pick=page]").is_checked()

    cases.nth(1).uncheck()
    assert not group.is_checked()
    assert group.evaluate("(box) => box.indeterminate")
    tab.get_by_label("Why").fill("It is one person")
    tab.get_by_role("button", name="Reject what is ticked").click()

    expect(tab.locator(".note.good")).to_contain_text("2 invitations were rejected")
    assert sorted(states(shop)) == ["blocked", "blocked", "in_review"]
    assert axe_faults(tab) == []


def test_without_scripts_a_group_is_decided_whole(plain: Page, address: str, shop: Shop) -> None:
    plain.goto(f"{address}/console/invitations/review")
    plain.locator("[data-pick=group]").check()
    plain.get_by_label("Why").fill("It is one person")

    plain.get_by_role("button", name="Reject what is ticked").click()

    expect(plain.locator(".note.good")).to_contain_text("3 invitations were rejected")
    assert states(shop) == ["blocked"] * 3
