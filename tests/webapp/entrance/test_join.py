"""Somebody whom nobody knows joins with a proved contact."""

from sqlmodel import col, select

from gamification.members.tables import Consent, Member
from tests.webapp.shopfront import Browser, Shop

PHONE = "+79123456789"


def test_a_new_customer_gives_a_name_and_ticks_what_they_like(shop: Shop, guest: Browser) -> None:
    door = guest.sign_in_by_code(shop, PHONE)

    answer = guest.send(
        "/join", name="  Вера  ", **{"consent-programme": "yes", "consent-marketing": "yes"}
    )

    with shop.worlds.open(readonly=True) as world:
        member = world.session.exec(select(Member)).one()
        given = {c.purpose: c.given for c in world.session.exec(select(Consent)).all()}
        versions = [
            c.text_version for c in world.session.exec(select(Consent).order_by(col(Consent.id)))
        ]
    assert door.location == "/join"
    assert answer.status_code == 303
    assert (member.name, member.phone, member.origin) == ("Вера", PHONE, "signup")
    assert given == {
        "programme": True,
        "marketing": True,
        "profiling": False,
        "personal_offers": False,
    }
    assert versions[0].startswith("programme-1-ru-")
    assert guest.get("/settings").status_code == 200


def test_boxes_come_unticked(shop: Shop, guest: Browser) -> None:
    guest.sign_in_by_code(shop, PHONE)

    page = guest.get("/join").get_data(as_text=True)

    assert page.count('type="checkbox"') == 4
    assert " checked" not in page


def test_without_name_and_agreement_there_is_no_card(shop: Shop, guest: Browser) -> None:
    guest.sign_in_by_code(shop, PHONE)

    answer = guest.send("/join", name=" ", **{"consent-marketing": "yes"})

    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("aria-invalid") == 2
    assert answer.get_data(as_text=True).count(" checked") == 1
    assert shop.count(Member) == 0


def test_joining_twice_makes_one_member(shop: Shop, guest: Browser) -> None:
    guest.sign_in_by_code(shop, PHONE)
    form = {"csrf_token": guest.token("/join"), "name": "Вера", "consent-programme": "yes"}
    cookie = guest.client.get_cookie("laurel")
    assert cookie is not None
    guest.client.post("/join", data=form)
    guest.client.set_cookie("laurel", cookie.value)

    answer = guest.client.post("/join", data=form)

    assert answer.location == "/sign-in"
    assert shop.count(Member) == 1


def test_without_a_proved_contact_nobody_joins(shop: Shop, guest: Browser) -> None:
    form = {"csrf_token": guest.token("/sign-in"), "name": "Вера", "consent-programme": "yes"}

    answer = guest.client.post("/join", data=form)

    assert answer.location == "/sign-in"
    assert shop.count(Member) == 0
