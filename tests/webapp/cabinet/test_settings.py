"""Where one is signed in, and how to end it."""

import re
from datetime import datetime
from unittest.mock import ANY

import sqlalchemy as sa

from gamification.columns import from_micros
from tests.counting import asked
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.accounts.actions import touch_sessions
from webapp.accounts.tables import BrowserSession
from webapp.signin import seen_sessions
from webapp.surroundings import here

PHONE = "+79123456789"


def two_browsers(shop: Shop) -> tuple[Browser, Browser]:
    shop.member(phone=PHONE, origin="signup")
    one, two = shop.browser(), shop.browser()
    one.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 19) Safari/605"
    one.sign_in_by_code(shop, PHONE)
    shop.now.move(minutes=1)
    two.sign_in_by_code(shop, PHONE)
    return one, two


def test_every_browser_is_listed_this_one_first(shop: Shop) -> None:
    _, two = two_browsers(shop)

    words = text_of(two.get("/settings/devices"))

    assert "iPhone, Safari" in words
    assert words.count("Неизвестный браузер") == 1
    assert "67 89" in text_of(two.get("/settings"))
    assert PHONE not in words + text_of(two.get("/settings")) + text_of(
        two.get("/settings/contacts")
    )


def test_one_browser_ends_another(shop: Shop) -> None:
    one, two = two_browsers(shop)
    key = re.search(
        r'name="key" value="([^"]+)"', two.get("/settings/devices").get_data(as_text=True)
    )
    assert key

    answer = two.send("/settings/devices", "/settings/sessions/end", key=key.group(1))

    assert answer.location == "/settings/devices"
    assert one.get("/settings").status_code == 303
    assert two.get("/settings").status_code == 200


def test_one_browser_ends_all_others(shop: Shop) -> None:
    one, two = two_browsers(shop)

    two.send("/settings/devices", "/settings/sessions/end-others")

    assert (one.get("/settings").status_code, two.get("/settings").status_code) == (303, 200)


def test_a_strangers_form_ends_nothing(shop: Shop) -> None:
    _, two = two_browsers(shop)
    key = re.search(
        r'name="key" value="([^"]+)"', two.get("/settings/devices").get_data(as_text=True)
    )
    assert key
    stranger = shop.signed_in_as("owner")

    stranger.send("/settings/devices", "/settings/sessions/end", key=key.group(1))
    stranger.send("/settings/devices", "/settings/sessions/end-others")

    assert shop.count(BrowserSession, BrowserSession.ended_at.is_not(None)) == 0  # type: ignore[union-attr]


def test_signing_out_ends_the_session_for_a_copied_cookie_too(shop: Shop) -> None:
    one, _ = two_browsers(shop)
    copied = one.client.get_cookie("laurel")
    assert copied is not None

    one.send("/settings", "/sign-out")

    thief = shop.browser()
    thief.client.set_cookie("laurel", copied.value)
    assert thief.get("/settings").status_code == 303


def test_a_session_sleeps_after_two_months_and_ends_after_six(shop: Shop) -> None:
    one, two = two_browsers(shop)
    seen = []
    for _ in range(6):
        shop.now.move(days=29)
        seen.append(one.get("/settings").status_code)
    asleep = two.get("/settings").status_code
    shop.now.move(days=7)

    assert seen == [200] * 6
    assert asleep == 303
    assert one.get("/settings").status_code == 303


def last_seen(shop: Shop) -> list[datetime]:
    with here(shop.app).engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT seen_at FROM browser_session ORDER BY id"))
        return [from_micros(row[0]) for row in rows]


def test_looking_waits_for_no_till_and_is_noted_soon(shop: Shop) -> None:
    one, _ = two_browsers(shop)
    one.get("/settings")
    shop.now.move(minutes=11)
    before = last_seen(shop)

    with asked(here(shop.app).engine) as statements:
        assert one.get("/settings").status_code == 200
        assert one.get("/settings").status_code == 200
    unwritten = last_seen(shop)
    seen_sessions(shop.app).flush()

    assert [sql for sql in statements if "UPDATE" in sql] == []
    assert unwritten == before
    assert last_seen(shop) == [shop.now.read(), before[1]]


def test_a_note_that_keeps_a_session_awake_is_written_at_once(shop: Shop) -> None:
    one, _ = two_browsers(shop)
    shop.now.move(days=31)

    one.get("/settings")

    assert last_seen(shop) == [shop.now.read(), ANY]


def test_an_older_note_does_not_make_a_session_older(shop: Shop) -> None:
    two_browsers(shop)
    before = last_seen(shop)

    with here(shop.app).entrance.open() as world:
        touch_sessions(world, {1: datetime(2026, 11, 1, tzinfo=before[0].tzinfo), 99: world.now})

    assert last_seen(shop) == before
