"""The page of tiers: whole without scripts, only one's own, and clear about bad addresses."""

import pytest

from gamification.activities.receipts import Receipt, ReceiptLine
from gamification.commands.till import MemberRef, record_receipt
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.surroundings import here

PHONE = "+79123456789"


@pytest.fixture
def vera(shop: Shop, guest: Browser) -> Browser:
    """Vera, whose history came with an import."""
    shop.set_up()
    shop.member(name="Вера", phone=PHONE)
    guest.sign_in_by_code(shop, PHONE)
    return guest


def buy(shop: Shop, receipt: str, roubles: int, category: str | None = None) -> None:
    """Vera buys something today."""
    with here(shop.app).programme.open() as world:
        line = ReceiptLine("GOODS", category, 1000, roubles * 100)
        bought = Receipt(
            type="purchase", source="till", external_id=receipt, occurred_at=world.now,
            zone="Europe/Moscow", total=roubles * 100, lines=(line,),
        )  # fmt: skip
        record_receipt(world, bought, MemberRef(phone=PHONE))


def test_a_newcomer_sees_the_whole_ladder_from_its_foot(vera: Browser) -> None:
    words = text_of(vera.get("/tiers"))

    assert "Росток" in words
    assert "Венок" in words
    assert "Первый уровень ваш навсегда" in words
    assert "ещё 10 000 ₽" in words
    assert "Вступление в программу: «Росток»" in words
    assert words.count("Вы здесь") == 1


def test_a_purchase_stands_in_the_history_with_its_sum(shop: Shop, vera: Browser) -> None:
    buy(shop, "r1", 12_000)

    words = text_of(vera.get("/tiers"))

    assert "Достигнут «Лист»" in words
    assert "12 000 ₽ за 365 дней" in words
    assert "24 ноября 2027 сложим покупки за 365 дней" in words
    assert "Вступление в программу: «Росток»" in words


def test_the_menu_and_home_lead_there(vera: Browser) -> None:
    home = vera.get("/home").get_data(as_text=True)

    assert home.count('href="/tiers"') == 2


@pytest.mark.parametrize(
    "after", ["x", "2026-13-01.1", "20261124.1", "2026-11-24", "2026-11-24.-1", "2026-11-24.9" * 9]
)
def test_an_address_that_nobody_made_is_no_page(vera: Browser, after: str) -> None:
    assert vera.get(f"/tiers?after={after}").status_code == 404


def test_a_stranger_and_the_staff_see_none_of_it(shop: Shop, vera: Browser) -> None:
    assert shop.browser().get("/tiers").status_code == 303
    assert shop.signed_in_as("cashier").get("/tiers").status_code == 403


def test_an_older_page_of_decisions_is_a_page_of_its_own(shop: Shop, vera: Browser) -> None:
    buy(shop, "r1", 12_000)

    words = text_of(vera.get("/tiers?after=2026-11-24.9"))

    assert "С самого нового" in words
    assert "Все уровни рядом" not in words
