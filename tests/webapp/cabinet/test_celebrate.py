"""The scene comes once before Home; the inbox keeps what it told."""

from gamification.commands.till import MemberRef, Receipt, ReceiptLine, record_receipt
from tests.webapp.cabinet.test_first_acts import PHONE, joined, plain
from tests.webapp.shopfront import Browser, Shop, text_of


def buys(shop: Shop) -> None:
    """Vera buys a cup."""
    cup = ReceiptLine(sku="CUP", category="coffee", quantity=1_000, amount=30_000)
    with shop.worlds.open() as world:
        receipt = Receipt(
            type="purchase", source="till", external_id="r1", occurred_at=world.now,
            zone="Europe/Moscow", total=30_000, lines=(cup,),
        )  # fmt: skip
        record_receipt(world, receipt, MemberRef(phone=PHONE))


def test_a_medal_has_its_scene_once(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)
    buys(shop)

    to_scene = vera.get("/home")
    scene = vera.get("/celebrate")

    assert (to_scene.status_code, to_scene.location) == (303, "/celebrate")
    assert "Первая покупка" in plain(scene)
    assert 'href="/home"' in scene.get_data(as_text=True)
    assert vera.get("/home").status_code == 200
    again = vera.get("/celebrate")
    assert (again.status_code, again.location) == (303, "/home")


def test_the_scene_leads_on_and_only_to_pages_of_ours(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)
    buys(shop)

    assert 'href="/herbarium"' in vera.get("/celebrate?next=/herbarium").get_data(as_text=True)
    assert vera.get("/celebrate?next=/herbarium").location == "/herbarium"
    assert vera.get("/celebrate?next=//elsewhere.example").location == "/home"


def test_the_bell_counts_until_the_inbox_was_opened(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)
    buys(shop)
    vera.get("/celebrate")

    bell = 'aria-label="Сообщения, новое: 1"'
    assert bell in vera.get("/home").get_data(as_text=True)
    first = text_of(vera.get("/inbox"))
    assert "Новая медаль: «Первая покупка»" in first
    assert bell not in vera.get("/home").get_data(as_text=True)
    assert vera.get("/inbox?before=abc").status_code == 404


def test_an_empty_inbox_says_what_will_be_there(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)

    assert "Пока ничего нового" in text_of(vera.get("/inbox"))
