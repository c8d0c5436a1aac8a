"""Ana shares a link, Boris joins by it on a phone, buys, keeps it, and both are paid once."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gamification.commands.member import join_member
from gamification.commands.owner import ProgrammePlan, set_up_programme
from gamification.commands.referrals import ReferralTerms, publish_terms
from gamification.world import fixed_clock
from tests.e2e.journey import CLOCK, Installation, Walker, installation, run_laurel
from webapp.db import make_engine
from webapp.world import Worlds

pytestmark = pytest.mark.e2e
ANA, BORIS = "ana@example.org", "boris@example.org"
TERMS = ReferralTerms(referrer_points=300, friend_points=200, minimum=200_000)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    """A shop with invitations; Ana is a member."""
    with installation(tmp_path) as running:
        engine = make_engine(f"sqlite:///{tmp_path}/data/laurel.db")
        with Worlds(engine, fixed_clock(datetime.fromisoformat(CLOCK))).open() as world:
            set_up_programme(world, ProgrammePlan(name="Полдень"))
            publish_terms(world, TERMS)
            join_member(world, name="Анна Соколова", email=ANA)
        engine.dispose()
        yield running


def visit(browser: Browser, width: int, *, scripts: bool = True) -> Walker:
    context = browser.new_context(
        locale="ru-RU", viewport={"width": width, "height": 844}, java_script_enabled=scripts,
        reduced_motion="reduce",
    )  # fmt: skip
    return Walker(context.new_page(), keyboard=False, scripts=scripts)


def sign_in(walker: Walker, shop: Installation, contact: str) -> None:
    """By a code to the e-mail, from wherever the form is."""
    walker.write("contact", contact)
    walker.press("main form:has([name=contact]) button")
    walker.write("code", shop.code_for(contact))
    if "/sign-in/code" in walker.page.url:
        walker.press("main form:has([name=code]) button")


def till_key(shop: Installation) -> str:
    """A key that may tell of receipts, as the command prints it."""
    told = run_laurel(shop.env, "keys", "add", "--name", "till", "--scope", "receipts:write")
    return max(told.split(), key=len)


def buy(shop: Installation, key: str, total: str) -> None:
    """The till tells of Boris's purchase."""
    body: dict[str, object] = {
        "id": "b1", "occurred_at": "2026-06-15T14:00:00+03:00", "total": total,
    }  # fmt: skip
    engine = make_engine(f"sqlite:///{shop.env['LAUREL_DATA']}/laurel.db")
    with engine.connect() as connection:
        sql = f"SELECT number FROM card JOIN member m ON m.id = member_id WHERE m.email = '{BORIS}'"
        body["member"] = {"card": connection.exec_driver_sql(sql).scalar()}
    engine.dispose()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{shop.address}/api/v1/purchases", json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.status == 201


def until(page: Page, words: str) -> None:
    """Load the page again until the clock has done its work."""
    for _ in range(40):
        if words in page.inner_text("main"):
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{words} never came: {page.inner_text('main')}")


WALKS = [pytest.param(True, id="phone", marks=pytest.mark.heavy), pytest.param(False, id="plain")]


@pytest.mark.parametrize("scripts", WALKS)
def test_a_friend_is_invited_buys_and_both_are_paid(
    shop: Installation, browser: Browser, tmp_path: Path, scripts: bool
) -> None:
    ana, boris = visit(browser, 1280), visit(browser, 390, scripts=scripts)
    ana.page.goto(f"{shop.address}/sign-in?next=/friends")
    sign_in(ana, shop, ANA)
    ana.page.goto(f"{shop.address}/friends")
    ana.press("form.draw button")
    link = ana.page.inner_text("#invitation")
    path = link[link.index("/r/") :]
    ana.check_page()
    boris.page.goto(f"{shop.address}{path}?c=telegram")
    boris.check_page()
    boris.press("main a.btn")
    sign_in(boris, shop, BORIS)
    boris.write("name", "Борис Ким")
    boris.page.check("[name=consent-programme]")
    boris.press("main form:has([name=name]) button.btn")
    ana.page.reload()
    assert "Вступил" in ana.page.inner_text("main")

    buy(shop, till_key(shop), "2500.00")
    (tmp_path / "clock").write_text("2026-06-15T14:01:00+03:00")
    until(ana.page, "300 в пути")
    (tmp_path / "clock").write_text("2026-06-29T10:00:00+03:00")
    until(ana.page, "+300")
    boris.page.goto(f"{shop.address}/history")
    until(boris.page, "+200")
