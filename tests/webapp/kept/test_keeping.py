"""A session ends while somebody types: they sign in and find the form filled again."""

import gzip
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.webapp.shopfront import PASSWORD, Browser, Shop, text_of
from webapp.accounts.tables import KeptForm

PHONE, OTHER = "+79123456789", "+79990000009"
PROFILE = "/settings/profile"
TYPED = {"name": "Аглая К.", "birthday": "1990-02-03"}


@pytest.fixture
def hers(shop: Shop, guest: Browser) -> Browser:
    shop.set_up()
    shop.member(name="Аглая", phone=PHONE, origin="signup")
    shop.member(name="Борис", phone=OTHER, origin="signup")
    guest.sign_in_by_code(shop, PHONE)
    return guest


def send_late(shop: Shop, browser: Browser, token: str = "", **more: str) -> TestResponse:
    """Fill the profile in, and send it after the session has ended."""
    if not token:
        token = browser.token(PROFILE)
        shop.now.move(days=61)
    return browser.client.post(PROFILE, data={"csrf_token": token} | TYPED | more)


def back_of(answer: TestResponse) -> str:
    """Where the door leads on to."""
    return parse_qs(urlsplit(answer.location).query)["next"][0]


def test_she_signs_in_and_finds_what_she_typed(shop: Shop, hers: Browser) -> None:
    late = send_late(shop, hers)
    door = hers.get(late.location)
    back = hers.sign_in_by_code(shop, PHONE, next=back_of(late))
    page = hers.get(back.location)
    packed = hers.get(back.location, headers={"Accept-Encoding": "gzip"}).data

    assert "Аглая К." in gzip.decompress(packed).decode()
    assert late.status_code == 303
    assert "форму такой, как вы её заполнили" in text_of(door).replace("\u00a0", " ")
    assert back.location.startswith(f"{PROFILE}?kept=")
    assert 'value="Аглая К."' in page.get_data(as_text=True)
    assert 'value="1990-02-03"' in page.get_data(as_text=True)
    assert "всё, что вы ввели" in text_of(page)


def test_the_form_is_sent_at_last_and_forgotten(shop: Shop, hers: Browser) -> None:
    back = hers.sign_in_by_code(shop, PHONE, next=back_of(send_late(shop, hers))).location
    key = back.rpartition("=")[2]

    answer = hers.send(PROFILE, kept=key, **TYPED)

    assert answer.status_code == 303
    assert "Аглая К." in hers.get(PROFILE).get_data(as_text=True)
    assert shop.count(KeptForm) == 0
    assert "всё, что вы ввели" not in text_of(hers.get(back))


def test_nothing_is_changed_before_it_is_sent_again(shop: Shop, hers: Browser) -> None:
    back = hers.sign_in_by_code(shop, PHONE, next=back_of(send_late(shop, hers)))
    hers.get(back.location)

    assert 'value="Аглая К."' not in hers.get(PROFILE).get_data(as_text=True)


def test_nobody_else_finds_it(shop: Shop, hers: Browser) -> None:
    late = send_late(shop, hers)
    back = hers.sign_in_by_code(shop, OTHER, next=back_of(late))

    page = hers.get(back.location).get_data(as_text=True)

    assert "Аглая" not in page
    assert "1990-02-03" not in page


def test_after_half_an_hour_it_is_gone(shop: Shop, hers: Browser) -> None:
    late = send_late(shop, hers)
    shop.now.move(minutes=31)
    back = hers.sign_in_by_code(shop, PHONE, next=back_of(late))

    assert "Аглая К." not in hers.get(back.location).get_data(as_text=True)


def test_a_session_ended_from_another_browser_loses_nothing_either(
    shop: Shop, hers: Browser
) -> None:
    token = hers.token(PROFILE)
    other = shop.browser()
    other.sign_in_by_code(shop, PHONE)
    other.send("/settings/devices", "/settings/sessions/end-others")

    late = hers.client.post(PROFILE, data={"csrf_token": token} | TYPED)

    assert "kept" in late.location


def test_a_form_that_is_not_ours_keeps_nothing(shop: Shop, hers: Browser) -> None:
    token = hers.token(PROFILE)
    shop.now.move(days=61)
    strange = {"Sec-Fetch-Site": "cross-site"}
    forged = hers.client.post(PROFILE, data={"csrf_token": "x"} | TYPED)
    foreign = hers.client.post(PROFILE, data={"csrf_token": token} | TYPED, headers=strange)
    unknown = shop.browser().client.post(PROFILE, data={"csrf_token": token} | TYPED)

    assert [one.status_code for one in (forged, foreign, unknown)] == [303] * 3
    assert not any("kept" in one.location for one in (forged, foreign, unknown))
    assert shop.count(KeptForm) == 0


def test_passwords_and_codes_are_never_kept(shop: Shop, hers: Browser) -> None:
    token = hers.token("/settings/password")
    shop.now.move(days=61)
    late = hers.client.post("/settings/password", data={"csrf_token": token, "password": PASSWORD})
    send_late(shop, hers, token, password=PASSWORD, code="123456")

    assert "kept" not in late.location
    with shop.worlds.open(readonly=True) as world:
        rows = world.connection.exec_driver_sql("SELECT fields FROM kept_form").all()
    assert PASSWORD not in str(rows)
    assert "123456" not in str(rows)


def test_one_form_at_most_waits_for_a_person(shop: Shop, hers: Browser) -> None:
    token = hers.token(PROFILE)
    shop.now.move(days=61)
    first = send_late(shop, hers, token)
    second = send_late(shop, hers, token, name="Вторая")

    assert shop.count(KeptForm) == 1
    assert back_of(first) != back_of(second)


def test_by_htmx_the_whole_page_goes_to_the_door(shop: Shop, hers: Browser) -> None:
    token = hers.token("/settings/messages")
    shop.now.move(days=61)
    answer = hers.client.post(
        "/settings/messages/quiet",
        data={"csrf_token": token, "start": "22", "end": "8"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/settings/messages"},
    )

    assert answer.status_code == 401
    assert "next=/settings/messages?kept%3D" in answer.headers["HX-Redirect"]


def test_a_reason_written_by_the_owner_waits_too(shop: Shop) -> None:
    shop.set_up()
    shop.staff("owner", password=PASSWORD)
    owner = shop.browser()
    owner.send("/staff/sign-in", email="owner@example.org", password=PASSWORD)
    token = owner.token("/console/keys")
    shop.now.move(hours=13)

    late = owner.client.post("/console/keys", data={"csrf_token": token, "name": "Касса у окна"})
    back = owner.send(
        "/staff/sign-in", email="owner@example.org", password=PASSWORD, next=back_of(late)
    )

    assert late.location.startswith("/staff/sign-in")
    assert 'value="Касса у окна"' in owner.get(back.location).get_data(as_text=True)
