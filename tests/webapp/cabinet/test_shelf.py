"""A medal is shown by an address: opt-in, taken back at once, and nobody is named unasked."""

import re

import pytest
from sqlmodel import select

from gamification.commands.member import ConsentAnswer
from gamification.commands.preferences import answer_questions
from gamification.members.tables import Consent
from tests.webapp.cabinet.test_medals import PHONE, buys, words
from tests.webapp.shopfront import Browser, Shop, text_of

LINK = re.compile(r'id="address" href="([^"]+)"')
NAME = "Анна Седова"


@pytest.fixture
def anna(shop: Shop, guest: Browser) -> Browser:
    shop.set_up()
    shop.member(name=NAME, phone=PHONE, origin="signup")
    buys(shop, "r1", "coffee", "buns", "tea")
    guest.sign_in_by_code(shop, PHONE)
    guest.get("/celebrate")
    return guest


def shown(anna: Browser, code: str = "explorer") -> str:
    """She shows a medal; the address of its page."""
    answer = anna.send(f"/medals/{code}/share", do="show")
    assert answer.status_code == 303
    return address_on(anna, answer.location)


def address_on(anna: Browser, page: str) -> str:
    found = LINK.search(anna.get(page).get_data(as_text=True))
    assert found
    return found.group(1)


def test_nothing_is_shown_before_she_says_so(shop: Shop, anna: Browser) -> None:
    page = anna.get("/medals/explorer/share")
    shelf = anna.get("/medals/shelf")

    assert not LINK.search(page.get_data(as_text=True) + shelf.get_data(as_text=True))
    assert "Полка закрыта" in words(shelf)
    assert 'href="/medals/explorer/share"' in anna.get("/medals/explorer").get_data(as_text=True)
    with shop.worlds.open(readonly=True) as world:
        assert world.connection.exec_driver_sql("SELECT COUNT(*) FROM shelf").scalar() == 0


def test_a_stranger_sees_the_medal_and_nobody_behind_it(shop: Shop, anna: Browser) -> None:
    address = shown(anna)
    answer = shop.browser().get(address)
    source = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "Первооткрыватель" in source.replace("\u00ad", "")
    assert "Анна" not in source
    assert "Седова" not in source
    assert PHONE not in source
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in source
    assert "<script" not in source
    assert "/static/shelf.png" in source


def test_her_name_stands_there_only_if_she_chose_it_and_never_in_the_preview(
    shop: Shop, anna: Browser
) -> None:
    address = shown(anna)
    anna.send("/medals/shelf", "/medals/shelf/sign", naming="first", nickname="", tier="yes")
    source = shop.browser().get(address).get_data(as_text=True)
    head, body = source.split("</head>")

    assert "Анна" in body
    assert "Анна" not in head
    assert "Седова" not in source


def test_switching_off_hides_it_at_once_and_on_again_brings_it_back(
    shop: Shop, anna: Browser
) -> None:
    address, stranger = shown(anna), shop.browser()
    anna.send("/settings/privacy", shelf="no")
    off = stranger.get(address).status_code
    anna.send("/settings/privacy", shelf="yes")

    assert off == 404
    assert stranger.get(address).status_code == 200


def test_another_address_makes_the_old_one_lead_nowhere(shop: Shop, anna: Browser) -> None:
    before, stranger = shown(anna), shop.browser()
    anna.send("/medals/shelf", "/medals/shelf/address")
    after = address_on(anna, "/medals/explorer/share")

    assert after != before
    assert (stranger.get(before).status_code, stranger.get(after).status_code) == (404, 200)


def test_a_medal_is_taken_back_alone(shop: Shop, anna: Browser) -> None:
    one, other, stranger = shown(anna), shown(anna, "first_purchase"), shop.browser()
    anna.send("/medals/explorer/share", do="off")

    assert (stranger.get(one).status_code, stranger.get(other).status_code) == (404, 200)


def test_a_consent_is_written_down_with_its_words(shop: Shop, anna: Browser) -> None:
    shown(anna)
    shown(anna, "first_purchase")
    anna.send("/medals/shelf", shelf="no")

    with shop.worlds.open(readonly=True) as world:
        rows = world.session.exec(select(Consent).where(Consent.purpose == "shelf")).all()
        assert [row.given for row in rows] == [True, False]
        assert all(row.text_version.startswith("shelf-1-") for row in rows)


@pytest.mark.parametrize("code", ["saver", "nothing", "welcome_back"])
def test_what_is_not_hers_cannot_be_shown(anna: Browser, code: str) -> None:
    token = anna.token("/medals/shelf")
    answer = anna.client.post(f"/medals/{code}/share", data={"csrf_token": token, "do": "show"})

    assert anna.get(f"/medals/{code}/share").status_code == 404
    assert answer.status_code == 404


def test_a_shared_secret_tells_its_name_and_not_its_way(shop: Shop, anna: Browser) -> None:
    shop.now.move(days=61)
    buys(shop, "r2", "coffee")
    anna.sign_in_by_code(shop, PHONE)
    address = shown(anna, "welcome_back")
    stranger = shop.browser()
    source = stranger.get(address).get_data(as_text=True)
    shelf = stranger.get(address.rpartition("/")[0]).get_data(as_text=True)

    assert "С возвращением" in source
    for spoiling in ("после перерыва", "дней", "days away", "Come back after"):
        assert spoiling not in source + shelf


def test_medals_are_ordered_and_taken_off_by_plain_buttons(anna: Browser) -> None:
    shown(anna)
    shown(anna, "first_purchase")
    page = "/medals/shelf"
    anna.send(page, f"{page}/medals", up="first_purchase")
    moved = order(anna)
    anna.send(page, f"{page}/medals", off="explorer")
    taken = order(anna)
    anna.send(page, f"{page}/medals", put="connoisseur:coffee")

    assert moved == ["first_purchase", "explorer"]
    assert taken == ["first_purchase"]
    assert anna.send(page, f"{page}/medals", put="saver").status_code == 404
    assert anna.send(page, f"{page}/medals").status_code == 400


def order(anna: Browser) -> list[str]:
    page = anna.get("/medals/shelf").get_data(as_text=True)
    return re.findall(r'name="up" value="([^"]+)"', page)


@pytest.mark.parametrize("nickname", ["", "х" * 31, "Администратор", "П0лдень"])
def test_a_nickname_that_cannot_be_is_said_beside_the_field(anna: Browser, nickname: str) -> None:
    answer = anna.send("/medals/shelf", "/medals/shelf/sign", naming="nick", nickname=nickname)

    assert answer.status_code == 422
    assert 'aria-describedby="nickname-error"' in answer.get_data(as_text=True)
    assert f'value="{nickname}"' in answer.get_data(as_text=True)


def test_a_child_is_told_and_has_no_page(shop: Shop, anna: Browser) -> None:
    with shop.worlds.open() as world:
        world.connection.exec_driver_sql("UPDATE member SET birthday = '2016-01-01'")
    refused = anna.send("/settings/privacy", shelf="yes")

    assert refused.status_code == 422
    assert "14" in text_of(refused)
    assert "14" in text_of(anna.get("/medals/shelf"))
    assert anna.send("/medals/explorer/share", do="show").status_code == 422


def test_nobody_else_reaches_her_shelf_pages(shop: Shop, anna: Browser) -> None:
    address = shown(anna)
    shop.member(name="Борис", phone="+79990000009", origin="signup")
    boris = shop.browser()
    boris.sign_in_by_code(shop, "+79990000009")
    boris.send("/medals/shelf", "/medals/shelf/medals", off="explorer")

    assert shop.browser().get(address).status_code == 200
    assert shop.browser().get("/medals/shelf").status_code == 303


def test_wrong_addresses_are_not_tried_without_end(shop: Shop, anna: Browser) -> None:
    address = shown(anna)
    guesser = shop.browser().at("203.0.113.9")
    answers = [guesser.get(f"/shelf/guess{n}").status_code for n in range(61)]

    assert answers == [404] * 60 + [429]
    assert guesser.get(address).status_code == 200
    assert guesser.get("/shelf/" + "x" * 300).status_code == 404


def test_the_league_is_not_asked_about_and_what_was_chosen_is_kept(
    shop: Shop, anna: Browser
) -> None:
    with shop.worlds.open() as world:
        member = world.connection.exec_driver_sql("SELECT id FROM member").scalar()
        answer_questions(world, int(member or 0), [ConsentAnswer("league", True, "league-1")])

    page = anna.get("/settings/privacy").get_data(as_text=True)
    pressed = anna.send("/settings/privacy", league="no")

    assert "league" not in page
    assert pressed.status_code == 400
    with shop.worlds.open(readonly=True) as world:
        rows = world.session.exec(select(Consent).where(Consent.purpose == "league")).all()
        assert [row.given for row in rows] == [True]
