"""Without a network the card still opens, and nobody sees what another person kept."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import SQLModel
from werkzeug.serving import make_server

from tests.e2e.test_face import axe_faults
from tests.webapp.shopfront import KEY, Now, Shop
from webapp.accounts.actions import ensure_member_account, start_session
from webapp.app import create_app
from webapp.db import make_engine
from webapp.settings import Settings

pytestmark = pytest.mark.e2e
ANNA, BORIS = "Анна Седова", "Борис Ким"
KEPT = "(async () => (await caches.keys()).filter((name) => name.startsWith('laurel-person-')))()"
HOLDS = """async () => {
  const controlled = !!navigator.serviceWorker.controller;
  for (const name of await caches.keys())
    if (name.startsWith('laurel-person-'))
      return (await (await caches.open(name)).keys()).length > 2 && controlled;
  return false;
}"""


class Counter:
    """The shop behind an address that can be taken off the network."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.server = make_server("127.0.0.1", 0, shop.app, threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def session_of(self, name: str, locale: str = "ru") -> str:
        """A session of a new member of this name."""
        member_id = self.shop.member(name=name, origin="till")
        with self.shop.worlds.open() as world:
            account = ensure_member_account(world, member_id, locale=locale)
            return start_session(world, account, agent="x", address="::1")

    def give(self, context: BrowserContext, secret: str) -> None:
        """Put a session into a browser, as a sign-in does."""
        serializer = self.shop.app.session_interface.get_signing_serializer(self.shop.app)  # type: ignore[attr-defined]
        value = serializer.dumps({"_user_id": secret, "_fresh": True})
        context.add_cookies([{"name": "laurel", "value": value, "url": self.address}])


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with opened(tmp_path, test_mode=True) as counter:
        yield counter


@pytest.fixture
def real_counter(tmp_path: Path) -> Iterator[Counter]:
    """A shop whose clock and messages are real: only there the app offers to be installed."""
    with opened(tmp_path, test_mode=False) as counter:
        yield counter


@contextmanager
def opened(folder: Path, *, test_mode: bool) -> Iterator[Counter]:
    now = Now(folder / "now")
    now.set("2026-11-24T09:04:00+00:00")
    settings = Settings(
        data=folder,
        secret_key=KEY,
        test_mode=test_mode,
        clock_file=now.path if test_mode else None,
        log_level="error",
    )
    engine = make_engine(settings.database)
    SQLModel.metadata.create_all(engine)
    shop = Shop(create_app(settings, engine=engine), now)
    shop.set_up()
    counter = Counter(shop)
    yield counter
    counter.server.shutdown()
    engine.dispose()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        locale="ru-RU", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    yield context
    context.close()


def visit_home(counter: Counter, phone: BrowserContext) -> Page:
    """Look at Home once, and give the worker the moment that it needs."""
    page = phone.new_page()
    page.goto(f"{counter.address}/home")
    if "/celebrate" in page.url:
        page.goto(f"{counter.address}/home")
    for _ in range(100):
        if page.evaluate(HOLDS):
            return page
        page.wait_for_timeout(100)
    raise AssertionError("the worker kept nothing")


def test_the_card_and_the_balance_open_without_a_network(
    counter: Counter, phone: BrowserContext
) -> None:
    counter.give(phone, counter.session_of(ANNA))
    page = visit_home(counter, phone)

    phone.set_offline(True)
    page.goto(f"{counter.address}/home")
    home = page.inner_text("body")
    faults = axe_faults(page)
    page.goto(f"{counter.address}/card")
    card = page.inner_text("body")
    drawn = page.evaluate("document.querySelector('.code img').naturalWidth")
    page.goto(f"{counter.address}/history")
    other = page.inner_text("body")

    assert "Нет сети, показываем данные на 12:04" in home
    assert "Без сети только накопление" in card
    assert ANNA in card
    assert drawn > 0
    assert "Нет сети, показываем данные на 12:04" in other
    assert faults == []


def test_with_a_network_nothing_kept_is_shown(counter: Counter, phone: BrowserContext) -> None:
    counter.give(phone, counter.session_of(ANNA))
    page = visit_home(counter, phone)

    phone.set_offline(True)
    page.goto(f"{counter.address}/home")
    phone.set_offline(False)
    page.goto(f"{counter.address}/home")
    online = page.inner_text("body")
    counter.shop.now.move(minutes=7)
    page.goto(f"{counter.address}/home")
    page.wait_for_timeout(800)
    phone.set_offline(True)
    page.goto(f"{counter.address}/home")

    assert "Нет сети" not in online
    assert "показываем данные на 12:11" in page.inner_text("body")


def test_back_onto_what_a_form_was_answered_with_is_the_form_with_a_network(
    counter: Counter, phone: BrowserContext, caplog: pytest.LogCaptureFixture
) -> None:
    counter.give(phone, counter.session_of(ANNA))
    page = visit_home(counter, phone)
    page.goto(f"{counter.address}/settings/profile")
    heading = page.inner_text("h1")

    for name in ("", "Анна Ким"):
        page.locator("form:has([name=name])").evaluate("form => { form.noValidate = true }")
        page.fill("[name=name]", name)
        page.locator("form:has([name=name]) button.btn").click()
        expect(page.locator("[aria-invalid]")).to_have_count(0 if name else 1)
    page.wait_for_url("**/settings/profile?*")
    page.go_back()
    back = page.inner_text("h1"), page.input_value("[name=name]")
    page.goto(f"{counter.address}/home")
    phone.set_offline(True)
    page.go_back()

    assert back == (heading, "Анна Ким")
    assert sum("POST /settings" in line for line in caplog.messages) == 2
    assert "Нет сети" in page.inner_text("body")


def test_after_signing_out_nothing_of_anybody_is_left(
    counter: Counter, phone: BrowserContext
) -> None:
    counter.give(phone, counter.session_of(ANNA))
    page = visit_home(counter, phone)
    assert len(page.evaluate(KEPT)) == 1

    page.set_viewport_size({"width": 1280, "height": 844})
    page.locator("form[action$='/sign-out'] button").first.click()
    page.wait_for_url("**/sign-in")
    phone.set_offline(True)
    page.goto(f"{counter.address}/home")

    assert page.evaluate(KEPT) == []
    assert "Здесь нет сети" in page.inner_text("body")
    assert "Анна" not in page.content()
    assert "4417" not in page.inner_text("body")


def test_a_network_lost_while_signing_out_leaves_nothing_either(
    counter: Counter, phone: BrowserContext
) -> None:
    counter.give(phone, counter.session_of(ANNA))
    page = visit_home(counter, phone)

    page.set_viewport_size({"width": 1280, "height": 844})
    phone.set_offline(True)
    page.locator("form[action$='/sign-out'] button").first.click()
    expect(page.locator("body")).to_contain_text("Здесь нет сети")

    assert page.evaluate(KEPT) == []
    assert "Анна" not in page.content()


def test_another_person_in_the_same_browser_finds_only_their_own(
    counter: Counter, phone: BrowserContext
) -> None:
    counter.give(phone, counter.session_of(ANNA))
    page = visit_home(counter, phone)
    first = page.evaluate(KEPT)

    counter.give(phone, counter.session_of(BORIS))
    page.goto(f"{counter.address}/history")
    emptied = page.evaluate(KEPT)
    visit_home(counter, phone)
    phone.set_offline(True)
    page.goto(f"{counter.address}/card")

    assert emptied == []
    assert len(page.evaluate(KEPT)) == 1
    assert page.evaluate(KEPT) != first
    assert BORIS in page.inner_text("body")
    assert ANNA not in page.content()


def test_a_shop_in_test_mode_offers_nothing(counter: Counter, phone: BrowserContext) -> None:
    counter.give(phone, counter.session_of(ANNA))

    assert visit_home(counter, phone).locator("[data-install]").count() == 0


def test_the_offer_to_install_waits_for_the_second_visit(
    real_counter: Counter, phone: BrowserContext
) -> None:
    counter = real_counter
    asked = "dispatchEvent(new Event('beforeinstallprompt', { cancelable: true }))"
    counter.give(phone, counter.session_of(ANNA))
    page = visit_home(counter, phone)
    offer = page.locator("[data-install]")

    page.evaluate(asked)
    first = offer.is_visible()
    page.evaluate("localStorage.setItem('laurel:visits', '{\"count\":1,\"last\":0}')")
    page.reload()
    page.evaluate(asked)
    second = offer.is_visible()
    faults = axe_faults(page)
    page.locator("[data-install-no]").click()
    page.evaluate("localStorage.setItem('laurel:visits', '{\"count\":5,\"last\":0}')")
    page.reload()
    page.evaluate(asked)

    assert (first, second, offer.is_visible()) == (False, True, False)
    assert faults == []
