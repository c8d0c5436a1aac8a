"""A word about a stopped invitation: said once by whoever invited, and never tells which rule."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from gamification.commands.decisions import decide_held
from gamification.store import Store
from tests.webapp.cabinet.test_friends import PHONE, body, friend, offer, send
from tests.webapp.kept.test_keeping import back_of
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.app import create_app
from webapp.settings import Settings
from webapp.surroundings import here


@pytest.fixture
def vera(shop: Shop, guest: Browser) -> Browser:
    """Vera, in a shop that rewards invitations."""
    shop.set_up()
    shop.member(name="Вера", phone=PHONE)
    guest.sign_in_by_code(shop, PHONE)
    offer(shop)
    return guest


def stopped(shop: Shop, state: str = "blocked", reason: str = "rejected") -> int:
    """A friend's invitation that a rule stopped; answers its number."""
    friend_id = friend(shop, "Борис Тайный", "+79000000001")
    with here(shop.app).programme.open() as world:
        store = Store(world.connection)
        store.run("UPDATE referral SET state = ?, reason = ?, due_at = NULL", state, reason)
        row = store.first("SELECT id FROM referral WHERE friend_id = ?", friend_id)
        assert row is not None
        number = int(row[0])
        columns = ("id", "referral_id", "rule", "action", "evidence", "state", "created_at")
        at = int(world.now.timestamp() * 1_000_000)
        signal = (world.ids(), number, "same_till", "hold", "{}", "open", at)
        store.insert("referral_signal", [signal], columns=columns)
        return number


def texts(shop: Shop) -> list[tuple[str, str]]:
    with here(shop.app).programme.open(readonly=True) as world:
        rows = Store(world.connection).rows("SELECT text, state FROM referral_appeal")
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("state", ["blocked", "in_review"])
def test_it_is_said_once_and_its_state_stands_on_the_page(
    shop: Shop, vera: Browser, state: str
) -> None:
    place = f"/friends/{stopped(shop, state)}/appeal"
    assert f'href="{place}"' in body(vera)
    form = text_of(vera.get(place))

    first = vera.send(place, place, text="Мы соседи\r\nи ходим вместе")
    again = vera.send("/settings/looks", place, text="ещё раз")

    assert "Что нам стоит знать?" in form
    assert "Тайный" not in form
    assert "same_till" not in body(vera, place)
    assert first.location == again.location == "/friends?changed=appealed"
    assert texts(shop) == [("Мы соседи\nи ходим вместе", "open")]
    words = text_of(vera.get("/friends?changed=appealed"))
    assert "Вы возразили 24 ноября, смотрим ещё раз" in words
    assert "посмотрим на приглашение ещё раз" in words
    assert f'href="{place}"' not in body(vera)
    assert "Мы соседи" in text_of(vera.get(place))


@pytest.mark.parametrize(
    ("verdict", "line", "letter"),
    [
        ("pay", "приглашение в силе", "Вы правы"),
        ("reject", "без изменений", "похоже на одного человека с двумя картами"),
    ],
)
def test_the_answer_comes_to_the_inbox_and_the_page(
    shop: Shop, vera: Browser, verdict: str, line: str, letter: str
) -> None:
    number = stopped(shop, "in_review", "in_review")
    place = f"/friends/{number}/appeal"
    vera.send(place, place)
    with here(shop.app).programme.open() as world:
        decide_held(world, [number], verdict=verdict, actor="account:1", why="Секрет магазина",
                    told="same_person")  # fmt: skip

    page, inbox = text_of(vera.get("/friends")), text_of(vera.get("/inbox"))

    assert line in page
    assert letter in inbox
    assert "Секрет" not in page + inbox + text_of(vera.get(place))


def test_a_text_that_is_too_long_is_said_beside_the_field_and_kept(
    shop: Shop, vera: Browser
) -> None:
    place = f"/friends/{stopped(shop)}/appeal"

    answer = vera.send(place, place, text="я" * 500 + "конец")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert "конец</textarea>" in page
    assert texts(shop) == []
    assert vera.send(place, place, text="я" * 500).status_code == 303


def test_nobody_else_finds_it_and_nothing_is_there_to_object_to(shop: Shop, vera: Browser) -> None:
    number = stopped(shop)
    place = f"/friends/{number}/appeal"
    boris = shop.browser()
    boris.sign_in_by_code(shop, "+79000000001")
    token = boris.token("/settings/looks")

    theirs = [
        boris.get(place).status_code,
        boris.client.post(place, data={"csrf_token": token}).status_code,
        boris.get("/friends/7/appeal").status_code,
        boris.client.post("/friends/7/appeal", data={"csrf_token": token}).status_code,
        boris.get(f"/friends/{2**63}/appeal").status_code,
    ]
    with here(shop.app).programme.open() as world:
        Store(world.connection).run("UPDATE referral SET state = 'registered'")

    assert theirs == [404] * 5
    assert vera.get(place).status_code == 404
    assert shop.browser().get(place).status_code == 303
    assert texts(shop) == []


def test_after_thirty_days_it_says_so(shop: Shop, vera: Browser) -> None:
    place = f"/friends/{stopped(shop)}/appeal"
    shop.now.move(days=31)

    assert "в течение 30 дней после решения" in text_of(vera.get(place))
    assert "textarea" not in body(vera, place)
    assert f'href="{place}"' not in body(vera)
    late = vera.send("/settings/looks", place)
    assert late.location == "/friends?changed=appeal_late"
    assert texts(shop) == []


def test_a_past_day_says_that_friends_are_not_kept(
    shop: Shop, vera: Browser, settings: Settings, engine: sa.Engine
) -> None:
    assert vera is not None
    place = f"/friends/{stopped(shop)}/appeal"
    then = shop.now.read().date()
    past = Shop(create_app(replace(settings, as_of=then), engine=engine), shop.now)
    visitor = past.browser()
    visitor.sign_in_by_code(past, PHONE)

    page = visitor.get("/friends")

    assert page.status_code == 200
    assert "только такими, какие они сегодня" in text_of(page)
    assert visitor.get(place).status_code == 404
    token = visitor.token("/settings")
    assert visitor.client.post(place, data={"csrf_token": token}).status_code == 403


def test_what_may_not_come_is_not_promised(shop: Shop, vera: Browser) -> None:
    assert send(vera, "/friends/link")[0] == 303
    for n in (1, 2):
        friend(shop, f"Друг {n}", f"+7900000000{n}")
    with here(shop.app).programme.open() as world:
        store = Store(world.connection)
        store.run("UPDATE referral_terms SET cap = 1")
        at = int(world.now.timestamp() * 1_000_000)
        store.run("UPDATE referral SET state = 'purchased', hold_until = ?", at)

    words = text_of(vera.get("/friends"))

    assert "и ещё 300 в пути" in words
    assert "возможно, ещё 300" in words


def test_a_word_that_comes_after_the_session_has_ended_is_not_lost(
    shop: Shop, vera: Browser
) -> None:
    place = f"/friends/{stopped(shop)}/appeal"
    token = vera.token(place)
    shop.now.move(days=61)
    with here(shop.app).programme.open() as world:  # judged a moment ago
        at = int(world.now.timestamp() * 1_000_000)
        Store(world.connection).run("UPDATE referral_signal SET created_at = ?", at)

    late = vera.client.post(place, data={"csrf_token": token, "text": "Мы соседи"})
    vera.sign_in_by_code(shop, PHONE)

    assert ">Мы соседи</textarea>" in vera.get(back_of(late)).get_data(as_text=True)
