"""Somebody who was invited joins, and is bound to their friend in the same moment."""

import re
from typing import Any

import pytest

from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    publish_terms,
    rotate_code,
)
from gamification.members.tables import Member
from gamification.store import Store
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.invitations.cookie import COOKIE, read_opened

AGENT = {"User-Agent": "Mozilla/5.0 (Android 15) Firefox/140.0", "Accept-Language": "en"}
PHONE = "+79123456789"
TERMS = ReferralTerms(friend_points=200, minimum=50_000, link_days=30)


@pytest.fixture
def code(shop: Shop) -> str:
    """Anna's code, in a shop that invites."""
    shop.set_up()
    anna = shop.member(name="Анна Седова", phone="+79120000001", origin="signup")
    with shop.worlds.open() as world:
        publish_terms(world, TERMS)
        return code_for(world, anna)


def bound(shop: Shop) -> list[tuple[Any, ...]]:
    """Who is bound to whom, how, and where the link was."""
    with shop.worlds.open(readonly=True) as world:
        rows = Store(world.connection).rows(
            "SELECT a.name, b.name, r.how, r.channel FROM referral r"
            " JOIN member a ON a.id = r.referrer_id JOIN member b ON b.id = r.friend_id"
        )
        return [tuple(row) for row in rows]


def click(guest: Browser, path: str) -> None:
    guest.get(path, headers=AGENT)


def join(guest: Browser, page: str = "/join", **fields: str) -> Any:
    """Fill the form in as it stands, and send it; what is told goes over what stands there."""
    guest.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    body = guest.get(page).get_data(as_text=True).split("<footer")[0]
    standing = dict(re.findall(r'name="(i|next|invitation)"[^>]* value="([^"]*)"', body))
    told = {"name": "Вера", "consent-programme": "yes"} | standing | fields
    return guest.send(page, to="/join", **told)


def test_a_link_carries_through_the_doors_in_its_cookie(
    shop: Shop, guest: Browser, code: str
) -> None:
    click(guest, f"/r/{code}?c=telegram")
    guest.sign_in_by_code(shop, PHONE)

    form = guest.get("/join", headers=AGENT)
    answer = join(guest)
    said = text_of(guest.get(answer.location, headers=AGENT))

    assert f'value="{code}"' in form.get_data(as_text=True)
    assert "Your friend’s invitation is applied." in text_of(form)
    assert bound(shop) == [("Анна Седова", "Вера", "link", "telegram")]
    assert answer.location == "/welcome?invited=bound"
    assert "200 points come for your first purchase" in said.replace("\u00a0", " ")
    assert guest.client.get_cookie(COOKIE) is None


def test_it_works_where_the_cookie_is_blocked(shop: Shop, guest: Browser, code: str) -> None:
    guest.get(f"/sign-in?i={code}.vk")

    guest.send("/sign-in", contact=PHONE, i=f"{code}.vk")
    door = guest.send("/sign-in/code", code=shop.last_code(), i=f"{code}.vk")
    answer = join(guest, door.location)

    assert door.location == f"/join?i={code}.vk"
    assert answer.location == "/welcome?invited=bound"
    assert bound(shop) == [("Анна Седова", "Вера", "link", "vk")]


def test_every_form_on_the_way_carries_the_code(shop: Shop, guest: Browser, code: str) -> None:
    hidden = f'name="i" value="{code}.vk"'
    first = guest.get(f"/sign-in?i={code}.vk", headers=AGENT)
    sent = guest.send("/sign-in", contact=PHONE, i=f"{code}.vk")
    second = guest.get(sent.location)
    wrong = guest.send("/sign-in/code", code="000000", i=f"{code}.vk")

    assert "for you: it counts when you join" in text_of(first)
    assert all(hidden in one.get_data(as_text=True) for one in (first, second, wrong))
    assert f"/sign-in?i={code}.vk" in wrong.get_data(as_text=True)


def test_a_code_is_typed_in_small_letters(shop: Shop, guest: Browser, code: str) -> None:
    guest.sign_in_by_code(shop, PHONE)

    join(guest, invitation=f" {code[:4].lower()} {code[4:].lower()} ")

    assert bound(shop) == [("Анна Седова", "Вера", "code", None)]


def test_what_is_typed_goes_before_what_was_clicked(shop: Shop, guest: Browser, code: str) -> None:
    boris = shop.member(name="Борис Ли", phone="+79120000003", origin="signup")
    with shop.worlds.open() as world:
        other = code_for(world, boris)
    click(guest, f"/r/{code}")
    guest.sign_in_by_code(shop, PHONE)

    join(guest, invitation=other)

    assert bound(shop) == [("Борис Ли", "Вера", "code", None)]


def test_an_emptied_field_is_no_invitation(shop: Shop, guest: Browser, code: str) -> None:
    click(guest, f"/r/{code}")
    guest.sign_in_by_code(shop, PHONE)

    answer = join(guest, invitation="")

    assert (answer.location, bound(shop)) == ("/welcome", [])


@pytest.mark.parametrize("typed", ["NOBODY22", "💚", "A" * 300])
def test_a_code_that_leads_nowhere_keeps_nobody_outside(
    shop: Shop, guest: Browser, code: str, typed: str
) -> None:
    guest.sign_in_by_code(shop, PHONE)

    answer = join(guest, invitation=typed)

    assert answer.location == "/welcome?invited=unknown"
    assert "You have joined without it." in text_of(guest.get(answer.location, headers=AGENT))
    assert (bound(shop), shop.count(Member, Member.name == "Вера")) == ([], 1)


def test_a_code_that_was_retired_on_the_way_is_said(shop: Shop, guest: Browser, code: str) -> None:
    click(guest, f"/r/{code}")
    with shop.worlds.open() as world:
        anna = Store(world.connection).first("SELECT id FROM member")
        assert anna is not None
        rotate_code(world, anna[0])
    guest.sign_in_by_code(shop, PHONE)

    form = guest.get("/join", headers=AGENT)
    answer = join(guest)

    assert "This invitation no longer works." in text_of(form)
    assert (answer.location, bound(shop)) == ("/welcome", [])


def test_a_link_that_was_opened_too_long_ago_is_said(shop: Shop, guest: Browser, code: str) -> None:
    click(guest, f"/r/{code}")
    cookie = guest.client.get_cookie(COOKIE)
    assert cookie is not None
    shop.now.move(days=31)
    guest.client.set_cookie(COOKIE, cookie.value)
    guest.sign_in_by_code(shop, PHONE)

    said, answer = text_of(guest.get("/join", headers=AGENT)), join(guest, invitation=code)

    assert "This invitation no longer works." in said
    assert answer.location == "/welcome?invited=expired"
    assert bound(shop) == []


def test_nothing_is_lost_when_something_is_missing(shop: Shop, guest: Browser, code: str) -> None:
    click(guest, f"/r/{code}")
    guest.sign_in_by_code(shop, PHONE)

    answer = join(guest, name=" ", invitation="typed-22")

    assert answer.status_code == 422
    assert 'value="typed-22"' in answer.get_data(as_text=True)
    assert guest.client.get_cookie(COOKIE) is not None
    assert bound(shop) == []


def test_a_join_that_fails_leaves_nothing(
    shop: Shop, guest: Browser, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    click(guest, f"/r/{code}")
    guest.sign_in_by_code(shop, PHONE)

    def broken(*_: Any) -> str:
        raise RuntimeError("the session could not be opened")

    with monkeypatch.context() as patch:
        patch.setattr("webapp.entrance.join.admit", broken)
        answer = join(guest)
    again = join(guest)

    assert answer.status_code == 500
    assert again.location == "/welcome?invited=bound"
    assert bound(shop) == [("Анна Седова", "Вера", "link", "link")]
    assert shop.count(Member) == 2


def test_too_many_typed_codes_are_told_on_the_form(shop: Shop, guest: Browser, code: str) -> None:
    for n in range(61):
        click(guest, f"/r/GUESS{n:03d}")
    guest.sign_in_by_code(shop, PHONE)

    answer = join(guest, invitation=code)
    without = join(guest, invitation="")

    assert answer.status_code == 422
    assert f'value="{code}"' in answer.get_data(as_text=True)
    assert without.location == "/welcome"


def test_somebody_who_is_known_signs_in_and_is_bound_to_nobody(
    shop: Shop, guest: Browser, code: str
) -> None:
    shop.member(name="Глеб", phone=PHONE, origin="signup")
    click(guest, f"/r/{code}")

    door = guest.sign_in_by_code(shop, PHONE)

    assert door.location == "/home"
    assert bound(shop) == []


def test_while_nobody_is_invited_there_is_no_field(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    guest.sign_in_by_code(shop, PHONE)

    assert 'name="invitation"' not in guest.get("/join").get_data(as_text=True)


def test_ones_own_code_is_no_invitation(shop: Shop, code: str) -> None:
    with shop.worlds.open() as world:
        anna = Store(world.connection).first("SELECT id FROM member")
        assert anna is not None
        assert bind_friend(world, anna[0], Invitation(code, "code")) == "own"
    browser = shop.signed_in_as("customer")

    said = text_of(browser.get("/welcome?invited=own", headers=AGENT))

    assert "You cannot invite yourself." in said


def signals(shop: Shop) -> list[tuple[Any, ...]]:
    """What looked odd about invitations: rule and action."""
    with shop.worlds.open(readonly=True) as world:
        sql = "SELECT rule, action FROM referral_signal ORDER BY rule"
        return [tuple(row) for row in Store(world.connection).rows(sql)]


@pytest.mark.parametrize("same_browser", [True, False])
def test_a_friend_who_joins_in_the_browser_of_who_invites_waits_for_a_person(
    shop: Shop, guest: Browser, code: str, same_browser: bool
) -> None:
    guest.sign_in_by_code(shop, "+79120000001")
    guest.send("/settings", to="/sign-out")
    if not same_browser:
        guest.client.delete_cookie("laurel-known")

    click(guest, f"/r/{code}")
    guest.sign_in_by_code(shop, PHONE)
    join(guest)

    assert len(bound(shop)) == 1
    network = ("same_network", "flag")
    assert signals(shop) == ([("same_device", "hold"), network] if same_browser else [network])


ADVERTS = [
    ("?yclid=17", ""), ("?GCLID=x", ""), ("?c=vk&gbraid=", ""), ("?utm_medium=CPC", ""),
    ("", "https://www.googleadservices.com/pagead/aclk"), ("", "https://noon.ru/?gclid=1"),
]  # fmt: skip
NO_ADVERTS = [
    ("", ""), ("?utm_medium=social&utm_source=vk", ""), ("?ysclid=free", ""), ("?c=telegram", ""),
    ("", "https://yandex.ru/search"), ("", "http://[::1"), ("", "https://notgoogleadservices.com/"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "before", "paid"),
    [(*each, True) for each in ADVERTS] + [(*each, False) for each in NO_ADVERTS],
)
def test_a_friend_whom_an_advertisement_led_here_waits_for_a_person(
    shop: Shop, guest: Browser, code: str, query: str, before: str, paid: bool
) -> None:
    guest.get(f"/r/{code}{query}", headers=AGENT | ({"Referer": before} if before else {}))
    guest.sign_in_by_code(shop, PHONE)

    join(guest)

    assert len(bound(shop)) == 1
    assert [one for one in signals(shop) if one[0] == "paid_search"] == (
        [("paid_search", "hold")] if paid else []
    )


def test_the_first_way_here_counts_and_nothing_of_the_address_is_carried(
    shop: Shop, guest: Browser, code: str
) -> None:
    click(guest, f"/r/{code}?yclid=170817")
    cookie = guest.client.get_cookie(COOKIE)
    click(guest, f"/r/{code}")
    after = guest.client.get_cookie(COOKIE)

    with shop.app.test_request_context(headers={"Cookie": f"{COOKIE}={after.value}"}):  # type: ignore[union-attr]
        opened = read_opened()
    assert opened is not None
    assert (opened.paid, opened.code) == (True, code)
    assert cookie is not None and "170817" not in cookie.decoded_value
