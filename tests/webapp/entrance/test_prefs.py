"""Language and theme are remembered, for guests and for accounts."""

import pytest

from gamification.programme import ProgrammeRow
from tests.webapp.shopfront import Browser, Shop
from webapp.accounts.tables import Account


def test_a_guest_chooses_language_and_theme(guest: Browser) -> None:
    answer = guest.send("/sign-in", "/prefs", locale="en", theme="dark", next="/claim")

    page = guest.get("/sign-in").get_data(as_text=True)
    assert answer.location == "/claim"
    assert '<html lang="en" data-theme="dark">' in page


def test_an_account_keeps_its_choice_in_another_browser(shop: Shop) -> None:
    shop.member(phone="+79123456789", origin="signup")
    one, two = shop.browser(), shop.browser()
    one.sign_in_by_code(shop, "+79123456789")
    one.send("/settings", "/prefs", theme="light")
    one.send("/settings", "/prefs", locale="en")
    two.sign_in_by_code(shop, "+79123456789")

    assert '<html lang="en" data-theme="light">' in two.get("/settings").get_data(as_text=True)
    assert shop.count(Account, Account.theme == "light", Account.locale == "en") == 1


def test_the_browsers_language_is_followed_until_one_is_chosen(guest: Browser) -> None:
    page = guest.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.8"})

    assert '<html lang="en"' in page.get_data(as_text=True)


@pytest.mark.parametrize("asked", ["de", "de-AT,fr;q=0.5", "", "uk"])
@pytest.mark.parametrize("of_the_shop", ["ru", "en"])
def test_a_language_that_is_not_ours_gets_the_shops(
    shop: Shop, guest: Browser, asked: str, of_the_shop: str
) -> None:
    shop.set_up()
    with shop.worlds.open() as world:
        world.session.get_one(ProgrammeRow, 1).locale = of_the_shop

    page = guest.get("/sign-in", headers={"Accept-Language": asked})

    assert f'<html lang="{of_the_shop}"' in page.get_data(as_text=True)


def test_of_several_wishes_ours_is_found(shop: Shop, guest: Browser) -> None:
    shop.set_up()

    page = guest.get("/sign-in", headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.3"})

    assert '<html lang="en"' in page.get_data(as_text=True)


@pytest.mark.parametrize("fields", [{"locale": "de"}, {"theme": "neon"}])
def test_what_does_not_exist_is_refused(guest: Browser, fields: dict[str, str]) -> None:
    assert guest.send("/sign-in", "/prefs", **fields).status_code == 400


def test_prefs_lead_to_no_other_site(guest: Browser) -> None:
    assert guest.send("/sign-in", "/prefs", theme="dark", next="//evil.example").location == "/"
