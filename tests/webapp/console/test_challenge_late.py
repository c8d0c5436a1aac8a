"""What is sent after a draft was launched, or after its sender's session has ended."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from tests.webapp.console.challenge_forms import PAGE, draft, fields_of, launched, now_of, send
from tests.webapp.shopfront import Browser, Shop
from webapp.accounts.actions import start_session
from webapp.accounts.tables import Account


@pytest.fixture
def marketer(open_shop: Shop) -> Browser:
    return open_shop.signed_in_as("marketer")


def again(shop: Shop, browser: Browser) -> None:
    """The marketer signs in anew."""
    with shop.worlds.open() as world:
        account = world.session.exec(select(Account).where(Account.role == "marketer")).one()
        secret = start_session(world, account, agent="x", address="::1")
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = secret


def test_what_comes_after_the_launch_is_not_saved_and_not_lost(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer)
    send(marketer, number, budget="7000")
    seen = fields_of(marketer, f"{PAGE}/{number}")
    send(marketer, number, "/launch")
    plan = now_of(open_shop, number).plan

    again = marketer.client.post(f"{PAGE}/{number}/launch", data=seen)
    late = marketer.client.post(f"{PAGE}/{number}/launch", data=seen | {"points": ["777"]})
    bare = marketer.client.post(f"{PAGE}/{number}", data={"csrf_token": seen["csrf_token"]})

    assert again.location == f"{PAGE}/{number}", "pressed twice"
    assert (late.status_code, bare.status_code) == (422, 422)
    page = late.get_data(as_text=True)
    assert "Это задание тем временем запустили" in page
    assert 'value="777"' in page
    assert now_of(open_shop, number).plan == plan


def test_a_form_whose_session_has_ended_is_found_filled_in_again(
    open_shop: Shop, marketer: Browser
) -> None:
    number, running = draft(marketer), launched(marketer)
    pages = {f"{PAGE}/{number}": "name_en", f"{PAGE}/{running}/terms": "points"}
    seen = {page: fields_of(marketer, page) for page in pages}
    open_shop.now.move(days=3)

    for page, name in pages.items():
        asked = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}"}
        data = seen[page] | {name: ["4321"]}
        late = marketer.client.post(page, data=data, headers=asked)
        assert late.status_code == 401
        back = parse_qs(urlsplit(late.headers["HX-Redirect"]).query)["next"][0]
        again(open_shop, marketer)
        words = marketer.get(back).get_data(as_text=True)
        assert 'value="4321"' in words
        assert "всё, что вы ввели" in words
        open_shop.now.move(days=3)
