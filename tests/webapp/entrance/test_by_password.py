"""A customer signs in with a password, if one was set."""

from tests.webapp.shopfront import PASSWORD, Browser, Shop, text_of
from webapp.accounts.tables import BrowserSession

PHONE = "+79123456789"


def with_password(shop: Shop) -> Browser:
    """A customer who signed in by code and set a password."""
    shop.member(phone=PHONE, origin="signup")
    guest = shop.browser()
    guest.sign_in_by_code(shop, PHONE)
    guest.send("/settings/password", password=PASSWORD)
    return guest


def test_the_password_that_was_set_opens_the_door(shop: Shop, guest: Browser) -> None:
    with_password(shop)

    answer = guest.send("/sign-in/password", contact="8 (912) 345-67-89", password=PASSWORD)

    assert answer.status_code == 303
    assert guest.get("/settings").status_code == 200


def test_wrong_unknown_and_never_set_are_the_same_no(shop: Shop) -> None:
    with_password(shop)
    shop.member(email="boris@example.org")
    tries = [
        (PHONE, "not the one at all"),
        ("+79120000000", PASSWORD),
        ("boris@example.org", PASSWORD),
    ]

    answers = [
        shop.browser().send("/sign-in/password", contact=contact, password=password)
        for contact, password in tries
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert len({text_of(answer) for answer in answers}) == 1


def test_ten_tries_for_one_account_then_a_break(shop: Shop) -> None:
    shop.member(phone=PHONE)
    guest = shop.browser()
    token = guest.token("/sign-in/password")
    form = {"csrf_token": token, "contact": PHONE, "password": "guess number one"}

    answers = [guest.client.post("/sign-in/password", data=form).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_setting_a_password_ends_every_other_session(shop: Shop) -> None:
    shop.member(phone=PHONE, origin="signup")
    one, two = shop.browser(), shop.browser()
    one.sign_in_by_code(shop, PHONE)
    shop.now.move(minutes=1)
    two.sign_in_by_code(shop, PHONE)

    answer = two.send("/settings/password", password=PASSWORD)

    assert answer.status_code == 303
    assert two.get("/settings").status_code == 200
    assert one.get("/settings").status_code == 303
    assert shop.count(BrowserSession) == 2


def test_a_weak_password_is_refused_with_its_reason(shop: Shop, guest: Browser) -> None:
    shop.member(email="anna.sedova@example.org", origin="signup")
    guest.sign_in_by_code(shop, "anna.sedova@example.org")

    answers = [
        guest.send("/settings/password", password=password)
        for password in ("short", "qwerty12345", "anna.sedova1", "x" * 300)
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert len({text_of(answer) for answer in answers}) == 4


def test_an_old_session_signs_in_again_before_a_new_password(shop: Shop) -> None:
    guest = with_password(shop)
    shop.now.move(minutes=20)

    asked = guest.get("/settings/password")
    token = guest.token("/settings")
    forced = guest.client.post(
        "/settings/password", data={"csrf_token": token, "password": "another good one"}
    )

    assert asked.location == "/sign-in?next=/settings/password&again=1"
    assert forced.status_code == 303
    assert guest.get(asked.location).status_code == 200
    assert (
        shop.browser().send("/sign-in/password", contact=PHONE, password=PASSWORD).status_code
        == 303
    )
