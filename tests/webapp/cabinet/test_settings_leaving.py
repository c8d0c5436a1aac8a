"""A member takes everything along, leaves, thinks better of it, or is forgotten for good."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.commands.till import MemberRef, record_receipt
from tests.databases import dump
from tests.shop import Shop as Till
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.accounts.tables import Account, BrowserSession, SigninCode
from webapp.jobs.schedule import JOBS
from webapp.own_copy.parts import PARTS

PHONE, EMAIL, NAME = "+79123456789", "aglaya@example.org", "Аглая Кречетова"


@pytest.fixture
def aglaya(shop: Shop) -> int:
    shop.set_up()
    member = shop.member(name=NAME, phone=PHONE, email=EMAIL, origin="signup")
    with shop.worlds.open() as world:
        who = MemberRef(member_id=member)
        told = Till.__new__(Till)
        told.zone, told.source, told.at = "Europe/Moscow", "till", "2026-11-24 11:00"
        receipt = told.receipt("purchase", "r-1", [("MUG", "mugs", "2", "1500")], store="Полдень")
        record_receipt(world, receipt, who)
    return member


@pytest.fixture
def hers(shop: Shop, guest: Browser, aglaya: int) -> Browser:
    guest.sign_in_by_code(shop, PHONE)
    return guest


def night(shop: Shop) -> int:
    """What the night does, as the worker does it."""
    job = next(job for job in JOBS if job.name == "erase_members")
    done = 0
    with shop.worlds.open() as world:
        done += job.step(world)
    return done


def test_the_json_holds_every_part_and_every_row(shop: Shop, hers: Browser, aglaya: int) -> None:
    answer = hers.get("/settings/copy/my-data.json")
    tables = json.loads(answer.data)["tables"]

    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(tables) == [part.table for part in PARTS]
    assert tables["member"][0]["name"] == NAME
    assert tables["activity_line"][0]["sku"] == "MUG"
    assert {row["type"] for row in tables["activity"]} >= {"purchase", "phone_confirmed"}
    assert len(tables["browser_session"]) == 1
    assert [row["contact"] for row in tables["signin_code"]] == [PHONE]
    for table in ("transfer", "lot", "allocation", "award", "standing", "counter", "card"):
        assert len(tables[table]) == count(shop, table)
    assert "hash" not in json.dumps(tables).replace("body_hash", "")


def count(shop: Shop, table: str) -> int:
    with shop.worlds.open(readonly=True) as world:
        return int(world.connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar() or 0)


def test_the_page_reads_alone_in_the_readers_language(hers: Browser) -> None:
    answer = hers.get("/settings/copy/my-data.html")
    page, words = answer.get_data(as_text=True), text_of(answer).replace("\u00a0", " ")

    assert "<style>" in page
    assert all(mark not in page for mark in ("<script", "src=", "href=", "url("))
    assert NAME in words
    assert "Строки чеков" in words
    assert "1 500 ₽" in words
    assert "Ничего" in words or "Здесь ничего не хранится." in words


def test_the_copy_tells_the_city(hers: Browser) -> None:
    hers.send("/settings/profile", name=NAME, birthday="", city="г. Усть-Кут")

    [row] = json.loads(hers.get("/settings/copy/my-data.json").data)["tables"]["member"]
    words = text_of(hers.get("/settings/copy/my-data.html"))

    assert (row["city"], row["city_key"]) == ("г. Усть-Кут", "усть-кут")
    assert "Город" in words
    assert "г. Усть-Кут" in words


def test_nobody_elses_rows_are_in_it(shop: Shop, hers: Browser) -> None:
    other = shop.member(name="Борис Чужой", phone="+79990000009", origin="signup")
    shop.browser().sign_in_by_code(shop, "+79990000009")

    for name in ("my-data.json", "my-data.html"):
        page = hers.get(f"/settings/copy/{name}").get_data(as_text=True)
        assert "Чужой" not in page
        assert "+79990000009" not in page
    assert other


def test_a_copy_is_not_made_for_ever(hers: Browser) -> None:
    answers = [hers.get("/settings/copy/my-data.json").status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


def test_the_preview_says_what_is_lost_and_asks_for_a_word(hers: Browser, shop: Shop) -> None:
    page = text_of(hers.get("/settings/leaving")).replace("\u00a0", " ")
    wrong = hers.send("/settings/leaving", word="да")

    assert "9 декабря 2026" in page
    assert "Что вы потеряете" in page
    assert wrong.status_code == 422
    assert night(shop) == 0
    assert [row for row in shop.letters() if row.kind == "leaving"] == []


@pytest.mark.parametrize("word", ["удалить", " Удалить ", "DELETE"])
def test_the_word_begins_the_wait_and_a_letter_goes_out(
    shop: Shop, hers: Browser, word: str
) -> None:
    answer = hers.send("/settings/leaving", word=word)

    assert answer.location == "/settings/leaving"
    assert "Удалим 9 декабря 2026" in text_of(hers.get("/settings/leaving")).replace("\u00a0", " ")
    assert [row.channel for row in shop.letters() if row.kind == "leaving"] == ["email"]
    shop.now.move(days=13)
    assert night(shop) == 0


def test_signing_in_again_offers_to_stay(shop: Shop, hers: Browser) -> None:
    hers.send("/settings/leaving", word="удалить")
    shop.now.move(days=3)
    later = shop.browser()

    door = later.sign_in_by_code(shop, PHONE)
    kept = later.send("/settings/leaving", "/settings/leaving/stay")
    shop.now.move(days=40)

    assert door.location == "/settings/leaving"
    assert kept.location == "/settings/leaving?kept=yes"
    assert night(shop) == 0
    assert shop.browser().sign_in_by_code(shop, PHONE).location == "/home"


def test_staff_see_that_somebody_is_leaving_and_cannot_undo_it(shop: Shop, hers: Browser) -> None:
    hers.send("/settings/leaving", word="удалить")
    cashier = shop.signed_in_as("cashier")

    page = cashier.get("/staff/find?q=%2B79123456789").get_data(as_text=True)

    assert "9\u00a0December\u00a02026" in page or "9\u00a0декабря\u00a02026" in page
    assert "stay" not in page
    token = cashier.token("/settings")
    answer = cashier.client.post("/settings/leaving/stay", data={"csrf_token": token})
    assert answer.status_code in (403, 404)


def test_after_the_wait_nothing_of_them_is_left(
    shop: Shop, hers: Browser, aglaya: int, engine: sa.Engine
) -> None:
    with shop.worlds.open(readonly=True) as world:
        card = world.connection.exec_driver_sql("SELECT number FROM card").scalar()
    hers.send("/settings/privacy", friends="yes")
    hers.send("/settings/leaving", word="удалить")
    assert all(secret in dump(engine) for secret in (NAME, PHONE, EMAIL, str(card)))
    ledger = rows(shop, "SELECT id, key, points FROM transfer ORDER BY id")

    shop.now.move(days=15)
    assert (night(shop), night(shop)) == (1, 0)

    after = dump(engine)
    for secret in (NAME, NAME.casefold(), PHONE, EMAIL, str(card)):
        assert secret not in after
    assert rows(shop, "SELECT id, key, points FROM transfer ORDER BY id") == ledger
    for table in (Account, BrowserSession, SigninCode):
        assert shop.count(table) == 0
    assert hers.get("/home").status_code == 303
    assert shop.browser().sign_in_by_code(shop, PHONE).location == "/join"


def rows(shop: Shop, sql: str) -> list[Any]:
    with shop.worlds.open(readonly=True) as world:
        return [tuple(row) for row in world.connection.exec_driver_sql(sql)]


def test_every_page_says_that_the_account_is_going(hers: Browser) -> None:
    hers.send("/settings/leaving", word="удалить")
    assert "Аккаунт скоро будет удалён" in text_of(hers.get("/inbox"))

    hers.send("/settings/leaving", to="/settings/leaving/stay")
    assert "Аккаунт скоро будет удалён" not in text_of(hers.get("/inbox"))
