"""One press takes the news away, without a sign-in; a look does not, and it can be undone."""

import re
from typing import Any

import pytest
from sqlmodel import select

from gamification.commands.farewell import erase_member
from gamification.commands.member import ConsentAnswer
from gamification.commands.preferences import answer_questions, choose_notice
from gamification.members.tables import Consent, Member
from gamification.notices.tables import NoticeChoice
from tests.webapp.shopfront import KEY, Shop, text_of
from webapp.wayout import WayOut, sealed

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def anna(shop: Shop) -> int:
    shop.set_up()
    member_id = shop.member(email="anna@example.org")
    with shop.worlds.open() as world:
        answer_questions(world, member_id, [ConsentAnswer("marketing", True, "x")])
        choose_notice(world, member_id, kind="medal", channel="email", wanted=True)
        choose_notice(world, member_id, kind="returned", channel="email", wanted=True)
        choose_notice(world, member_id, kind="tier_reached", channel="sms", wanted=True)
    return member_id


def way_out(shop: Shop, member_id: int) -> str:
    with shop.worlds.open(readonly=True) as world:
        public_id = world.session.get_one(Member, member_id).public_id
    return WayOut("", KEY).href(public_id)


def consents(shop: Shop) -> list[tuple[bool, str]]:
    with shop.worlds.open(readonly=True) as world:
        rows = world.session.exec(select(Consent).order_by(Consent.id))  # type: ignore[arg-type]
        return [(row.given, row.channel) for row in rows if row.purpose == "marketing"]


def chosen(shop: Shop) -> dict[tuple[str, str], bool]:
    with shop.worlds.open(readonly=True) as world:
        rows = world.session.exec(select(NoticeChoice))
        return {(row.kind, row.channel): row.wanted for row in rows}


BEFORE: dict[Any, bool] = {
    ("medal", "email"): True,
    ("returned", "email"): True,
    ("tier_reached", "sms"): True,
}


def test_a_look_at_the_address_changes_nothing(shop: Shop, anna: int) -> None:
    answer = shop.browser().get(way_out(shop, anna))

    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Anna" not in text_of(answer)
    assert "Анна" not in text_of(answer)
    assert consents(shop) == [(True, "web")]


def test_a_mail_program_takes_the_news_away_with_one_press(shop: Shop, anna: int) -> None:
    bare = shop.app.test_client(use_cookies=False)
    where = way_out(shop, anna)

    answers = [
        bare.post(where, data=ONE_CLICK, headers={"Origin": "https://mail.example.com",
                                                  "Sec-Fetch-Site": "cross-site"})
        for _ in range(2)
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [200, 200]
    assert consents(shop) == [(True, "web"), (False, "email")]
    assert chosen(shop) == BEFORE | {("medal", "email"): False}


def test_a_person_undoes_it(shop: Shop, anna: int) -> None:
    browser, where = shop.browser(), way_out(shop, anna)
    done = browser.send(where).get_data(as_text=True)
    found = re.search(r'name="was" value="([^"]+)"', done)
    assert found
    token = re.search(r'name="csrf_token" value="([^"]+)"', done)
    assert token

    again = browser.client.post(f"{where}/undo", data={"was": found[1], "csrf_token": token[1]})

    assert again.status_code == 200
    assert consents(shop) == [(True, "web"), (False, "email"), (True, "email")]
    assert chosen(shop) == BEFORE


def test_an_undo_is_for_its_own_address_and_for_a_day(shop: Shop, anna: int) -> None:
    browser, where = shop.browser(), way_out(shop, anna)
    other = shop.member(name="Вера", email="vera@example.org")
    done = browser.send(where).get_data(as_text=True)
    was = re.search(r'name="was" value="([^"]+)"', done)
    assert was
    token = browser.token(where)

    answers = [
        browser.client.post(f"{path}/undo", data={"was": said, "csrf_token": token}).status_code
        for path, said in ((way_out(shop, other), was[1]), (where, "x"), (where, ""))
    ]

    assert answers == [400, 400, 400]
    assert consents(shop) == [(True, "web"), (False, "email")]


def test_a_forged_address_is_refused(shop: Shop, anna: int) -> None:
    browser = shop.browser()
    with shop.worlds.open(readonly=True) as world:
        public_id = world.session.get_one(Member, anna).public_id
    forged = f"/unsubscribe/{sealed('another key of another shop, quite long', public_id)}"

    assert browser.get(forged).status_code == 404
    assert browser.client.post(forged, data=ONE_CLICK).status_code == 400
    assert consents(shop) == [(True, "web")]


def test_of_the_erased_nothing_is_known_and_nothing_fails(shop: Shop, anna: int) -> None:
    where = way_out(shop, anna)
    with shop.worlds.open() as world:
        erase_member(world, anna)

    answer = shop.browser().client.post(where, data=ONE_CLICK)

    assert answer.status_code == 200
    assert consents(shop) == []


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "Больше не присылать"), ("en", "Stop getting news by e-mail?")]
)
def test_the_page_speaks_both_languages(shop: Shop, anna: int, language: str, said: str) -> None:
    page = shop.browser().get(way_out(shop, anna), headers={"Accept-Language": language})

    assert said in text_of(page)
