"""Staff find a member by what they show."""

import pytest
from sqlmodel import select

from gamification.members.tables import Card, Member
from tests.webapp.shopfront import Shop, text_of


@pytest.fixture
def anna(shop: Shop) -> Member:
    shop.set_up()
    member_id = shop.member(name="Анна Седова", phone="+79123456789", email="anna@example.org")
    with shop.worlds.open() as world:
        world.session.add(Card(member_id=member_id, number="4000001234567890", issued_at=world.now))
        member = world.session.get_one(Member, member_id)
        member.external_id = "C-17"
    with shop.worlds.open(readonly=True) as world:
        return world.session.exec(select(Member)).one()


@pytest.mark.parametrize(
    "typed", ["4000 0012 3456 7890", "8 912 345-67-89", "Anna@example.org", "C-17"]
)
def test_a_member_is_found_by_card_phone_e_mail_or_id(shop: Shop, anna: Member, typed: str) -> None:
    cashier = shop.signed_in_as("cashier")

    words = text_of(cashier.get("/staff/find", query_string={"q": typed}))

    assert anna.name in words
    assert "7890" in words
    assert "+79123456789" not in words
    assert "anna@example.org" not in words.replace(typed.lower(), "")


@pytest.mark.parametrize("typed", ["Седова", "0", "%", "' OR 1=1 --", "+7912"])
def test_nobody_is_found_by_a_part_or_a_trick(shop: Shop, anna: Member, typed: str) -> None:
    cashier = shop.signed_in_as("cashier")

    answer = cashier.get("/staff/find", query_string={"q": typed})

    assert answer.status_code == 200
    assert anna.name not in text_of(answer)


def test_before_the_shop_is_set_up_the_page_says_so(shop: Shop) -> None:
    answer = shop.signed_in_as("owner").get("/staff/find", query_string={"q": "1"})

    assert answer.status_code == 200


def test_an_unknown_id_gets_no_slip(shop: Shop, anna: Member) -> None:
    cashier = shop.signed_in_as("cashier")

    answer = cashier.send("/settings", "/staff/members/00000000-0000-7000-8000-000000000000/slip")

    assert answer.status_code == 404


def test_a_slip_ends_by_the_shops_clock(shop: Shop, anna: Member) -> None:
    shop.now.set("2026-11-24T22:33:00+00:00")
    cashier = shop.signed_in_as("cashier")

    answer = cashier.send("/settings", f"/staff/members/{anna.public_id}/slip")

    assert "до 9 декабря, 01:33" in text_of(answer).replace("\u00a0", " ")


def test_a_button_for_somebody_without_a_name_says_so(shop: Shop) -> None:
    shop.set_up()
    shop.member(name="", phone="+79123456789")
    with shop.worlds.open() as world:
        world.session.delete(world.session.exec(select(Card)).one())

    said = text_of(shop.signed_in_as("cashier").get("/staff/find?q=%2B79123456789"))

    assert "None" not in said
    assert "Напечатать код : Имени пока нет" in said
