"""The board of medals and the page of each, as a member reads and pins them."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from gamification.commands.till import MemberRef, Receipt, ReceiptLine, record_receipt
from gamification.store import Store
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.app import create_app
from webapp.settings import Settings
from webapp.surroundings import here

PHONE = "+79123456789"
SECRETS = ("welcome_back", "Welcome Back", "С возвращением", "returned after")


def buys(shop: Shop, number: str, *categories: str) -> None:
    """Anna buys something of each category, now."""
    lines = tuple(ReceiptLine(None, name, 1000, 50_000) for name in categories)
    now: datetime = shop.now.read()
    receipt = Receipt(
        type="purchase", source="till", external_id=number, occurred_at=now,
        zone="Europe/Moscow", total=50_000 * len(lines), lines=lines,
    )  # fmt: skip
    with here(shop.app).programme.open() as world:
        record_receipt(world, receipt, MemberRef(phone=PHONE))


@pytest.fixture
def anna(shop: Shop, guest: Browser) -> Browser:
    """Anna has three categories, and with them «Explorer»."""
    shop.set_up()
    shop.member(phone=PHONE, origin="signup")
    buys(shop, "r1", "coffee", "buns", "tea")
    guest.sign_in_by_code(shop, PHONE)
    guest.get("/celebrate")
    return guest


def body(answer: TestResponse) -> str:
    """What the server sent, without the places where a long word may break."""
    return answer.get_data(as_text=True).replace("\u00ad", "")


def codes(answer: TestResponse) -> list[str]:
    """The medals of the grid, in order."""
    return re.findall(r'data-medal="(\w+)"', body(answer))


def words(answer: TestResponse) -> str:
    return text_of(answer).replace("\u00ad", "").replace("\u00a0", " ")


def test_the_board_counts_and_groups_by_family(anna: Browser) -> None:
    board = anna.get("/medals")

    said = words(board)
    assert board.status_code == 200
    assert "2 медали из 19" in said
    assert "Первые шаги 1 из 4" in said
    assert "Первооткрыватель" in said
    assert len(codes(board)) == len(set(codes(board))) == 19


def test_a_stranger_is_sent_to_the_door(shop: Shop, anna: Browser) -> None:
    assert anna is not None
    for path in ("/medals", "/medals/explorer"):
        assert "/sign-in" in (shop.browser().get(path).location or "")


def test_staff_have_no_medals(shop: Shop, anna: Browser) -> None:
    assert anna is not None
    for path in ("/medals", "/medals/explorer"):
        assert shop.signed_in_as("owner").get(path).status_code == 403


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("earned", ["first_purchase", "explorer"]),
        ("tastes", ["explorer", "connoisseur", "eleventh_on_us"]),
        ("near", ["stay_in_touch"]),
    ],
)
def test_each_filter_shows_its_medals_and_stands_in_the_address(
    anna: Browser, chosen: str, found: list[str]
) -> None:
    board = anna.get(f"/medals?chosen={chosen}")

    assert [code for code in codes(board) if code in found] == found
    count = re.search(
        rf'id="filter-{chosen}".*?aria-current="true".*?>(\d+)</span></a>', body(board)
    )
    assert count is not None
    assert int(count.group(1)) == len(codes(board))


def test_the_numbers_beside_filters_are_those_of_their_boards(anna: Browser) -> None:
    filters = re.findall(
        r'<a id="filter-(\w+)" href="([^"]+)".*?<span class="n">(\d+)</span></a>',
        body(anna.get("/medals")),
    )

    assert len(filters) >= 10
    for _key, href, count in filters:
        assert len(codes(anna.get(href))) == int(count)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("первооткр", ["explorer"]),
        ("ПЕРВООТКРЫВАТЕЛЬ", ["explorer"]),
        ("выходн", ["weekender"]),
        ("самовар", []),
        ("%", []),
    ],
)
def test_a_search_looks_into_names_and_rules(anna: Browser, query: str, found: list[str]) -> None:
    board = anna.get("/medals", query_string={"q": query})

    assert codes(board) == found
    assert f'value="{query}"' in body(board)


def test_a_search_that_finds_nothing_offers_a_way_on(anna: Browser) -> None:
    said = words(anna.get("/medals?q=самовар"))

    assert "По запросу «самовар» ничего нет" in said
    assert "Показать все медали" in said


def test_an_empty_filter_names_the_nearest(anna: Browser) -> None:
    board = anna.get("/medals?chosen=hours")
    records = anna.get("/medals?chosen=secrets")

    assert codes(board) == ["happy_hour"]
    assert codes(records) == []
    assert "Пока нет" in words(records)
    assert "Ближе всех" in words(records)


def test_a_filter_that_nobody_made_is_no_page(anna: Browser) -> None:
    for address in ("/medals?chosen=x", "/medals/no_such", "/medals/explorer?of=tea"):
        assert anna.get(address).status_code == 404


def test_htmx_gets_the_board_alone_and_hears_how_many(anna: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Target": "board"}

    part = anna.get("/medals?q=первооткр", headers=headers)

    assert "<html" not in body(part)
    assert "Нашлась 1 медаль" in words(part)
    assert {"HX-Request", "HX-Target"} <= set(part.vary.as_set(preserve_casing=True))


def test_a_tile_fills_the_pane(anna: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Target": "pane"}

    part = anna.get("/medals?medal=saver", headers=headers)

    assert body(part).startswith('<aside id="pane"')
    assert "Копилка" in words(part)
    assert "data-grid" not in body(part)


def test_a_pin_moves_the_medal_to_the_front_and_can_be_undone(anna: Browser) -> None:
    before = codes(anna.get("/medals"))

    answer = anna.send("/medals", "/medals/pins", pin="saver")
    pinned = anna.get("/medals")
    again = anna.get("/medals")
    undone = anna.send("/medals", "/medals/pins", unpin="saver")

    assert (answer.status_code, answer.location) == (303, "/medals")
    assert before[0] != "saver"
    assert codes(pinned)[0] == "saver"
    assert "«Копилка» закреплена и останется на виду" in words(pinned)
    assert re.search(r'name="unpin" value="saver">\s*Отменить', body(pinned))
    assert "закреплена и останется" not in words(again)
    assert undone.status_code == 303
    assert codes(anna.get("/medals")) == before


def test_pinning_keeps_the_choice_of_the_board(anna: Browser) -> None:
    answer = anna.send(
        "/medals?chosen=tastes", "/medals/pins", pin="connoisseur", chosen="tastes", q="знат"
    )

    assert answer.location == "/medals?chosen=tastes&q=%D0%B7%D0%BD%D0%B0%D1%82"


def test_a_pin_of_a_medals_page_comes_back_to_it(shop: Shop, anna: Browser) -> None:
    buys(shop, "r2", "coffee")
    anna.get("/celebrate")

    answer = anna.send("/medals/saver", "/medals/saver/pin", pin="saver")

    assert answer.location == "/medals/saver"
    assert "Закреплена. Открепить" in words(anna.get("/medals/saver"))
    assert "Закреплённые и ближайшие Копилка" in words(anna.get("/home"))


def test_what_may_not_be_known_cannot_be_pinned(anna: Browser) -> None:
    token = anna.token("/medals")
    for path, fields in (
        ("/medals/pins", {"pin": "welcome_back"}),
        ("/medals/welcome_back/pin", {"pin": "welcome_back"}),
        ("/medals/pins", {"pin": "x" * 5_000}),
        ("/medals/pins", {"pin": "saver", "chosen": "x"}),
    ):
        assert anna.client.post(path, data={"csrf_token": token} | fields).status_code == 404
    assert anna.client.post("/medals/pins", data={"csrf_token": token}).status_code == 400
    assert anna.client.post("/medals/pins", data={"pin": "saver"}).status_code == 400


def test_a_medal_tells_its_levels_its_rewards_and_what_counted(anna: Browser) -> None:
    page = anna.get("/medals/explorer")

    said = words(page)
    assert "Уровень 1 из 4: бронза" in said
    assert "Осталось 4 новые категории" in said
    assert "Вы добрались до полок" in said
    assert [name for name in ("coffee", "buns", "tea") if name in said] == ["coffee", "buns", "tea"]
    assert "Покупка на 1 500 ₽" in said


def test_what_counted_leads_to_its_row_of_the_history(anna: Browser) -> None:
    href, row = re.findall(
        r'href="(/history\?after=[^"#]+)#op-([\d.]+)"', body(anna.get("/medals/explorer"))
    )[0]

    assert f'id="op-{row}"' in body(anna.get(href))


def test_a_medal_is_new_until_its_page_is_opened(anna: Browser) -> None:
    before = body(anna.get("/medals?chosen=tastes")).count('class="flag"')
    first, second = anna.get("/medals/explorer"), anna.get("/medals/explorer")
    after = body(anna.get("/medals?chosen=tastes")).count('class="flag"')

    assert ("новая" in words(first), "новая" in words(second)) == (True, False)
    assert after < before


def test_home_and_history_lead_to_medals(anna: Browser) -> None:
    home = body(anna.get("/home"))

    assert 'href="/medals"' in home
    assert 'href="/medals/explorer"' in home


def test_a_secret_medal_is_nowhere_in_the_source(shop: Shop, anna: Browser) -> None:
    with here(shop.app).programme.open() as world:
        run = Store(world.connection).run
        run("UPDATE achievement SET visibility = 'secret' WHERE code = 'store_hopper'")
        run("UPDATE programme SET version = version + 1")
    planted = (*SECRETS, "store_hopper", "Гид по магазинам", "Store Hopper")

    pages = [
        anna.get(path)
        for path in ("/home", "/medals", "/medals?chosen=ahead", "/medals?chosen=places",
                     "/medals?q=гид", "/medals?medal=store_hopper", "/medals/explorer")
    ]  # fmt: skip
    source = "".join(body(page) for page in pages)

    assert [word for word in planted if word in source.replace("q=гид", "")] == []
    for code in ("store_hopper", "welcome_back"):
        assert anna.get(f"/medals/{code}").status_code == 404
        assert code not in body(anna.get(f"/medals/{code}")).replace(f"/medals/{code}", "")
    assert body(pages[1]).count("#secret") == 2


def test_all_works_without_scripts(anna: Browser) -> None:
    source = body(anna.get("/medals"))

    assert re.search(r'<form class="seek" role="search" method="get" action="/medals"', source)
    assert re.search(r'<form id="pins" method="post" action="/medals/pins"', source)
    assert len(re.findall(r'<a id="m-\w+" href="/medals/\w+[?"]', source)) == 19
    assert len(re.findall(r'<button class="pinner"[^>]* form="pins" [^>]*name="pin"', source)) == 19


def test_a_newcomer_sees_one_way_on(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    shop.member(phone=PHONE, origin="signup")
    guest.sign_in_by_code(shop, PHONE)

    board = guest.get("/medals")

    assert board.status_code == 200
    assert "medals of 19" in words(board) or "медалей из 19" in words(board)


def test_a_day_of_the_past_is_looked_at_and_left_as_it_is(
    shop: Shop, anna: Browser, settings: Settings, engine: sa.Engine
) -> None:
    assert anna is not None
    then = shop.now.read().date()
    past = Shop(create_app(replace(settings, as_of=then), engine=engine), shop.now)
    visitor = past.browser()
    visitor.sign_in_by_code(past, PHONE)

    board, page = visitor.get("/medals"), visitor.get("/medals/explorer")

    assert (board.status_code, page.status_code) == (200, 200)
    assert "pinner" not in body(board)
    assert "pin-it" not in body(page)
    assert "новая" in words(visitor.get("/medals/explorer"))
    token = visitor.token("/settings")
    answer = visitor.client.post("/medals/pins", data={"csrf_token": token, "pin": "saver"})
    assert answer.status_code == 403
