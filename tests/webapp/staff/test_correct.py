"""The page that puts things right: who may, what must be said, and who is told."""

import pytest
from sqlmodel import select

from gamification.commands.acts import check_in
from gamification.members.tables import Member
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.accounts.tables import BrowserSession

PHONE, OTHER = "+79123456789", "+79000009021"


@pytest.fixture
def page(shop: Shop) -> str:
    shop.set_up()
    member_id = shop.member(name="Анна Седова", phone=PHONE, origin="signup")
    with shop.worlds.open() as world:
        check_in(world, member_id)
        return f"/staff/members/{world.session.exec(select(Member.public_id)).one()}"


@pytest.fixture
def owner(shop: Shop, page: str) -> Browser:
    return shop.signed_in_as("owner")


def phone(shop: Shop) -> str | None:
    with shop.worlds.open(readonly=True) as world:
        return world.session.exec(select(Member.phone)).first()


def test_the_search_leads_there_for_those_who_may(shop: Shop, page: str, owner: Browser) -> None:
    cashier, marketer = shop.signed_in_as("cashier"), shop.signed_in_as("marketer")
    found = {who: one.get("/staff/find?q=8+912+345-67-89").get_data(as_text=True)
             for who, one in (("o", owner), ("c", cashier), ("m", marketer))}  # fmt: skip

    assert f'href="{page}"' in found["o"]
    assert f'href="{page}"' in found["m"]
    assert f'href="{page}"' not in found["c"]
    assert "/slip" not in found["m"]
    assert cashier.get(page).status_code == 403
    assert cashier.send("/settings", f"{page}/contact", contact=OTHER).status_code == 403
    assert PHONE not in owner.get(page).get_data(as_text=True)


def test_a_contact_is_changed_the_old_one_told_and_everybody_signed_out(
    shop: Shop, page: str, owner: Browser
) -> None:
    anna = shop.browser()
    anna.sign_in_by_code(shop, PHONE)
    answer = owner.send(page, f"{page}/contact", contact="8 900 000-90-21", reason="Сменила номер")
    after = owner.get(answer.location)

    assert answer.status_code == 303
    assert phone(shop) == OTHER
    assert anna.get("/home").status_code == 303
    told = [row for row in shop.letters() if row.kind == "contact_replaced"]
    assert [(row.recipient, row.channel) for row in told] == [(PHONE, "sms")]
    assert "Сменила номер" in text_of(after)
    assert shop.count(BrowserSession) >= 2


@pytest.mark.parametrize(
    ("contact", "reason", "field"),
    [(OTHER, "", "reason"), ("что-то", "почему", "contact"), ("", "почему", "contact")],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(
    shop: Shop, page: str, owner: Browser, contact: str, reason: str, field: str
) -> None:
    answer = owner.send(page, f"{page}/contact", contact=contact, reason=reason)
    source = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in source
    assert f'value="{contact}"' in source
    assert phone(shop) == PHONE


def city(shop: Shop) -> tuple[str | None, str | None]:
    with shop.worlds.open(readonly=True) as world:
        return world.session.exec(select(Member.city, Member.city_key)).one()


def test_a_city_is_changed_and_taken_away_with_reasons(
    shop: Shop, page: str, owner: Browser
) -> None:
    first = owner.send(page, f"{page}/city", city=" г. Орёл", reason="Сказала сама")
    shown = owner.get(first.location)
    gone = owner.send(page, f"{page}/city", city="", reason="Просила убрать")
    after = text_of(owner.get(gone.location))

    assert (first.status_code, gone.status_code) == (303, 303)
    assert 'value="г. Орёл"' in shown.get_data(as_text=True)
    assert city(shop) == (None, None)
    assert "Добавлено: г. Орёл" in after
    assert "Убрано: г. Орёл" in after
    assert "Сказала сама" in after


@pytest.mark.parametrize(
    ("typed", "reason", "field"),
    [("Орёл", " ", "cause"), ("?!", "почему", "city"), ("Й" * 81, "почему", "city")],
)
def test_no_city_and_no_reason_are_said_beside_their_fields(
    shop: Shop, page: str, owner: Browser, typed: str, reason: str, field: str
) -> None:
    answer = owner.send(page, f"{page}/city", city=typed, reason=reason)
    source = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in source
    assert f'value="{typed}"' in source
    assert city(shop) == (None, None)


def test_a_cashier_changes_no_city(shop: Shop, page: str, owner: Browser) -> None:
    cashier = shop.signed_in_as("cashier")

    assert cashier.send("/settings", f"{page}/city", city="Орёл", reason="так").status_code == 403
    assert city(shop) == (None, None)


def test_an_act_is_chosen_and_cancelled(shop: Shop, page: str, owner: Browser) -> None:
    source = owner.get(page).get_data(as_text=True)
    act = source.split('name="act" value="')[1].split('"')[0]
    nameless = owner.send(page, f"{page}/acts", act=act, reason=" ")
    wrong = owner.send(page, f"{page}/acts", act="0", reason="почему")
    done = owner.send(page, f"{page}/acts", act=act, reason="Отметился не тот")

    assert (nameless.status_code, wrong.status_code, done.status_code) == (422, 422, 303)
    assert 'id="why-error"' in nameless.get_data(as_text=True)
    assert f'value="{act}" checked' in nameless.get_data(as_text=True)
    after = owner.get(done.location)
    assert "Отметился не тот" in text_of(after)
    assert f'name="act" value="{act}"' not in after.get_data(as_text=True)


def test_nobody_puts_things_right_for_themselves(shop: Shop, page: str, owner: Browser) -> None:
    with shop.worlds.open() as world:
        emails = world.connection.exec_driver_sql("SELECT email FROM account").scalars().all()
    own = next(email for email in emails if email and email.startswith("owner"))
    answer = owner.send(page, f"{page}/contact", contact=own, reason="Мне удобнее")

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.get_data(as_text=True)


def test_thirty_a_day_are_enough(shop: Shop, page: str, owner: Browser) -> None:
    token = owner.token(page)
    answers = [
        owner.client.post(f"{page}/contact", data={
            "csrf_token": token, "contact": f"+7900000{n:04d}", "reason": "номер"}).status_code
        for n in range(31)
    ]  # fmt: skip

    assert answers == [303] * 30 + [429]


def test_an_unknown_member_has_no_page(shop: Shop, owner: Browser) -> None:
    assert owner.get("/staff/members/00000000-0000-7000-8000-000000000000").status_code == 404
