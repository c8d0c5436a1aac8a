"""The page of the design system: for those who shape the shop, in any language and theme."""

from tests.webapp.shopfront import Shop, text_of


def test_marketers_and_owners_see_every_part(shop: Shop) -> None:
    shop.set_up()

    english = shop.signed_in_as("marketer").get("/design?lang=en&theme=dark")
    russian = shop.signed_in_as("owner").get("/design?lang=ru&theme=light")

    assert 'data-theme="dark"' in english.get_data(as_text=True)
    assert "Your first purchase brings three things" in text_of(english)
    assert "Первая покупка принесёт сразу три вещи" in text_of(russian)
    body = russian.get_data(as_text=True)
    for shape in ("coin", "hex", "oct", "rosette", "burst", "squircle", "shield", "drop", "gem"):
        for metal in ("bronze", "silver", "gold", "platinum", "obsidian"):
            assert f"#b-{shape}-{metal}" in body


def test_an_unknown_theme_is_the_readers_own(shop: Shop) -> None:
    shop.set_up()

    assert shop.signed_in_as("owner").get("/design?lang=xx&theme=<b>").status_code == 200


def test_customers_and_cashiers_do_not_come_in(shop: Shop) -> None:
    shop.set_up()

    for role in ("customer", "cashier"):
        assert shop.signed_in_as(role).get("/design").status_code == 403
