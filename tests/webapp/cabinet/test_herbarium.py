"""The album: filters in the address, a leaf's own page, nothing of anybody else's."""

import re

import pytest

from gamification.leaves.rules import draw_of
from gamification.programme import ProgrammeRow
from tests.webapp.cabinet.test_tiers import buy, vera
from tests.webapp.shopfront import Browser, Shop, text_of

__all__ = ["vera"]
LEAF = re.compile(r'href="(/herbarium/\d+)"')


def leaves(browser: Browser, query: str = "") -> list[str]:
    return LEAF.findall(browser.get(f"/herbarium{query}").get_data(as_text=True))


def test_an_album_begins_with_words_and_the_odds(vera: Browser) -> None:
    words = text_of(vera.get("/herbarium"))

    assert "Первый лист упадёт с первой покупкой" in words
    assert "один лист из 50" in words


def test_a_purchase_leaves_a_leaf_with_a_page_of_its_own(shop: Shop, vera: Browser) -> None:
    buy(shop, "r1", 300, "Кофе")

    album = text_of(vera.get("/herbarium"))
    page = vera.get(leaves(vera)[0])
    words = text_of(page)

    assert "1 лист, 1 вид из 12" in album
    assert "Дуб" in album
    assert "24 ноября" in album
    assert "Quercus robur" in words
    assert "300 ₽" in words
    assert "Чек r1" in words
    with shop.worlds.open(readonly=True) as world:
        seed = world.session.get_one(ProgrammeRow, 1).leaf_seed
    assert draw_of(seed, "r1").text in words


def test_the_receipt_of_a_leaf_is_the_first_row_of_its_history(shop: Shop, vera: Browser) -> None:
    for number in range(3):
        buy(shop, f"r{number}", 300, "Кофе")
        shop.now.move(hours=1)
    page = vera.get(leaves(vera)[1]).get_data(as_text=True)

    found = re.search(r'href="(/history\?after=[\d.]+)#(op-[\d.]+)"', page)
    assert found is not None
    rows = re.findall(r'<li id="(op-[\d.]+)"', vera.get(found[1]).get_data(as_text=True))

    assert rows[0] == found[2]


def test_a_species_and_a_year_stand_in_the_address(shop: Shop, vera: Browser) -> None:
    buy(shop, "r1", 300, "Кофе")
    buy(shop, "r2", 300, "Выпечка")

    assert len(leaves(vera)) == 2
    assert len(leaves(vera, "?species=oak")) == 1
    assert leaves(vera, "?species=fern") == []
    assert leaves(vera, "?year=2025") == []
    assert len(leaves(vera, "?species=aspen&year=2026")) == 1


@pytest.mark.parametrize(
    "query",
    [
        "species=rose",
        "rare=2",
        "year=20",
        "year=0000",
        "year=x",
        "after=1",
        "after=x.y",
        "year=２０２６",
    ],
)
def test_an_address_that_nobody_made_is_no_page(vera: Browser, query: str) -> None:
    assert vera.get(f"/herbarium?{query}").status_code == 404


def test_a_leaf_is_only_one_s_own(shop: Shop, vera: Browser) -> None:
    buy(shop, "r1", 300, "Кофе")
    leaf = leaves(vera)[0]

    assert shop.signed_in_as("customer").get(leaf).status_code == 404
    assert shop.browser().get(leaf).status_code == 303
    assert vera.get("/herbarium/1").status_code == 404
    assert vera.get(f"/herbarium/{2**70}").status_code == 404


def test_the_menu_leads_there(vera: Browser) -> None:
    assert 'href="/herbarium"' in vera.get("/home").get_data(as_text=True)
