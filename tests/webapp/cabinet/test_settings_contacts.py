"""A phone or an e-mail is added, replaced and removed only by who proves it."""

import pytest
from sqlmodel import select

from gamification.activities.tables import Activity
from gamification.members.tables import Member
from gamification.notices.tables import Notice
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.accounts.tables import SigninCode

PHONE, EMAIL, OTHER = "+79123456789", "anna@example.org", "+79990000001"


@pytest.fixture
def anna(shop: Shop) -> int:
    shop.set_up()
    return shop.member(phone=PHONE, origin="signup")


@pytest.fixture
def annas(shop: Shop, guest: Browser, anna: int) -> Browser:
    guest.sign_in_by_code(shop, PHONE)
    shop.now.move(minutes=2)
    return guest


def own(shop: Shop, member_id: int) -> Member:
    with shop.worlds.open(readonly=True) as world:
        return world.session.get_one(Member, member_id)


def add(shop: Shop, annas: Browser, kind: str, contact: str) -> str:
    """The whole way, with the code read from the outbox; answers where it led."""
    annas.send(f"/settings/contacts/{kind}", contact=contact)
    answer = annas.send("/settings/contacts/code", code=shop.last_code())
    return str(answer.location or answer.status_code)


def test_an_e_mail_is_added_by_its_code(shop: Shop, annas: Browser, anna: int) -> None:
    where = add(shop, annas, "email", " Anna@Example.org ")

    member = own(shop, anna)
    assert where == "/settings/contacts?changed=email"
    assert (member.email, member.email_confirmed_at is not None) == (EMAIL, True)
    assert "подтверждено" in text_of(annas.get("/settings/contacts"))
    kinds = [row.type for row in rows(shop)]
    assert kinds.count("email_confirmed") == 1


def rows(shop: Shop) -> list[Activity]:
    with shop.worlds.open(readonly=True) as world:
        return list(world.session.exec(select(Activity)).all())


def test_nothing_changes_before_the_code(shop: Shop, annas: Browser, anna: int) -> None:
    annas.send("/settings/contacts/email", contact=EMAIL)
    wrong = "000000" if shop.last_code() != "000000" else "111111"
    answers = [annas.send("/settings/contacts/code", code=wrong) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 6
    assert own(shop, anna).email is None


def test_the_phone_before_is_told_and_forgotten(shop: Shop, annas: Browser, anna: int) -> None:
    add(shop, annas, "phone", OTHER)

    assert own(shop, anna).phone == OTHER
    told = [row for row in shop.letters() if row.kind == "contact_replaced"]
    assert [(row.channel, row.recipient, row.member_id) for row in told] == [("sms", PHONE, anna)]
    assert shop.count(SigninCode, SigninCode.contact == PHONE) == 0
    assert shop.count(Notice, Notice.recipient == PHONE, Notice.kind == "signin_code") == 0
    assert shop.browser().sign_in_by_code(shop, OTHER).location


def test_somebody_elses_contact_is_not_taken_even_with_its_code(
    shop: Shop, annas: Browser, anna: int
) -> None:
    shop.member(name="Борис", phone=OTHER)

    where = add(shop, annas, "phone", OTHER)

    assert where == "422"
    assert own(shop, anna).phone == PHONE


def test_who_signed_in_long_ago_proves_it_again(shop: Shop, annas: Browser) -> None:
    shop.now.move(minutes=20)

    page = annas.get("/settings/contacts/email")
    token = annas.token("/settings/looks")
    form = annas.client.post(
        "/settings/contacts/email", data={"csrf_token": token, "contact": EMAIL}
    )

    assert page.status_code == form.status_code == 303
    assert "again=1" in page.location
    assert "again=1" in form.location
    assert [row for row in shop.letters() if row.recipient == EMAIL] == []


@pytest.mark.parametrize(
    ("kind", "typed"), [("phone", EMAIL), ("email", OTHER), ("phone", "12"), ("email", "@")]
)
def test_what_cannot_be_reached_is_said(annas: Browser, kind: str, typed: str) -> None:
    answer = annas.send(f"/settings/contacts/{kind}", contact=typed)

    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("aria-invalid") == 1


def test_the_last_contact_stays(shop: Shop, annas: Browser, anna: int) -> None:
    token = annas.token("/settings/looks")
    answer = annas.client.post("/settings/contacts/phone/remove", data={"csrf_token": token})

    assert answer.status_code == 409
    assert own(shop, anna).phone == PHONE
    assert "/settings/contacts/phone/remove" not in annas.get("/settings/contacts").text


def test_one_of_two_is_removed_after_a_question(shop: Shop, annas: Browser, anna: int) -> None:
    add(shop, annas, "email", EMAIL)
    question = text_of(annas.get("/settings/contacts/phone/remove"))

    answer = annas.send("/settings/contacts/phone/remove")

    assert "89" in question
    assert answer.location == "/settings/contacts?changed=removed"
    assert own(shop, anna).phone is None
    assert PHONE not in [row.contact for row in codes(shop)]


def codes(shop: Shop) -> list[SigninCode]:
    with shop.worlds.open(readonly=True) as world:
        return list(world.session.exec(select(SigninCode)).all())


def test_a_contact_on_file_is_confirmed_by_its_own_code(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    member = shop.member(phone=PHONE, email=EMAIL, origin="signup")
    guest.sign_in_by_code(shop, PHONE)
    shop.now.move(minutes=2)

    guest.send("/settings/contacts", "/settings/contacts/email/confirm")
    guest.send("/settings/contacts/code", code=shop.last_code())

    assert own(shop, member).email_confirmed_at is not None


def test_codes_are_asked_for_so_often_and_no_more(annas: Browser, shop: Shop) -> None:
    answers = []
    for _ in range(6):
        answers.append(annas.send("/settings/contacts/email", contact=EMAIL).status_code)
        shop.now.move(seconds=61)

    assert answers == [303] * 5 + [429]


def test_other_words_in_the_address_are_no_pages(annas: Browser) -> None:
    for path in ("/settings/contacts/fax", "/settings/contacts/fax/remove"):
        assert annas.get(path).status_code == 404
