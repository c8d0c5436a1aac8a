"""A slip from the shop ties an imported history to a person."""

import re
import threading

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from gamification.members.tables import Member
from gamification.world import World
from tests.webapp.shopfront import KEY, Browser, Shop, text_of
from webapp.accounts.codes import activation_of, print_activation, use_activation
from webapp.accounts.refusals import DeadActivation
from webapp.accounts.rules import ACTIVATION_LIFE, keyed_hash
from webapp.accounts.tables import ActivationCode

PHONE = "+79123456789"


def print_slip(shop: Shop, public_id: str) -> str:
    cashier = shop.signed_in_as("cashier")
    answer = cashier.send("/settings", f"/staff/members/{public_id}/slip")
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", text_of(answer))
    assert found, text_of(answer)
    return found.group()


def member(shop: Shop, member_id: int) -> Member:
    with shop.worlds.open(readonly=True) as world:
        return world.session.exec(select(Member).where(Member.id == member_id)).one()


@pytest.fixture
def anna(shop: Shop) -> int:
    shop.set_up()
    return shop.member()


@pytest.fixture
def slip(shop: Shop, anna: int) -> str:
    return print_slip(shop, member(shop, anna).public_id)


def test_slip_then_contact_then_code(shop: Shop, guest: Browser, anna: int, slip: str) -> None:
    asked = guest.send("/claim", code=slip.lower().replace("-", " "), contact=PHONE)
    answer = guest.send("/sign-in/code", code=shop.last_code())

    found = member(shop, anna)
    assert asked.location == "/sign-in/code"
    assert answer.location == "/year"
    assert (found.phone, found.claimed_at is not None) == (PHONE, True)


@pytest.mark.parametrize("way", ["slip", "contact"])
def test_who_claims_is_spoken_to_in_the_language_they_read(
    shop: Shop, guest: Browser, way: str
) -> None:
    shop.set_up()
    vera = shop.member(locale="en", phone=PHONE)
    guest.get("/sign-in", headers={"Accept-Language": "ru"})
    if way == "slip":
        guest.send("/claim", code=print_slip(shop, member(shop, vera).public_id), contact=PHONE)
        guest.send("/sign-in/code", code=shop.last_code())
    else:
        guest.sign_in_by_code(shop, PHONE)

    assert member(shop, vera).locale == "ru"
    assert 'lang="ru"' in guest.get("/year").get_data(as_text=True)


def test_a_slip_works_once(shop: Shop, guest: Browser, slip: str) -> None:
    guest.send("/claim", code=slip, contact=PHONE)
    guest.send("/sign-in/code", code=shop.last_code())

    answer = shop.browser().send("/claim", code=slip, contact="boris@example.org")

    assert answer.status_code == 422


def test_a_slip_dies_after_two_weeks(shop: Shop, guest: Browser, slip: str) -> None:
    shop.now.move(days=14)

    assert guest.send("/claim", code=slip, contact=PHONE).status_code == 422


def test_a_new_slip_makes_the_old_one_worthless(
    shop: Shop, guest: Browser, anna: int, slip: str
) -> None:
    second = print_slip(shop, member(shop, anna).public_id)

    assert guest.send("/claim", code=slip, contact=PHONE).status_code == 422
    assert guest.send("/claim", code=second, contact=PHONE).status_code == 303


def test_somebody_elses_contact_leaves_the_slip_good(
    shop: Shop, guest: Browser, anna: int, slip: str
) -> None:
    shop.member(name="Борис", phone=PHONE)
    guest.send("/claim", code=slip, contact=PHONE)

    taken = guest.send("/sign-in/code", code=shop.last_code())
    again = guest.send("/claim", code=slip, contact="anna@example.org")
    done = guest.send("/sign-in/code", code=shop.last_code())

    assert taken.status_code == 409
    assert again.status_code == 303
    assert done.location == "/year"
    assert member(shop, anna).email == "anna@example.org"


def test_a_slip_that_replaces_a_phone_tells_the_phone_before(
    shop: Shop, guest: Browser, anna: int, slip: str
) -> None:
    with shop.worlds.open() as world:
        world.session.get_one(Member, anna).phone = "+79120000001"
    guest.send("/claim", code=slip, contact=PHONE)

    guest.send("/sign-in/code", code=shop.last_code())

    told = [x for x in shop.letters() if x.kind == "contact_changed"]
    assert [(x.channel, x.recipient, x.payload) for x in told] == [
        ("sms", "+79120000001", {"contact": "+7 ••• ••• 67 89"})
    ]


def test_a_slip_does_not_replace_a_contact_that_somebody_signs_in_with(
    shop: Shop, guest: Browser, anna: int, slip: str
) -> None:
    with shop.worlds.open() as world:
        world.session.get_one(Member, anna).phone = "+79120000001"
    shop.browser().sign_in_by_code(shop, "+79120000001")
    sent = len(shop.letters())

    answer = guest.send("/claim", code=slip, contact=PHONE)

    assert answer.status_code == 409
    assert "войдите по телефону или почте из вашей карточки" in text_of(answer)
    assert len(shop.letters()) == sent
    assert member(shop, anna).phone == "+79120000001"


def test_an_owner_who_signs_in_meanwhile_is_first(
    shop: Shop, guest: Browser, anna: int, slip: str
) -> None:
    with shop.worlds.open() as world:
        world.session.get_one(Member, anna).phone = "+79120000001"
    guest.send("/claim", code=slip, contact=PHONE)
    code = shop.last_code()
    shop.browser().sign_in_by_code(shop, "+79120000001")

    answer = guest.send("/sign-in/code", code=code)

    assert answer.status_code == 409
    assert member(shop, anna).phone == "+79120000001"
    assert guest.get("/settings").status_code == 303


def test_of_two_slips_printed_at_once_the_newest_works(shop: Shop, anna: int) -> None:
    cashier = shop.staff("cashier", email="two@example.org")
    printed: list[str] = []
    gate = threading.Barrier(2)

    def print_one() -> None:
        def unit(world: World) -> str:
            return print_activation(world, anna, printed_by=cashier, key=KEY)[0]

        gate.wait()
        printed.append(shop.worlds.run(unit))

    threads = [threading.Thread(target=print_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with shop.worlds.open(readonly=True) as world:
        newest = world.session.exec(
            select(ActivationCode.code_hash).order_by(col(ActivationCode.id).desc())
        ).first()
        works = {code for code in printed if is_alive(world, code)}
    assert len(printed) == 2
    assert {keyed_hash(KEY, "activation", code) for code in works} == {newest}


def test_a_slip_followed_by_another_unseen_cannot_be_used(shop: Shop, anna: int) -> None:
    """As when both transactions were open: neither saw the other's row, each left its own."""
    cashier = shop.staff("cashier", email="two@example.org")
    with shop.worlds.open() as world:
        for name in ("old", "new"):
            world.session.add(
                ActivationCode(
                    member_id=anna, code_hash=keyed_hash(KEY, "activation", name),
                    printed_by=cashier, created_at=world.now,
                    expires_at=world.now + ACTIVATION_LIFE,
                )
            )  # fmt: skip
            world.session.flush()
        old, new = world.session.exec(
            select(ActivationCode.id).order_by(col(ActivationCode.id))
        ).all()
        assert old is not None
        assert new is not None

        with pytest.raises(DeadActivation):
            use_activation(world, old)

        assert use_activation(world, new) == anna


def is_alive(world: World, code: str) -> bool:
    try:
        activation_of(world, code, key=KEY)
    except DeadActivation:
        return False
    return True


def test_the_slip_alone_opens_nothing(shop: Shop, guest: Browser, anna: int, slip: str) -> None:
    guest.send("/claim", code=slip, contact=PHONE)

    assert guest.get("/settings").status_code == 303
    assert member(shop, anna).claimed_at is None


def test_guessing_slips_is_braked(shop: Shop, guest: Browser) -> None:
    form = {"csrf_token": guest.token("/claim"), "code": "AAAA-BBBB", "contact": PHONE}

    answers = [guest.client.post("/claim", data=form).status_code for _ in range(21)]

    assert answers == [422] * 20 + [429]


def test_only_a_hash_of_the_slip_is_kept(shop: Shop, slip: str) -> None:
    with shop.worlds.open(readonly=True) as world:
        row = world.session.exec(select(ActivationCode)).one()

    assert slip.replace("-", "") not in str(row.model_dump())


def test_a_claimed_member_gets_no_slip(shop: Shop, guest: Browser, anna: int, slip: str) -> None:
    guest.send("/claim", code=slip, contact=PHONE)
    guest.send("/sign-in/code", code=shop.last_code())
    cashier = shop.signed_in_as("cashier")

    answer = cashier.send("/settings", f"/staff/members/{member(shop, anna).public_id}/slip")

    assert answer.status_code == 404


@pytest.mark.parametrize("spoken", ["ru-RU,ru", "en-GB,en"])
def test_an_imported_customer_is_spoken_to_in_their_own_language(
    shop: Shop, guest: Browser, anna: int, slip: str, spoken: str
) -> None:
    other = "en" if spoken.startswith("ru") else "ru"
    with shop.worlds.open() as world:
        world.session.execute(sa.update(Member).values(locale=other))
    guest.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = spoken

    guest.send("/claim", code=slip, contact=PHONE)
    guest.send("/sign-in/code", code=shop.last_code())

    assert member(shop, anna).locale == spoken[:2]
    assert f'lang="{spoken[:2]}"' in guest.get("/settings").get_data(as_text=True)
