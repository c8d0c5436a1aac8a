"""Language and theme at a friend's link: plain links, and the same page for every stranger."""

import gzip
import html
import re

import pytest
from werkzeug.test import TestResponse

from gamification.store import Store
from tests.webapp.public.club import Club, look
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.security import HEADERS


@pytest.fixture
def club(shop: Shop) -> Club:
    return Club(shop)


def test_every_stranger_reads_the_same_and_it_says_nothing_of_them(club: Club, shop: Shop) -> None:
    path, packs = f"/r/{club.code}?c=vk&fbclid=someone", {"Accept-Encoding": "gzip"}
    plain = [look(shop.browser(), path) for _ in range(3)]
    packed = [look(shop.browser(), path, **packs) for _ in range(3)]

    texts = [answer.get_data(as_text=True) for answer in plain]
    texts += [gzip.decompress(answer.data).decode() for answer in packed]
    assert len(set(texts)) == 1
    assert "someone" not in texts[0]
    for answers in (plain, packed):
        assert len({headers_of(answer) for answer in answers}) == 1
    assert packed[2].headers["Content-Encoding"] == "gzip"
    assert int(packed[2].headers["Content-Length"]) == len(packed[2].data)


def headers_of(answer: TestResponse) -> frozenset[tuple[str, str]]:
    """What an answer says of itself, but for its cookies, whose values are a browser's own."""
    told = [(name, value) for name, value in answer.headers if name not in ("Set-Cookie", "Vary")]
    assert len(told) == len(dict(told)), "each is said once"
    varies = sorted(each.strip() for each in answer.headers["Vary"].split(","))
    return frozenset([*told, ("Vary", ", ".join(varies))])


def test_a_page_that_is_kept_is_protected_as_any_other(club: Club, shop: Shop) -> None:
    kept = [look(shop.browser(), f"/r/{club.code}") for _ in range(3)][-1]

    assert {name: kept.headers.get(name) for name in HEADERS} == HEADERS
    assert kept.headers["Cache-Control"] == "no-store"
    assert kept.headers["X-Robots-Tag"] == "noindex"
    assert {"HX-Request", "HX-Target", "Accept-Encoding", "Cookie"} <= set(kept.vary)


def test_the_page_opens_no_session_and_has_no_form(club: Club, guest: Browser) -> None:
    answer = look(guest, f"/r/{club.code}")

    assert [each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie")] == [
        "laurel-invited"
    ]
    assert "<form" not in answer.get_data(as_text=True)


def test_a_language_is_chosen_by_a_link_and_stays_until_somebody_is_a_member(
    club: Club, shop: Shop, guest: Browser
) -> None:
    chosen = look(guest, link_called(look(guest, f"/r/{club.code}?c=vk"), "Русский"))
    dark = look(guest, link_called(chosen, "Тёмная"))
    door = look(guest, link_called(dark, "Вступить"))
    guest.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    guest.send("/sign-in", contact="+79123456789")
    guest.send("/sign-in/code", code=shop.last_code())
    form = guest.get("/join")
    guest.send("/join", name="Вера", **{"consent-programme": "yes"})

    with shop.worlds.open(readonly=True) as world:
        (row,) = Store(world.connection).rows("SELECT locale FROM member WHERE name = 'Вера'")
        (bound,) = Store(world.connection).rows("SELECT channel FROM referral")
    assert "зовёт" in text_of(chosen)
    for answer in (dark, door, form):
        assert '<html lang="ru" data-theme="dark"' in answer.get_data(as_text=True)
    assert (row[0], bound[0]) == ("ru", "vk")


def link_called(answer: TestResponse, name: str) -> str:
    """Where a link of the page leads, by what it says."""
    for href, said in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', answer.text, re.DOTALL):
        if re.sub(r"<[^>]+>", "", said).strip() == name:
            return html.unescape(href)
    raise AssertionError(f"no link says {name}")


def test_a_button_at_the_door_goes_before_what_the_link_said(club: Club, guest: Browser) -> None:
    door = f"/sign-in?i={club.code}&lang=ru&theme=dark&next=/home"
    look(guest, door)
    answer = guest.send(door, to="/prefs", locale="en", next=place_of(look(guest, door)))

    after = look(guest, answer.location, **{"Accept-Language": "ru"})
    assert answer.location == f"/sign-in?i={club.code}&next=%2Fhome"
    assert '<html lang="en" data-theme="dark"' in after.text


def place_of(answer: TestResponse) -> str:
    """Where the buttons for language and theme lead back to."""
    return html.unescape(answer.text.split('action="/prefs"')[1].split('value="')[2].split('"')[0])


@pytest.mark.parametrize(
    "by", [{"Sec-Fetch-Site": "same-origin"}, {"Referer": "http://localhost/r/X"}]
)
def test_whoever_chooses_without_cookies_is_counted_once(
    club: Club, shop: Shop, by: dict[str, str]
) -> None:
    blocked = Browser(shop.app.test_client(use_cookies=False))
    first = look(blocked, f"/r/{club.code}", **{"Sec-Fetch-Site": "cross-site"})

    second = look(blocked, link_called(first, "Русский"), **by)
    third = look(blocked, link_called(second, "Светлая"), **by)
    door = look(blocked, link_called(third, "Вступить"))

    assert club.opened() == [(club.code, "link", 1)]
    assert '<html lang="ru" data-theme="light"' in door.text
    assert "Приглашение" in text_of(door)


def test_a_link_that_was_sent_on_with_its_language_counts(club: Club, shop: Shop) -> None:
    said = [
        look(shop.browser(), f"/r/{club.code}?lang=ru", **more)
        for more in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Referer": "https://example.org/"})
    ]

    assert all("зовёт" in answer.text for answer in said)
    assert club.opened() == [(club.code, "link", 3)]


@pytest.mark.parametrize("query", ["lang=de&theme=pink", "lang=&theme=", "lang=ru%00", "theme=<b>"])
def test_a_choice_that_we_do_not_know_is_none(club: Club, guest: Browser, query: str) -> None:
    plain, odd = look(guest, f"/r/{club.code}"), look(guest, f"/r/{club.code}?{query}")

    assert odd.status_code in (200, 400)
    assert odd.status_code == 400 or odd.text == plain.text


def test_choosing_a_language_is_no_new_opening(shop: Shop, guest: Browser) -> None:
    club = Club(shop, bind="last")
    first = look(guest, f"/r/{club.code}?yclid=1")
    club.shop.now.move(days=3)

    chosen = look(guest, link_called(first, "Русский"), **{"Sec-Fetch-Site": "same-origin"})
    again = look(guest, f"/r/{club.code}")

    assert "Set-Cookie" not in chosen.headers, "the day and the advertisement stay"
    assert "laurel-invited" in again.headers["Set-Cookie"]


def test_members_choose_in_their_settings(club: Club, shop: Shop) -> None:
    answer = look(shop.signed_in_as("customer"), f"/r/{club.code}?lang=ru&theme=dark")

    assert '<html lang="en">' in answer.text
    assert 'action="/prefs"' in answer.text


def test_a_link_that_leads_nowhere_takes_the_language_along(club: Club, guest: Browser) -> None:
    answer = look(guest, "/r/NOBODY22?lang=ru&theme=dark")

    assert answer.location == "/sign-in?ended=1&lang=ru&theme=dark"
    assert "больше не действует" in text_of(look(guest, answer.location))
    assert '<html lang="ru" data-theme="dark"' in look(guest, "/").text
