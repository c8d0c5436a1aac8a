"""The list of keys is a plain page for all, and single keys can be switched off."""

import pytest

from tests.webapp.shopfront import Browser, Shop, text_of


@pytest.fixture
def anna(shop: Shop) -> Browser:
    shop.set_up()
    return shop.signed_in_as("customer")


def test_every_page_of_the_cabinet_leads_to_the_list(anna: Browser) -> None:
    for path in ("/home", "/medals", "/history", "/settings", "/inbox", "/keys"):
        assert '<a class="link" href="/keys" data-keys' in anna.get(path).get_data(as_text=True)

    assert anna.get("/keys").get_data(as_text=True).count("<kbd>") > 8


def test_staff_have_the_list_without_the_medals(shop: Shop, anna: Browser) -> None:
    words = text_of(shop.signed_in_as("owner").get("/keys"))

    assert "On the board of medals" in text_of(anna.get("/keys"))
    assert "Медал" not in words
    assert "medal" not in words.replace("the card or the medal", "")


def test_single_keys_are_switched_off_for_good(anna: Browser) -> None:
    before = anna.get("/medals").get_data(as_text=True)
    anna.send("/settings/looks", keys="no")
    anna.send("/settings/looks", sound="yes")
    after = anna.get("/medals").get_data(as_text=True)

    assert "data-keyless" not in before
    assert "data-keyless" in after
    assert "Single keys are off." in text_of(anna.get("/keys"))


def test_the_tier_stands_under_the_name_wherever_the_menu_is(anna: Browser) -> None:
    for path in (
        "/medals",
        "/history",
        "/settings",
        "/inbox",
        "/keys",
        "/herbarium",
        "/medals/shelf",
    ):
        page = anna.get(path).get_data(as_text=True)
        note = page.split('<div class="n who">')[1].split("</div>")[0]
        assert "tier 1" in note, path
