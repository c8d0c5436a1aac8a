"""What lets a phone keep the programme like an app: manifest, icons, worker, offline pages."""

import json
import re
import struct
import zlib
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from gamification.members.tables import Card
from tests.webapp.public.test_landing import change
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.app import create_app
from webapp.brand.pictures import read_picture
from webapp.readers import HEADER, NOBODY
from webapp.settings import Settings


def colours_of(png: bytes) -> list[tuple[int, int, int]]:
    """The palette of a picture, after its checks were compared."""
    place, found = 8, b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(kind + body), kind
        found = body if kind == b"PLTE" else found
        place += 12 + length
    return [(found[n], found[n + 1], found[n + 2]) for n in range(0, len(found), 3)]


def test_the_manifest_names_the_shop_and_icons_of_the_size_they_say(
    shop: Shop, guest: Browser
) -> None:
    shop.set_up()

    answer = guest.get("/manifest.webmanifest", headers={"Accept-Language": "en"})

    told = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert (told["name"], told["start_url"], told["display"]) == ("Полдень", "/home", "standalone")
    sizes = {(icon["sizes"], icon["purpose"]) for icon in told["icons"]}
    assert sizes == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for icon in told["icons"]:
        picture = read_picture(guest.get(icon["src"]).data)
        assert (picture.kind, f"{picture.width}x{picture.height}") == ("image/png", icon["sizes"])


def test_the_icon_takes_the_colour_of_the_shop(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    before = guest.get("/icon/large.png").data

    change(shop, colour="#6C2BD9")

    after = guest.get("/icon/large.png").data
    assert colours_of(before)[0] == (0x0A, 0x6B, 0x45)
    assert colours_of(after)[0] == (0x6C, 0x2B, 0xD9)
    assert guest.get("/icon/huge.png").status_code == 404


def test_a_page_names_manifest_icon_and_a_colour_for_each_theme(shop: Shop, guest: Browser) -> None:
    shop.set_up()

    head = guest.get("/club").get_data(as_text=True)

    assert '<link rel="manifest" href="/manifest.webmanifest" data-worker="/sw.js">' in head
    assert 'rel="apple-touch-icon" href="/icon/apple.png' in head
    assert 'media="(prefers-color-scheme: light)" content="#F3F4EE"' in head
    assert 'media="(prefers-color-scheme: dark)" content="#0B100D"' in head


def test_the_worker_knows_addresses_that_are_there(shop: Shop, guest: Browser) -> None:
    shop.set_up()

    answer = guest.get("/sw.js")

    first, rest = answer.get_data(as_text=True).split("\n", 1)
    told = json.loads(first.removeprefix("const LAUREL = ").removesuffix(";"))
    assert answer.mimetype == "text/javascript"
    assert "addEventListener" in rest
    assert {guest.get(path).status_code for path in [*told["shell"], told["offline"]]} == {200}
    assert {"/sign-out", "/sign-in/code", "/sign-in/password", "/join"} <= set(told["doors"])
    assert "/prefs" not in told["doors"]
    page = guest.get(told["offline"]).get_data(as_text=True)
    assert [path for path in told["shell"] if path not in page] == [], "kept, and on no page"
    sheets = re.findall(r'rel="stylesheet" href="(/static/[^"]+)"', page)
    assert sheets, "a page has its looks"
    assert set(sheets) <= set(told["shell"])


@pytest.fixture
def card_holder(shop: Shop) -> Browser:
    shop.set_up()
    browser = shop.signed_in_as("customer")
    with shop.worlds.open() as world:
        member_id = world.session.scalar(sa.text("SELECT MAX(id) FROM member"))
        if not world.session.scalar(sa.text("SELECT COUNT(*) FROM card")):
            card = Card(member_id=member_id, number="4417000000217", state="active",
                        issued_at=world.now)  # fmt: skip
            world.session.add(card)
    return browser


def test_the_kept_page_holds_card_balance_and_time(card_holder: Browser) -> None:
    said = text_of(card_holder.get("/offline"))
    card = text_of(card_holder.get("/offline/card"))

    assert "Offline, data as of 12:00" in said
    assert "You could spend 0" in said
    assert "as of 24 November, 12:00" in said
    assert "Without a network you can earn points, but not spend them." in said
    assert "Without a network you can earn points, but not spend them." in card


def test_the_kept_page_in_russian(card_holder: Browser) -> None:
    card_holder.send("/settings/profile", to="/prefs", locale="ru")

    assert "Нет сети, показываем данные на 12:00" in text_of(card_holder.get("/offline"))
    assert "Без сети только накопление" in text_of(card_holder.get("/offline/card"))


@pytest.mark.parametrize("path", ["/offline", "/offline/card"])
def test_a_stranger_and_the_staff_carry_nothing(path: str, shop: Shop, guest: Browser) -> None:
    shop.set_up()

    for browser in (guest, shop.signed_in_as("owner")):
        answer = browser.get(path, headers={"Accept-Language": "en"})
        assert answer.status_code == 200
        assert "There is no network here" in text_of(answer)
        assert answer.headers[HEADER] == NOBODY


def test_each_session_is_another_reader_and_a_failure_is_none(shop: Shop) -> None:
    shop.set_up()
    anna, boris = shop.signed_in_as("customer"), shop.signed_in_as("customer")

    marks = [browser.get(path).headers[HEADER]
             for browser in (anna, boris) for path in ("/offline", "/history")]  # fmt: skip

    assert marks[0] == marks[1]
    assert marks[2] == marks[3]
    assert len(set(marks) | {NOBODY}) == 3
    assert HEADER not in anna.get("/").headers  # leads on, shows nothing
    assert HEADER not in anna.get("/sw.js").headers


def test_a_day_of_the_past_is_not_kept(shop: Shop, settings: Settings, engine: sa.Engine) -> None:
    shop.set_up()
    past = create_app(replace(settings, as_of=date(2026, 11, 20)), engine=engine)

    browser = Shop(past, shop.now).signed_in_as("customer")

    answer = browser.get("/offline")
    assert answer.headers[HEADER] == NOBODY
    assert "data-worker" not in answer.get_data(as_text=True)
