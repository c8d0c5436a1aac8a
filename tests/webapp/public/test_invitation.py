"""A friend's link: what it shows, whom it counts, what it leaves in the browser."""

import gzip
import html
import re
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from gamification.commands.member import ConsentAnswer
from gamification.commands.preferences import answer_questions
from gamification.commands.referrals import (
    ReferralTerms,
    choose_word,
    code_for,
    publish_terms,
    retire_word,
    rotate_code,
)
from gamification.store import Store
from gamification.world import World
from tests.counting import asked
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.invitations.visits import MOST_FAILURES, Visits, visits_of
from webapp.security import HEADERS
from webapp.surroundings import here

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
ROBOTS = (
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.24.6.77 A",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "",
)
TERMS = ReferralTerms(referrer_points=300, friend_points=200, minimum=50_000, link_days=30)


class Club:
    """A shop whose members invite; Anna Sedova is one of them."""

    def __init__(self, shop: Shop, **terms: Any) -> None:
        shop.set_up()
        self.shop = shop
        self.anna = shop.member(name="Анна Седова", phone="+79120000001", origin="signup")
        with shop.worlds.open() as world:
            publish_terms(world, ReferralTerms(**{**fields(TERMS), **terms}))
            self.code = code_for(world, self.anna)

    def friend(self, name: str, phone: str) -> str:
        """The code of one member more."""
        member_id = self.shop.member(name=name, phone=phone, origin="signup")
        with self.shop.worlds.open() as world:
            return code_for(world, member_id)

    def show_name(self) -> None:
        with self.shop.worlds.open() as world:
            yes = ConsentAnswer("friends", given=True, text_version="friends-1")
            answer_questions(world, self.anna, [yes])

    def opened(self) -> list[tuple[Any, ...]]:
        """What is counted so far: code, channel, how often."""
        visits_of(self.shop.app).flush()
        with self.shop.worlds.open(readonly=True) as world:
            rows = Store(world.connection).rows(
                "SELECT c.code, v.channel, v.opened FROM referral_visits v"
                " JOIN referral_code c ON c.id = v.code_id ORDER BY v.channel, c.id"
            )
            return [tuple(row) for row in rows]


def fields(terms: ReferralTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in ReferralTerms.__slots__}


@pytest.fixture
def club(shop: Shop) -> Club:
    return Club(shop)


def look(browser: Browser, path: str, **headers: str) -> TestResponse:
    """Open a link as a person does."""
    return browser.get(path, headers={"User-Agent": PHONE, "Accept-Language": "en"} | headers)


def carried(answer: TestResponse) -> str:
    """The code that the page's button carries along."""
    return unquote(answer.get_data(as_text=True).split("/sign-in?i=")[1].split('"')[0])


def test_a_live_link_says_what_each_side_gets(club: Club, guest: Browser) -> None:
    answer = look(guest, f"/r/{club.code}")

    said = text_of(answer)
    assert answer.status_code == 200
    assert "Your friend invites you to Полдень" in said
    assert "200 for you." in said
    assert "300 for your friend." in said
    assert "first purchase of ₽500 or more within 60" in said.replace("\u00a0", " ")
    assert "Анна" not in answer.get_data(as_text=True)
    assert carried(answer) == club.code
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "<script" not in answer.get_data(as_text=True)


def test_a_name_is_shown_when_its_owner_agreed_and_never_whole(club: Club, guest: Browser) -> None:
    club.show_name()

    body = look(guest, f"/r/{club.code}").get_data(as_text=True)

    assert "Анна С. invites you" in body
    assert "Седова" not in body
    assert "Анна" not in body.split("<body>")[0], "messengers keep what the head says"


def test_small_letters_and_a_word_in_russian_lead_there_too(club: Club, shop: Shop) -> None:
    with club.shop.worlds.open() as world:
        choose_word(world, club.anna, "ёлка-7", [])

    answers = [look(shop.browser(), f"/r/{typed}") for typed in (club.code.lower(), "Ёлка-7")]

    assert [carried(answer) for answer in answers] == [club.code, "ЕЛКА-7"]


def test_clicks_write_nothing_until_the_batch(club: Club, shop: Shop) -> None:
    look(shop.browser(), f"/r/{club.code}")  # whatever an app reads once
    engine = here(shop.app).engine

    with asked(engine) as clicks:
        for _ in range(20):
            look(shop.browser(), f"/r/{club.code}?c=qr")
    with asked(engine) as batch:
        visits_of(shop.app).flush()

    reads = ("SELECT", "BEGIN", "PRAGMA", "SET", "WITH")
    assert [sql for sql in clicks if not sql.strip().startswith(reads)] == []
    assert len(clicks) <= 20 * 12
    assert sum("referral_visits" in sql for sql in batch) == 2, "one for each channel"
    assert club.opened() == [(club.code, "link", 1), (club.code, "qr", 20)]


def test_unknown_retired_and_switched_off_are_one_answer(club: Club, guest: Browser) -> None:
    with club.shop.worlds.open() as world:
        choose_word(world, club.anna, "SUNNY", [])
        retire_word(world, club.anna)
    answers = [look(guest, path) for path in ("/r/NOBODY22", "/r/SUNNY", "/r/%00", "/r/🌿")]
    with club.shop.worlds.open() as world:
        publish_terms(world, ReferralTerms(is_on=False))
    club.shop.now.move(seconds=1)
    answers.append(look(guest, f"/r/{club.code}"))

    there = look(guest, "/sign-in?ended=1")

    assert [(a.status_code, a.location) for a in answers if a.status_code != 400] == [
        (303, "/sign-in?ended=1")
    ] * 4
    assert "This invitation no longer works. You can join without it" in text_of(there)


def test_a_person_counts_once_in_a_browser_and_by_channel(club: Club, shop: Shop) -> None:
    first, second = shop.browser(), shop.browser()
    for path in ("?c=telegram", "?c=telegram", "?c=vk", ""):
        look(first, f"/r/{club.code}{path}")
    look(second, f"/r/{club.code}?c=nonsense")
    look(shop.signed_in_as("customer"), f"/r/{club.code}")

    assert club.opened() == [(club.code, "link", 1), (club.code, "telegram", 1)]


def test_robots_see_the_preview_and_leave_no_trace(club: Club, guest: Browser) -> None:
    answers = [look(guest, f"/r/{club.code}", **{"User-Agent": agent}) for agent in ROBOTS]
    answers.append(look(guest, f"/r/{club.code}", **{"Sec-Purpose": "prefetch;prerender"}))
    answers.append(guest.client.head(f"/r/{club.code}", headers={"User-Agent": PHONE}))

    assert {answer.status_code for answer in answers} == {200}
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert club.opened() == []
    assert 'property="og:image" content="http://' in answers[0].get_data(as_text=True)


def test_a_phone_called_cubot_is_no_robot(club: Club, guest: Browser) -> None:
    agent = "Mozilla/5.0 (Linux; Android 13; CUBOT P80) Chrome/120 Mobile"

    look(guest, f"/r/{club.code}", **{"User-Agent": agent})

    assert club.opened() == [(club.code, "link", 1)]


def test_the_preview_picture_is_small_and_ours(club: Club, guest: Browser) -> None:
    body = look(guest, f"/r/{club.code}").get_data(as_text=True)
    address = body.split('og:image" content="')[1].split('"')[0]

    answer = guest.get(address[address.index("/static") :])

    assert answer.content_type == "image/png"
    assert answer.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(answer.data) <= 60 * 1024


def test_the_cookie_is_closed_and_lives_as_long_as_the_link(club: Club, guest: Browser) -> None:
    cookies = look(guest, f"/r/{club.code}").headers.getlist("Set-Cookie")

    (told,) = [cookie for cookie in cookies if cookie.startswith("laurel-invited=")]
    assert f"Max-Age={30 * 24 * 3600}" in told
    assert "HttpOnly" in told
    assert "SameSite=Lax" in told
    assert "Анна" not in told


def test_the_first_invitation_counts(club: Club, guest: Browser) -> None:
    other = club.friend("Вера", "+79120000002")
    look(guest, f"/r/{club.code}")

    answer = look(guest, f"/r/{other}")

    assert carried(answer) == club.code
    assert "The first one counts." in text_of(answer)
    assert [row[0] for row in club.opened()] == [club.code, other]
    assert "Set-Cookie" not in look(guest, f"/r/{other}").headers


def test_an_earlier_one_that_leads_nowhere_makes_room(club: Club, guest: Browser) -> None:
    other = club.friend("Вера", "+79120000002")
    look(guest, f"/r/{club.code}")
    with club.shop.worlds.open() as world:
        rotate_code(world, club.anna)

    assert carried(look(guest, f"/r/{other}")) == other


def test_an_earlier_one_that_is_too_old_makes_room(club: Club, guest: Browser) -> None:
    other = club.friend("Вера", "+79120000002")
    look(guest, f"/r/{club.code}")
    club.shop.now.move(days=30)

    assert carried(look(guest, f"/r/{other}")) == other


def test_the_last_counts_where_the_programme_says_so(shop: Shop, guest: Browser) -> None:
    club = Club(shop, bind="last")
    other = club.friend("Вера", "+79120000002")
    look(guest, f"/r/{club.code}?c=vk")

    assert carried(look(guest, f"/r/{other}?c=telegram")) == f"{other}.telegram"


def test_a_cookie_that_we_did_not_write_counts_for_nothing(club: Club, guest: Browser) -> None:
    look(guest, f"/r/{club.code}")
    cookie = guest.client.get_cookie("laurel-invited")
    assert cookie is not None
    other = club.friend("Вера", "+79120000002")
    guest.client.set_cookie("laurel-invited", f"x{cookie.value}")

    assert carried(look(guest, f"/r/{other}")) == other


def test_who_looks_at_their_own_link_is_told_so(club: Club, shop: Shop) -> None:
    browser = shop.signed_in_as("customer")
    with shop.worlds.open() as world:
        found = Store(world.connection).first("SELECT MAX(id) FROM member")
        assert found is not None
        code = code_for(world, found[0])

    own, other = look(browser, f"/r/{code}"), look(browser, f"/r/{club.code}")

    assert "You cannot invite yourself." in text_of(own)
    assert "You are in already." in text_of(other)
    assert "laurel-invited" not in f"{own.headers} {other.headers}"


def test_trying_codes_comes_to_an_end(club: Club, shop: Shop) -> None:
    guesser = shop.browser().at("203.0.113.9")
    answers = [look(guesser, f"/r/GUESS{n:03d}").status_code for n in range(62)]

    live, elsewhere = look(guesser, f"/r/{club.code}"), look(shop.browser(), f"/r/{club.code}")
    shop.now.move(minutes=16)

    assert answers == [303] * 60 + [429] * 2
    assert (live.status_code, elsewhere.status_code) == (429, 200)
    assert int(live.headers["Retry-After"]) > 0
    assert look(guesser, f"/r/{club.code}").status_code == 200


def test_a_batch_that_cannot_be_written_waits_and_is_given_up_in_the_end(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = Visits(club.shop.worlds)
    day = club.shop.now.read().date()

    def broken(_world: World, _rows: Any) -> None:
        raise sa.exc.OperationalError("x", {}, Exception())

    with monkeypatch.context() as patch:
        patch.setattr("webapp.invitations.visits.note_visits", broken)
        visits.add(1, day, "link")
        visits.flush()
    visits.add(1, day, "link")
    visits.flush()
    kept = club.opened()
    with monkeypatch.context() as patch:
        patch.setattr("webapp.invitations.visits.note_visits", broken)
        visits.add(1, day, "link")
        for _ in range(MOST_FAILURES):
            visits.flush()
    visits.flush()

    assert kept == [(club.code, "link", 2)]
    assert club.opened() == kept


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


def test_what_changes_is_on_the_very_next_page(club: Club, shop: Shop) -> None:
    club.show_name()
    look(shop.browser(), f"/r/{club.code}")
    with club.shop.worlds.open() as world:
        no = ConsentAnswer("friends", given=False, text_version="friends-1")
        answer_questions(world, club.anna, [no])
    hidden = text_of(look(shop.browser(), f"/r/{club.code}"))
    with club.shop.worlds.open() as world:
        publish_terms(world, ReferralTerms(**{**fields(TERMS), "friend_points": 777}))
    club.shop.now.move(seconds=1)
    dearer = text_of(look(shop.browser(), f"/r/{club.code}"))
    with club.shop.worlds.open() as world:
        rotate_code(world, club.anna)
    gone = look(shop.browser(), f"/r/{club.code}")

    assert "Анна" not in hidden
    assert "777 for you." in dearer
    assert gone.location == "/sign-in?ended=1"


def test_a_part_that_somebody_asks_for_is_kept_for_nobody(club: Club, shop: Shop) -> None:
    asked = {"HX-Request": "true", "HX-Target": "title"}
    part = look(shop.browser(), f"/r/{club.code}", **asked).get_data(as_text=True)
    whole = look(shop.browser(), f"/r/{club.code}").get_data(as_text=True)
    again = look(shop.browser(), f"/r/{club.code}", **asked).get_data(as_text=True)

    assert part == again == "An invitation"
    assert "<h1>" in whole
