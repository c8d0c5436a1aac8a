"""One launches from a template, one buys, is paid once, sees it, and brings goods back."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, expect

from gamification.commands.member import join_member
from gamification.commands.owner import ProgrammePlan, set_up_programme
from gamification.world import fixed_clock
from tests.e2e.journey import CLOCK, PASSWORD, Installation, Walker, installation, run_laurel
from tests.e2e.test_two_friends import until
from webapp.accounts.actions import add_staff
from webapp.accounts.passwords import hash_password
from webapp.db import make_engine
from webapp.world import Worlds

pytestmark = pytest.mark.e2e
ANA, OWN_ID, MARKETER = "ana@example.org", "A-1", "marketer@example.org"
BEGAN = datetime.fromisoformat(CLOCK)
Words = dict[str, str]
RU: Words = {
    "lang": "ru-RU",
    "name": "Две чашки",
    "launched": "Запущено",
    "join": "Участвовать",
    "none": "0 из 2",
    "one": "1 из 2",
    "done": "Выполнено 16 июня",
    "back": "Товар вернулся в магазин, и награда вместе с ним",
    "again": "«Две чашки» снова открыто",
}
EN: Words = {
    "lang": "en-GB",
    "name": "Two cups",
    "launched": "Launched",
    "join": "Take part",
    "none": "0 of 2",
    "one": "1 of 2",
    "done": "Done on 16 June",
    "back": "Goods were returned, and the reward went with them",
    "again": "“Two cups” is open again",
}


@pytest.fixture(
    params=[pytest.param(RU, id="ru"), pytest.param(EN, id="en", marks=pytest.mark.heavy)]
)
def words(request: pytest.FixtureRequest) -> Words:
    """The language of everybody in it."""
    found: Words = request.param
    return found


@pytest.fixture
def shop(tmp_path: Path, words: Words) -> Iterator[Installation]:
    """A shop with a marketer and one member, Ana."""
    with installation(tmp_path) as running:
        engine = make_engine(f"sqlite:///{tmp_path}/data/laurel.db")
        with Worlds(engine, fixed_clock(BEGAN)).open() as world:
            set_up_programme(world, ProgrammePlan(name="Полдень"))
            member = join_member(world, name="Анна Соколова", email=ANA)
            member.external_id, member.locale = OWN_ID, words["lang"][:2]
            add_staff(world, role="marketer", name="Ира", email=MARKETER,
                      password_hash=hash_password(PASSWORD))  # fmt: skip
        engine.dispose()
        yield running


def visit(browser: Browser, width: int, words: Words) -> Walker:
    """Somebody who has no mouse."""
    context = browser.new_context(
        locale=words["lang"], viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    return Walker(context.new_page(), keyboard=True, scripts=True)


def sign_in(walker: Walker, shop: Installation, contact: str) -> None:
    """By a code to the e-mail, from wherever the form is."""
    walker.write("contact", contact)
    walker.press("main form:has([name=contact]) button")
    walker.write("code", shop.code_for(contact))
    if "/sign-in/code" in walker.page.url:
        walker.press("main form:has([name=code]) button")


def launch(walker: Walker, shop: Installation, words: Words) -> None:
    """A marketer signs in, takes a template, fills in what it needs, and launches it."""
    page = walker.page
    page.goto(f"{shop.address}/staff/sign-in?next=/console/challenges")
    walker.write("email", MARKETER)
    walker.write("password", PASSWORD)
    walker.press("main form:has([name=password]) button")
    page.goto(f"{shop.address}/console/challenges")
    walker.check_page()
    walker.press("button[name=template][value=blank]")
    fields = {"s0_n": "2", "name_ru": RU["name"], "name_en": EN["name"], "control_percent": "0",
              "points": "200", "budget": "5000"}  # fmt: skip
    for name, text in fields.items():
        walker.write(name, text)
        page.keyboard.press("Tab")
    walker.reach("[name=starts]")
    page.fill("[name=starts]", "2026-06-16T00:00")
    walker.touch("#when-more > summary")
    walker.reach("select[name=enrol]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator("select[name=enrol]")).to_have_value("button")
    walker.check_page()
    walker.press("[data-launch]")
    expect(page.get_by_role("status").first).to_contain_text(words["launched"])
    walker.check_page()


def till_key(shop: Installation) -> str:
    told = run_laurel(shop.env, "keys", "add", "--name", "till", "--scope", "receipts:write",
                      "--scope", "members:read")  # fmt: skip
    return max(told.split(), key=len)


def asks(shop: Installation, key: str, path: str, body: dict[str, object] | None = None) -> object:
    """What the API answers."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{shop.address}/api/v1{path}", None if body is None else json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def move_clock(shop: Installation, since: timedelta) -> None:
    Path(shop.env["LAUREL_CLOCK_FILE"]).write_text((BEGAN + since).isoformat())


def receipt(number: str, **more: object) -> dict[str, object]:
    at = "2026-06-16T14:00:00+03:00"
    return {"id": number, "occurred_at": at, "total": "300.00",
            "member": {"external_id": OWN_ID}} | more  # fmt: skip


def test_a_challenge_from_its_template_to_a_return(
    shop: Installation, browser: Browser, words: Words
) -> None:
    """In Russian on a phone, in English at a desk; by keys alone, within five minutes."""
    width = 390 if words is RU else 1280
    key, begun = till_key(shop), monotonic()
    launch(visit(browser, width, words), shop, words)
    assert monotonic() - begun < 300
    move_clock(shop, timedelta(days=1))

    ana = visit(browser, width, words)
    ana.page.goto(f"{shop.address}/sign-in?next=/challenges")
    sign_in(ana, shop, ANA)
    ana.page.goto(f"{shop.address}/challenges")
    until(ana.page, words["name"], words["join"])
    ana.check_page()
    ana.press("main form[action$='/join'] button")
    until(ana.page, words["none"])
    ana.check_page()
    asks(shop, key, "/purchases", receipt("r1"))
    ana.page.reload()
    until(ana.page, words["one"])
    known = asks(shop, key, f"/members?external_id={OWN_ID}")
    assert isinstance(known, dict)
    assert [(c["name"], c["done"], c["target"]) for c in known["challenges"]] == [
        (RU["name"], 1, 2)
    ]
    asks(shop, key, "/purchases", receipt("r2"))
    one = ana.page.url
    move_clock(shop, timedelta(days=1, minutes=1))
    until(ana.page, words["done"])
    ana.page.goto(f"{shop.address}/celebrate?next=/challenges")
    assert words["name"] in ana.page.inner_text("main")
    ana.check_page()
    ana.page.goto(f"{shop.address}/celebrate?next=/challenges")
    assert ana.page.url.endswith("/challenges")
    move_clock(shop, timedelta(days=3))
    at = "2026-06-18T13:00:00+03:00"
    back = receipt("x1", occurred_at=at, purchase_id="r2", whole=True)
    del back["total"]
    asks(shop, key, "/returns", back)
    move_clock(shop, timedelta(days=3, minutes=1))
    ana.page.goto(one)
    until(ana.page, words["back"])
    ana.page.goto(f"{shop.address}/inbox")
    assert words["again"] in ana.page.inner_text("main")
