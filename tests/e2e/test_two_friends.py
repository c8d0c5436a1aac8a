"""Ana shares a link, friends join by it and buy; some bring goods back, some look odd.

One shop for all walks; its clock only moves on. Every page is met in Russian and in English:
what Ana reads in one language on a desk, her friend reads in the other on a phone.
"""

import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gamification.commands.member import join_member
from gamification.commands.owner import ProgrammePlan, set_up_programme
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    publish_terms,
)
from gamification.world import fixed_clock
from tests.e2e.journey import CLOCK, PASSWORD, Installation, Walker, installation, run_laurel
from webapp.accounts.actions import add_staff
from webapp.accounts.passwords import hash_password
from webapp.db import make_engine
from webapp.world import Worlds

pytestmark = pytest.mark.e2e
MARKETER = "marketer@example.org"
TERMS = ReferralTerms(referrer_points=300, friend_points=200, minimum=200_000)
Words = dict[str, str]
RU: Words = {
    "lang": "ru",
    "joined": "В клубе с",
    "coming": "300 в пути",
    "less": "Покупку или её часть вернули, другая засчитается до",
    "waits": "Приглашение ждёт другую покупку",
    "returned": "Покупку вернули, и баллы вместе с ней",
    "back": "Первую покупку вернули",
    "gone": "Баллы за приглашение ушли вместе с ней.",
    "checking": "проверяем приглашение",
    "refused": "Не засчитано после проверки",
    "objected": "Вы возразили",
    "answered": "Вы правы: приглашение в силе",
    "right": "приглашение в силе",
    "return": "Возврат",
}
EN: Words = {
    "lang": "en",
    "joined": "In the club since",
    "coming": "300 more on the way",
    "less": "The purchase or a part of it was returned, another one counts until",
    "waits": "The invitation waits for another purchase",
    "returned": "The purchase was returned, and the points with it",
    "back": "The first purchase was returned",
    "gone": "The points for the invitation went with it.",
    "checking": "we are checking the invitation",
    "refused": "Not counted after a check",
    "objected": "You objected on",
    "answered": "You were right: the invitation stands",
    "right": "the invitation goes on",
    "return": "Return",
}


class Story:
    """The shop, its till and its clock."""

    def __init__(self, shop: Installation, folder: Path) -> None:
        self.shop = shop
        self.clock = folder / "clock"
        self.engine = make_engine(f"sqlite:///{folder}/data/laurel.db")
        self.key = till_key(shop)

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.clock.read_text())

    def pass_days(self, days: float) -> None:
        """Let the shop's clock move on, and invitations be looked at."""
        before = self.looks
        self.clock.write_text((self.now + timedelta(days=days)).isoformat())
        for _ in range(300):
            if self.looks > before:
                return
            time.sleep(0.1)
        raise AssertionError("the clock does not work")

    @property
    def looks(self) -> int:
        """How often the clock has looked at invitations."""
        return int(self.one("SELECT MAX(runs) FROM schedule WHERE name = ?", "settle_referrals"))

    @property
    def worlds(self) -> Worlds:
        return Worlds(self.engine, fixed_clock(self.now))

    def add_ana(self, email: str, lang: str) -> None:
        with self.worlds.open() as world:
            join_member(world, name="Анна Соколова", email=email, locale=lang)

    def bring(self, ana: str, friend: str, lang: str) -> None:
        """A friend who joined by Ana's code a moment ago."""
        with self.worlds.open() as world:
            told = Invitation(code_for(world, self.id_of(ana)), channel="telegram")
            member = join_member(world, name="Глеб Ильин", email=friend, locale=lang)
            assert member.id is not None
            assert bind_friend(world, member.id, told) == "bound"

    def id_of(self, email: str) -> int:
        return int(self.one("SELECT id FROM member WHERE email = ?", email))

    def code_for(self, contact: str) -> str:
        """The newest code that was sent; without the command, whose start takes seconds."""
        code = "json_extract(payload, '$.code')"
        found = self.one(
            f"SELECT {code} FROM notice WHERE recipient = ? AND {code} IS NOT NULL"
            " ORDER BY id DESC", contact,
        )  # fmt: skip
        assert found != "None", f"no code for {contact}"
        return found

    def one(self, sql: str, value: str) -> str:
        with self.engine.connect() as connection:
            return str(connection.exec_driver_sql(sql, (value,)).scalar())

    def tell(self, what: str, friend: str, **told: object) -> None:
        """The till tells of a receipt of somebody."""
        sql = "SELECT number FROM card JOIN member m ON m.id = member_id WHERE m.email = ?"
        told |= {"occurred_at": self.now.isoformat(), "member": {"card": self.one(sql, friend)}}
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.shop.address}/api/v1/{what}", json.dumps(told).encode(),
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            assert answer.status == 201
        self.pass_days(0.001)  # the clock works when its time has come

    def buy(self, friend: str) -> None:
        """Two things, of which one alone is less than the terms ask for."""
        lines = [{"sku": "A", "amount": "1500.00"}, {"sku": "B", "amount": "1000.00"}]
        self.tell("purchases", friend, id=f"{friend}-bought", lines=lines)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A shop with invitations and a marketer."""
    folder = tmp_path_factory.mktemp("friends")
    with installation(folder) as running:
        found = Story(running, folder)
        with Worlds(found.engine, fixed_clock(datetime.fromisoformat(CLOCK))).open() as world:
            set_up_programme(world, ProgrammePlan(name="Полдень"))
            publish_terms(world, TERMS)
            add_staff(world, role="marketer", email=MARKETER, password_hash=hash_password(PASSWORD))
        yield found
        found.engine.dispose()


@pytest.fixture
def visit(browser: Browser) -> Iterator["Door"]:
    door = Door(browser)
    yield door
    for page in door.opened:
        page.context.close()


class Door:
    """Lets visitors in."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.opened: list[Page] = []

    def __call__(self, width: int, lang: str, *, scripts: bool = True) -> Walker:
        context = self.browser.new_context(
            locale={"ru": "ru-RU", "en": "en-GB"}[lang], java_script_enabled=scripts,
            viewport={"width": width, "height": 844}, reduced_motion="reduce",
        )  # fmt: skip
        self.opened.append(context.new_page())
        return Walker(self.opened[-1], keyboard=False, scripts=scripts)


def sign_in(walker: Walker, story: Story, contact: str) -> None:
    """By a code to the e-mail, from wherever the form is."""
    walker.write("contact", contact)
    walker.press("main form:has([name=contact]) button")
    walker.write("code", story.code_for(contact))
    if "/sign-in/code" in walker.page.url:
        walker.press("main form:has([name=code]) button")


def come_in(walker: Walker, story: Story, contact: str, to: str) -> None:
    """Somebody who is a member opens a page of theirs."""
    walker.page.goto(f"{story.shop.address}/sign-in?next={to}")
    sign_in(walker, story, contact)
    walker.page.goto(f"{story.shop.address}{to}")


def till_key(shop: Installation) -> str:
    """A key that may tell of receipts, as the command prints it."""
    told = run_laurel(shop.env, "keys", "add", "--name", "till", "--scope", "receipts:write")
    return max(told.split(), key=len)


def until(page: Page, *words: str) -> None:
    """Load the page again until the clock has done its work."""
    for _ in range(60):
        said = page.inner_text("main").replace("\u00a0", " ")
        if all(one in said for one in words):
            return
        page.wait_for_timeout(300)
        page.reload()
    raise AssertionError(f"{words} never came: {page.inner_text('main')}")


WALKS = [pytest.param(EN, RU, True, id="phone"), pytest.param(RU, EN, False, id="plain")]


@pytest.mark.parametrize(("hers", "his", "scripts"), WALKS)
def test_a_friend_is_invited_buys_and_both_are_paid_until_it_is_returned(
    story: Story, visit: Door, hers: Words, his: Words, scripts: bool
) -> None:
    lang = hers["lang"]
    ana_mail, boris_mail = f"ana-{lang}@example.org", f"boris-{lang}@example.org"
    story.add_ana(ana_mail, lang)
    ana, boris = visit(1280, lang), visit(390, his["lang"], scripts=scripts)
    come_in(ana, story, ana_mail, "/friends")
    ana.press("form.draw button")
    link = ana.page.inner_text("#invitation")
    path = link[link.index("/r/") :]
    ana.check_page()
    boris.page.goto(f"{story.shop.address}{path}?c=telegram")
    boris.check_page()
    boris.press("main a.btn")
    sign_in(boris, story, boris_mail)
    boris.write("name", "Борис Ким")
    boris.page.check("[name=consent-programme]")
    boris.press("main form:has([name=name]) button.btn")
    ana.page.reload()
    assert hers["joined"] in ana.page.inner_text("main")

    story.buy(boris_mail)
    until(ana.page, hers["coming"])
    story.pass_days(15)
    until(ana.page, "+300")
    boris.page.goto(f"{story.shop.address}/history")
    until(boris.page, "+200")

    story.tell("returns", boris_mail, id=f"{boris_mail}-back", whole=True,
               purchase_id=f"{boris_mail}-bought")  # fmt: skip
    until(ana.page, hers["returned"])
    assert "+300" not in ana.page.inner_text("main")
    ana.check_page()
    for who, words in ((ana, hers), (boris, his)):
        who.page.goto(f"{story.shop.address}/inbox")
        until(who.page, words["back"], words["gone"])
        who.check_page()


@pytest.mark.heavy
@pytest.mark.parametrize(("hers", "his"), [(RU, EN)])
def test_what_goes_back_before_it_counts_is_not_paid(
    story: Story, visit: Door, hers: Words, his: Words
) -> None:
    story.add_ana("vera@example.org", hers["lang"])
    story.bring("vera@example.org", "gleb@example.org", his["lang"])
    vera, gleb = visit(1280, hers["lang"]), visit(390, his["lang"])
    come_in(vera, story, "vera@example.org", "/friends")
    come_in(gleb, story, "gleb@example.org", "/history")
    story.buy("gleb@example.org")
    until(vera.page, hers["coming"])

    story.pass_days(3)
    line = {"sku": "B", "amount": "1000.00"}
    story.tell("returns", "gleb@example.org", id="g2", purchase_id="gleb@example.org-bought",
               lines=[line])  # fmt: skip

    until(vera.page, hers["less"])
    assert hers["coming"] not in vera.page.inner_text("main")
    vera.check_page()
    gleb.page.reload()
    until(gleb.page, his["return"])
    gleb.check_page()
    story.pass_days(15)
    vera.page.reload()
    said = vera.page.inner_text("main")
    assert hers["less"] in said and "+300" not in said
    gleb.page.reload()
    assert "+200" not in gleb.page.inner_text("main")
    gleb.page.goto(f"{story.shop.address}/inbox")
    until(gleb.page, his["waits"])
    gleb.check_page()


@pytest.mark.heavy
def test_what_looks_odd_is_decided_at_the_desk_and_once_more_after_a_word(
    story: Story, visit: Door
) -> None:
    story.add_ana("lena@example.org", "en")
    for friend in ("odd@yopmail.com", "even@yopmail.com"):
        story.bring("lena@example.org", friend, "ru")
    lena, desk = visit(390, "en"), visit(1280, "ru")
    come_in(lena, story, "lena@example.org", "/friends")
    for friend in ("odd@yopmail.com", "even@yopmail.com"):
        story.buy(friend)
    until(lena.page, "600 more on the way")
    story.pass_days(15)
    until(lena.page, EN["checking"])

    desk.page.goto(f"{story.shop.address}/staff/sign-in")
    desk.write("email", MARKETER)
    desk.write("password", PASSWORD)
    desk.press("main form button.btn")
    queue = f"{story.shop.address}/console/invitations/review"
    desk.page.goto(queue)
    until(desk.page, "yopmail.com", "Анна Соколова")
    desk.check_page()
    cases = desk.page.locator("[data-pick=case]")
    cases.first.check()
    desk.press("button[value=reject]")
    assert desk.page.locator("#why").get_attribute("aria-invalid") == "true", "a reason is needed"
    desk.check_page()
    desk.write("why", "Один и тот же человек")
    desk.press("button[value=reject]")
    until(desk.page, "1 приглашение отклонено")

    until(lena.page, EN["refused"], EN["checking"])
    lena.check_page()
    lena.press(f"li:has-text('{EN['refused']}') a[href$='/appeal']")
    lena.check_page()
    lena.write("text", "They are brothers.")
    lena.press("main form:has([name=text]) button.btn")
    until(lena.page, EN["objected"])

    desk.page.goto(queue)
    until(desk.page, "They are brothers.", "раньше не засчитано")
    desk.check_page()
    desk.page.locator("[data-pick=page]").check()
    desk.press("button[value=pay]")
    until(desk.page, "2 приглашения")
    desk.check_page()
    story.pass_days(0.001)

    until(lena.page, EN["right"])
    assert lena.page.inner_text("main").count("+300") == 2
    lena.check_page()
    lena.page.goto(f"{story.shop.address}/inbox")
    until(lena.page, EN["answered"], "600")
    lena.check_page()
