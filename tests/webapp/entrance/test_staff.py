"""Staff sign in by password and recover it by mail; the first owner begins."""

import re
import threading
from urllib.parse import urlsplit

import pytest

from tests.webapp.shopfront import PASSWORD, Browser, Shop, text_of
from webapp.accounts.codes import invite_owner
from webapp.accounts.tables import Account, ResetToken
from webapp.channels.letters import Letter
from webapp.channels.logs import LogChannel
from webapp.jobs.worker import worker_for

EMAIL = "ira@example.org"
NEW = "a quieter evening by the sea"


def link_in(shop: Shop) -> str:
    """The path of the link in the latest letter."""
    return urlsplit(shop.letters()[-1].payload["link"]).path


def test_a_cashier_signs_in_and_lands_at_the_till(shop: Shop, guest: Browser) -> None:
    shop.staff("cashier", EMAIL, PASSWORD)

    answer = guest.send("/staff/sign-in", email=" Ira@Example.org ", password=PASSWORD)

    assert answer.location == "/staff/find"
    assert guest.get("/staff/find").status_code == 200


def test_wrong_unknown_and_closed_are_the_same_no(shop: Shop) -> None:
    shop.staff("cashier", EMAIL, PASSWORD)
    closed = shop.staff("marketer", "gone@example.org", PASSWORD)
    with shop.worlds.open() as world:
        world.session.get_one(Account, closed).state = "closed"
    tries = [
        (EMAIL, "not the one at all"),
        ("nobody@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
    ]

    answers = [shop.browser().send("/staff/sign-in", email=e, password=p) for e, p in tries]

    assert {answer.status_code for answer in answers} == {422}
    assert len({text_of(answer) for answer in answers}) == 1


def test_many_accounts_from_one_address_are_braked(shop: Shop, guest: Browser) -> None:
    token = guest.token("/staff/sign-in")
    forms = [
        {"csrf_token": token, "email": f"a{n}@example.org", "password": "x"} for n in range(61)
    ]

    answers = [guest.client.post("/staff/sign-in", data=form).status_code for form in forms]

    assert answers == [422] * 60 + [429]


def test_a_recovery_link_sets_a_password_once_and_ends_sessions(shop: Shop, guest: Browser) -> None:
    shop.staff("owner", EMAIL, PASSWORD)
    old = shop.browser()
    old.send("/staff/sign-in", email=EMAIL, password=PASSWORD)

    guest.send("/staff/recover", email=EMAIL)
    link = link_in(shop)
    answer = guest.send(link, password=NEW)

    assert answer.status_code == 303
    assert guest.get("/settings").status_code == 200
    assert old.get("/settings").status_code == 303
    assert shop.browser().get(link).status_code == 410
    assert shop.browser().send("/staff/sign-in", email=EMAIL, password=PASSWORD).status_code == 422


def test_a_recovery_link_dies_after_half_an_hour(shop: Shop, guest: Browser) -> None:
    shop.staff("owner", EMAIL, PASSWORD)
    guest.send("/staff/recover", email=EMAIL)
    shop.now.move(minutes=30)

    assert guest.get(link_in(shop)).status_code == 410


def test_recovery_tells_nobody_who_works_here(shop: Shop) -> None:
    shop.staff("owner", EMAIL, PASSWORD)

    known = shop.browser().send("/staff/recover", email=EMAIL)
    unknown = shop.browser().send("/staff/recover", email="nobody@example.org")

    assert text_of(known) == text_of(unknown)
    letters = shop.letters()
    assert [x.recipient for x in letters] == [EMAIL, "nobody@example.org"]
    assert letters[1].payload["good_until"] == shop.now.read().isoformat()
    assert shop.browser().get(link_in(shop)).status_code == 410


def test_the_link_does_not_believe_the_host_header(shop: Shop, guest: Browser) -> None:
    shop.staff("owner", EMAIL, PASSWORD)
    token = guest.token("/staff/recover")

    answer = guest.client.post(
        "/staff/recover",
        data={"csrf_token": token, "email": EMAIL},
        headers={"Host": "evil.example"},
    )

    assert answer.status_code == 400
    assert shop.letters() == []


def test_the_first_owner_begins_by_the_printed_link(shop: Shop, guest: Browser) -> None:
    secret = shop.worlds.run(invite_owner)
    later = shop.worlds.run(invite_owner)

    dead = guest.get(f"/staff/begin/{secret}")
    answer = guest.send(f"/staff/begin/{later}", email=EMAIL, password=PASSWORD)

    assert dead.status_code == 410
    assert answer.status_code == 303
    assert shop.count(Account, Account.role == "owner", Account.email == EMAIL) == 1
    assert shop.browser().get(f"/staff/begin/{later}").status_code == 410


def test_nobody_begins_where_there_is_an_owner(shop: Shop, guest: Browser) -> None:
    secret = shop.worlds.run(invite_owner)
    token = guest.token(f"/staff/begin/{secret}")
    shop.staff("owner", "first@example.org", PASSWORD)

    answer = guest.client.post(
        f"/staff/begin/{secret}", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD}
    )

    assert answer.status_code == 410
    assert shop.count(Account) == 1


def test_beginning_says_what_is_wrong_beside_its_field(shop: Shop, guest: Browser) -> None:
    path = f"/staff/begin/{shop.worlds.run(invite_owner)}"

    answers = [
        guest.send(path, email="not an address", password=PASSWORD),
        guest.send(path, email=EMAIL, password="short"),
    ]

    assert {answer.status_code for answer in answers} == {422}
    wrong = [re.findall(r'id="(\w+)-error"', answer.get_data(as_text=True)) for answer in answers]
    assert wrong == [["email"], ["password"]]


def test_a_staff_session_sleeps_after_twelve_hours(shop: Shop, guest: Browser) -> None:
    shop.staff("cashier", EMAIL, PASSWORD)
    guest.send("/staff/sign-in", email=EMAIL, password=PASSWORD)
    shop.now.move(hours=12, minutes=1)

    assert guest.get("/staff/find").location == "/staff/sign-in?next=/staff/find"


def test_secrets_of_links_are_kept_as_hashes(shop: Shop, guest: Browser) -> None:
    shop.staff("owner", EMAIL, PASSWORD)
    guest.send("/staff/recover", email=EMAIL)

    assert shop.count(ResetToken, ResetToken.secret_hash == link_in(shop).rsplit("/", 1)[1]) == 0


def test_the_letter_that_leaves_leads_to_the_new_password(
    shop: Shop, guest: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delivered by the very worker of the app, which knows an address of its own."""
    shop.staff("owner", EMAIL, PASSWORD)
    guest.send("/staff/recover", email=EMAIL)
    sent: list[Letter] = []
    note = lambda _self, letter, _address, key: sent.append(letter)  # noqa: E731
    monkeypatch.setattr(LogChannel, "deliver", note)

    worker_for(shop.app, local="http://127.0.0.1:5972").run_once(threading.Event())

    [link] = [word for word in sent[0].text.split() if "/staff/new-password/" in word]
    answer = guest.send(urlsplit(link).path, password=NEW)
    assert (answer.status_code, guest.get("/settings").status_code) == (303, 200)
