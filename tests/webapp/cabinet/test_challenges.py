"""Pages of challenges: who may see them joins and leaves; nobody else learns of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gamification.challenges.arms import arm_of
from gamification.commands.challenge_clock import pay_challenges
from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeTerms,
    ChallengeWords,
    Rung,
    Step,
    draft_challenge,
    launch_challenge,
)
from gamification.commands.till import MemberRef, Receipt, ReceiptLine, record_receipt
from gamification.sources import TableSource
from gamification.world import World
from tests.webapp.cabinet.test_first_acts import PHONE, joined
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.frame import forget_shop
from webapp.surroundings import here

WORDS = {
    "ru": ChallengeWords("Зимняя неделя", "Две покупки за неделю."),
    "en": ChallengeWords("Winter Week", "Two purchases within a week."),
}


def plan(world: World, **more: Any) -> str:
    """A challenge of two purchases, from yesterday for a week; answers its code."""
    starts = more.pop("starts", -1)
    told: dict[str, Any] = {
        "steps": (Step(kind="count", at_least=2),), "ladder": (Rung(at=2, points=200),),
        "control_percent": 0,
    }  # fmt: skip
    begins = world.now + timedelta(days=starts)
    wanted = ChallengePlan("blank", ChallengeTerms(**(told | more)), WORDS, begins,
                           begins + timedelta(days=7), 10_000)  # fmt: skip
    draft = draft_challenge(world, wanted, actor="marketer")
    return launch_challenge(world, draft.id or 0, over=draft.revision, actor="marketer").code


def launched(shop: Shop, **more: Any) -> str:
    with here(shop.app).programme.open() as world:
        code = plan(world, **more)
    with shop.app.app_context():
        forget_shop()
    return code


def buys(shop: Shop, number: str) -> None:
    line = ReceiptLine(sku="CUP", category="coffee", quantity=1_000, amount=30_000)
    with here(shop.app).programme.open() as world:
        receipt = Receipt(type="purchase", source="till", external_id=number, zone="Europe/Moscow",
                          occurred_at=world.now, total=30_000, lines=(line,))  # fmt: skip
        record_receipt(world, receipt, MemberRef(phone=PHONE))


def pays(shop: Shop) -> None:
    step: Callable[[], int] = lambda: here(shop.app).programme.run(pay_challenges)  # noqa: E731
    while step():
        pass


@pytest.fixture
def vera(shop: Shop, guest: Browser) -> Browser:
    return joined(shop, guest)


def test_without_challenges_there_is_no_place_for_them(shop: Shop, vera: Browser) -> None:
    assert "/challenges" not in vera.get("/home").get_data(as_text=True)
    assert "Сейчас заданий нет" in text_of(vera.get("/challenges"))
    assert vera.get("/challenges?chosen=x").status_code == 404
    assert vera.get("/challenges/none").status_code == 404
    assert vera.get("/challenges/..%2f").status_code == 404


def test_who_presses_the_button_is_in_and_may_leave(shop: Shop, vera: Browser) -> None:
    code = launched(shop, enrol="button")
    assert 'href="/challenges"' in vera.get("/history").get_data(as_text=True)
    shown = text_of(vera.get("/challenges"))
    assert "Зимняя неделя" in shown
    assert "Участвовать" in shown
    place = f"/challenges/{code}"
    assert vera.send("/challenges", f"{place}/join").location == place
    after = text_of(vera.get(place))
    assert "Вы участвуете" in after
    assert "Участвовать" not in after
    buys(shop, "r1")
    one = text_of(vera.get(place))
    assert "1 из 2" in one
    assert "Осталась 1 покупка" in one
    assert "Покупка на 300 ₽" in one.replace("\u00a0", " ")
    assert "Вы вышли" in text_of(vera.client.get(vera.send(place, f"{place}/leave").location))
    assert "Вернуться" in text_of(vera.get("/challenges"))
    vera.send(place, f"{place}/join")
    vera.send(place, f"{place}/remind", wanted="yes")
    assert "Не напоминать" in text_of(vera.get(place))
    assert vera.send(place, f"{place}/remind", wanted="maybe").status_code == 400


def test_a_won_one_has_its_scene_once_and_stands_in_the_history(shop: Shop, vera: Browser) -> None:
    launched(shop)
    buys(shop, "r1")
    vera.get("/celebrate")
    assert "Зимняя неделя" in text_of(vera.get("/challenges"))
    shop.now.move(minutes=1)
    buys(shop, "r2")
    assert "Зимняя неделя" in text_of(vera.get("/home")) or vera.get("/celebrate")
    pays(shop)
    scene = vera.get("/celebrate?next=/challenges")
    assert "Зимняя неделя" in text_of(scene)
    assert vera.get("/celebrate?next=/challenges").location == "/challenges"
    past = text_of(vera.get("/challenges?chosen=over"))
    assert "Выполнено 24 ноября: +200 баллов" in past.replace("\u00a0", " ")
    assert "Задание «Зимняя неделя»" in text_of(vera.get("/history"))
    inbox = vera.get("/inbox").get_data(as_text=True)
    assert '<a href="/challenges">' in inbox
    assert "Зимняя неделя" in inbox


def test_an_ended_one_refuses_in_words(shop: Shop, vera: Browser) -> None:
    code = launched(shop, enrol="button")
    place = f"/challenges/{code}"
    vera.send("/challenges", f"{place}/join")
    shop.now.move(days=7)
    answer = vera.send("/inbox" if "csrf" in vera.get("/inbox").get_data(as_text=True) else "/home",
                       f"{place}/leave")  # fmt: skip
    assert "Это задание закончилось" in text_of(vera.get(answer.location))


def everything(vera: Browser) -> dict[str, str]:
    """The source of every page that could say something of challenges."""
    for page in ("/celebrate", "/home"):
        vera.get(page)
    pages = ("/home", "/challenges", "/challenges?chosen=coming", "/challenges?chosen=over",
             "/history", "/inbox", "/medals", "/medals?q=зимняя", "/celebrate?next=/inbox",
             "/settings/data")  # fmt: skip
    return {page: vera.get(page).get_data(as_text=True) for page in pages}


PLANTED = ("control", "outside")


@pytest.mark.parametrize("why", PLANTED)
def test_of_a_challenge_that_is_not_theirs_nothing_is_in_the_source(
    shop: Shop, vera: Browser, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TableSource, "is_meant", lambda *_: False)
    more = {"audience": {"of": "others"}} if why == "outside" else {"control_percent": 50}
    code = ""
    for _ in range(40):  # one of these draws her for the control
        with here(shop.app).programme.open() as world:
            code = plan(world, medal=True, **more)
            mine = arm_of(code, 1, 50) == "control"
            if why == "control" and not mine:
                sql = "UPDATE challenge SET state = 'archived', ended_at = starts_at"
                world.connection.exec_driver_sql(f"{sql} WHERE code = '{code}'")
                world.connection.exec_driver_sql("UPDATE programme SET version = version + 1")
                continue
            break
    with shop.app.app_context():
        forget_shop()
    buys(shop, "r1")
    buys(shop, "r2")
    pays(shop)
    with here(shop.app).programme.open(readonly=True) as world:
        rows = world.connection.exec_driver_sql("SELECT arm, state FROM challenge_entry").all()
    assert rows, "she is counted, or known to be outside"
    for page, source in everything(vera).items():
        for word in ("Зимняя неделя", "Winter Week", code, 'href="/challenges"'):
            assert word not in source or (page.startswith("/challenges") and word[0] == "h"), page
    for path in (f"/challenges/{code}", f"/medals/challenge.{code}"):
        assert vera.get(path).status_code == 404
    for act in ("join", "leave"):
        assert vera.send("/home", f"/challenges/{code}/{act}").status_code == 404


def test_anybody_meant_finds_the_same_words(shop: Shop, vera: Browser) -> None:
    """The search above can find: without a control arm the same pages are full of it."""
    launched(shop, medal=True)
    buys(shop, "r1")
    buys(shop, "r2")
    pays(shop)
    said = everything(vera)
    for page in ("/challenges?chosen=over", "/history", "/inbox", "/medals"):
        assert "Зимняя неделя" in said[page], page


@pytest.mark.parametrize(
    ("repeat", "button", "after"),
    [
        ("daily", "Выйти до конца дня", "Вы не участвуете до конца дня."),
        ("weekly", "Выйти до конца недели", "Вы не участвуете до конца недели."),
        ("monthly", "Выйти до конца месяца", "Вы не участвуете до конца месяца."),
        ("once", "Выйти из задания", "Вы не участвуете."),
    ],
)
def test_the_button_says_for_how_long_somebody_leaves(
    shop: Shop, vera: Browser, repeat: str, button: str, after: str
) -> None:
    code = launched(shop, repeat=repeat)
    buys(shop, "L-1")
    page = vera.get(f"/challenges/{code}").get_data(as_text=True)
    assert f">{button}</button>" in page

    vera.send(f"/challenges/{code}", f"/challenges/{code}/leave")

    assert after in text_of(vera.get(f"/challenges/{code}"))


def test_a_challenge_by_the_button_is_left_for_good(shop: Shop, vera: Browser) -> None:
    code = launched(shop, repeat="daily", enrol="button")
    vera.send(f"/challenges/{code}", f"/challenges/{code}/join")

    page = vera.get(f"/challenges/{code}").get_data(as_text=True)

    assert ">Выйти из задания</button>" in page


def test_more_that_went_back_than_was_bought_is_said_in_full(shop: Shop, vera: Browser) -> None:
    code = launched(shop, steps=(Step(kind="sum", at_least=100_000),),
                    ladder=(Rung(at=100_000, points=200),))  # fmt: skip
    with here(shop.app).programme.open() as world:
        line = ReceiptLine(sku="ROBE", category="clothes", quantity=-1_000, amount=-500_000)
        receipt = Receipt(type="return", source="till", external_id="B-1", zone="Europe/Moscow",
                          occurred_at=world.now, total=-500_000, lines=(line,))  # fmt: skip
        record_receipt(world, receipt, MemberRef(phone=PHONE))
    buys(shop, "S-1")

    words = text_of(vera.get(f"/challenges/{code}")).replace("\u00a0", " ")

    assert "0 ₽ из 1 000 ₽" in words
    assert "Возвращено больше, чем куплено: осталось 5 700 ₽." in words
    assert "Возврат на 5 000 ₽" in words
    assert "−" not in words
