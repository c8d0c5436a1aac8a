"""A friend's link: what it shows, whom it counts, what it leaves in the browser."""

from typing import Any

import pytest
import sqlalchemy as sa

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
from tests.webapp.public.club import PHONE, TERMS, Club, carried, fields, look
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.batches import MOST_FAILURES
from webapp.invitations.visits import Visits, visits_of
from webapp.surroundings import here

ROBOTS = (
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.24.6.77 A",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "",
)


@pytest.fixture
def club(shop: Shop) -> Club:
    return Club(shop)


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
    assert "You are already a member." in text_of(other)
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
