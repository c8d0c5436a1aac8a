"""Ana joins by the button, buys, is paid by the clock, sees it once, and a return takes it back."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeTerms,
    ChallengeWords,
    Rung,
    Step,
    draft_challenge,
    launch_challenge,
)
from gamification.commands.member import join_member
from gamification.commands.owner import ProgrammePlan, set_up_programme
from gamification.world import fixed_clock
from tests.e2e.journey import CLOCK, Installation, Walker, installation, run_laurel
from tests.e2e.test_two_friends import until
from webapp.db import make_engine
from webapp.world import Worlds

pytestmark = pytest.mark.e2e
ANA, OWN_ID = "ana@example.org", "A-1"
BEGAN = datetime.fromisoformat(CLOCK)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    """A shop with one challenge that waits for a button; Ana is a member."""
    with installation(tmp_path) as running:
        engine = make_engine(f"sqlite:///{tmp_path}/data/laurel.db")
        with Worlds(engine, fixed_clock(BEGAN)).open() as world:
            set_up_programme(world, ProgrammePlan(name="Полдень"))
            member = join_member(world, name="Анна Соколова", email=ANA)
            member.external_id = OWN_ID
            terms = ChallengeTerms(
                steps=(Step(kind="count", at_least=2),), ladder=(Rung(at=2, points=200),),
                enrol="button", control_percent=0,
            )  # fmt: skip
            words = {"ru": ChallengeWords("Две чашки"), "en": ChallengeWords("Two Cups")}
            plan = ChallengePlan("blank", terms, words, BEGAN - timedelta(days=1),
                                 BEGAN + timedelta(days=6), 5_000)  # fmt: skip
            draft = draft_challenge(world, plan, actor="marketer")
            launch_challenge(world, draft.id or 0, over=draft.revision, actor="marketer")
        engine.dispose()
        yield running


def visit(browser: Browser, width: int) -> Walker:
    context = browser.new_context(
        locale="ru-RU", viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    return Walker(context.new_page(), keyboard=False, scripts=True)


def sign_in(walker: Walker, shop: Installation, contact: str) -> None:
    """By a code to the e-mail, from wherever the form is."""
    walker.write("contact", contact)
    walker.press("main form:has([name=contact]) button")
    walker.write("code", shop.code_for(contact))
    if "/sign-in/code" in walker.page.url:
        walker.press("main form:has([name=code]) button")


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
    at = "2026-06-15T14:00:00+03:00"
    return {"id": number, "occurred_at": at, "total": "300.00",
            "member": {"external_id": OWN_ID}} | more  # fmt: skip


def test_a_challenge_from_the_button_to_a_return(shop: Installation, browser: Browser) -> None:
    ana, key = visit(browser, 390), till_key(shop)
    ana.page.goto(f"{shop.address}/sign-in?next=/challenges")
    sign_in(ana, shop, ANA)
    ana.page.goto(f"{shop.address}/challenges")
    ana.check_page()
    ana.press("main form[action$='/join'] button")
    until(ana.page, "0 из 2")
    ana.check_page()
    asks(shop, key, "/purchases", receipt("r1"))
    ana.page.reload()
    until(ana.page, "1 из 2")
    known = asks(shop, key, f"/members?external_id={OWN_ID}")
    assert isinstance(known, dict)
    assert [(c["name"], c["done"], c["target"]) for c in known["challenges"]] == [
        ("Две чашки", 1, 2)
    ]
    asks(shop, key, "/purchases", receipt("r2"))
    one = ana.page.url
    move_clock(shop, timedelta(minutes=1))
    until(ana.page, "Выполнено 15 июня")
    ana.page.goto(f"{shop.address}/celebrate?next=/challenges")
    assert "Две чашки" in ana.page.inner_text("main")
    ana.page.goto(f"{shop.address}/celebrate?next=/challenges")
    assert ana.page.url.endswith("/challenges")
    move_clock(shop, timedelta(days=2))
    at = "2026-06-17T13:00:00+03:00"
    back = receipt("x1", occurred_at=at, purchase_id="r2", whole=True)
    del back["total"]
    asks(shop, key, "/returns", back)
    move_clock(shop, timedelta(days=2, minutes=1))
    ana.page.goto(one)
    until(ana.page, "Товар вернулся в магазин, и награда вместе с ним")
    ana.page.goto(f"{shop.address}/inbox")
    assert "«Две чашки» снова открыто" in ana.page.inner_text("main")
