"""The page of friends: a link with one press, a word of one's own, and nothing of anybody else."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from gamification.activities.receipts import Receipt, ReceiptLine
from gamification.commands.member import ConsentAnswer
from gamification.commands.preferences import answer_questions
from gamification.commands.referral_clock import settle_referrals
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    codes_of,
    day_of_visit,
    note_visits,
    owner_of,
    publish_terms,
)
from gamification.commands.till import MemberRef, record_receipt
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.frame import forget_shop
from webapp.surroundings import here

PHONE = "+79123456789"
TERMS = ReferralTerms(referrer_points=300, friend_points=200, minimum=50_000)
LINK = re.compile(r'<span class="scheme">http://</span>localhost/r/<wbr>([^<]+)</span>')


def offer(shop: Shop, terms: ReferralTerms = TERMS) -> None:
    with here(shop.app).programme.open() as world:
        publish_terms(world, terms)
    with shop.app.app_context():
        forget_shop()


@pytest.fixture
def vera(shop: Shop, guest: Browser) -> Browser:
    """Vera, in a shop that rewards invitations."""
    shop.set_up()
    shop.member(name="Вера", phone=PHONE)
    guest.sign_in_by_code(shop, PHONE)
    offer(shop)
    return guest


def vera_id(shop: Shop) -> int:
    with here(shop.app).programme.open(readonly=True) as world:
        rows = world.connection.exec_driver_sql("SELECT id FROM member WHERE name = 'Вера'")
        return int(rows.scalar_one())


def codes(shop: Shop) -> dict[str, str]:
    with here(shop.app).programme.open(readonly=True) as world:
        return codes_of(world, vera_id(shop))


def friend(shop: Shop, name: str, phone: str, *, agrees: bool = False) -> int:
    """Somebody who came by Vera's link."""
    friend_id = shop.member(name=name, phone=phone)
    with here(shop.app).programme.open() as world:
        code = code_for(world, vera_id(shop))
        assert bind_friend(world, friend_id, Invitation(code)) == "bound"
        answer_questions(world, friend_id, [ConsentAnswer("friends", agrees, "v1")])
    return friend_id


def body(vera: Browser, path: str = "/friends") -> str:
    return vera.get(path).get_data(as_text=True)


def shown(vera: Browser) -> str:
    found = LINK.search(body(vera))
    assert found, "the page shows a link"
    return found.group(1)


def send(vera: Browser, to: str, **fields: str) -> tuple[int, str]:
    answer = vera.send("/friends", to, **fields)
    return answer.status_code, answer.location or text_of(answer)


def test_a_link_is_drawn_by_one_press_and_never_by_looking(shop: Shop, vera: Browser) -> None:
    words = text_of(vera.get("/friends"))
    assert "Вам 300. Другу 200." in words
    assert "Получить ссылку" in words
    assert codes(shop) == {}

    first = send(vera, "/friends/link")
    code = codes(shop)["drawn"]
    again = send(vera, "/friends/link")

    assert first == again == (303, "/friends?changed=link")
    assert codes(shop) == {"drawn": code}
    assert shown(vera) == code
    assert "Ваша ссылка готова." in text_of(vera.get("/friends?changed=link"))


def test_every_channel_is_marked_and_tells_nothing_of_anybody(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    code = codes(shop)["drawn"]

    page = body(vera).replace("&amp;", "&")
    hrefs = re.findall(r'href="((?:https|mailto:)[^"]+)"', page)

    assert [urlsplit(href).netloc or "mail" for href in hrefs] == [
        "t.me", "vk.com", "wa.me", "mail",
    ]  # fmt: skip
    said = [unquote(href).replace("\xa0", " ") for href in hrefs]
    for channel, text in zip(("telegram", "vk", "whatsapp", "email"), said, strict=True):
        assert f"http://localhost/r/{code}?c={channel}" in text
        assert "200 баллов после первой покупки от 500" in text
        assert "Вера" not in text
        assert "79123456789" not in text
    assert parse_qs(urlsplit(hrefs[0]).query)["url"] == [f"http://localhost/r/{code}?c=telegram"]
    assert f'data-share="http://localhost/r/{code}?c=share"' in page


def test_an_english_reader_sends_english_words(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    vera.send("/friends", "/prefs", locale="en", next="/friends")

    page = body(vera)
    telegram = unquote(re.findall(r'href="(https://t.me[^"]+)"', page)[0])

    assert "300 for you." in text_of(vera.get("/friends"))
    assert "I like “Полдень”. With my link you get 200" in telegram


def test_the_code_can_be_shown_large_and_says_how_it_was_found(shop: Shop, vera: Browser) -> None:
    before = [vera.get(path).status_code for path in ("/friends/qr", "/friends/code.svg")]
    send(vera, "/friends/link")

    large = vera.get("/friends/qr")
    picture = re.search(r'<img src="([^"]+)"', large.get_data(as_text=True))
    assert picture
    drawn = vera.get(picture.group(1))

    assert before == [404, 404]
    assert large.status_code == 200
    assert codes(shop)["drawn"] in text_of(large)
    assert (drawn.mimetype, drawn.headers["Cache-Control"]) == (
        "image/svg+xml", "private, max-age=3600",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("три", 422, "Нужно от 4 до 20 знаков."),
        ("Вера и Лев!", 422, "хотя бы одна буква"),
        ("1234567", 422, "хотя бы одна буква"),
        ("shitshow", 422, "Такое слово в ссылке нельзя."),
        ("Полдень-Вера", 422, "Такое слово в ссылке нельзя."),
        ("<b>вера</b>", 422, "хотя бы одна буква"),
    ],
)
def test_a_word_that_will_not_do_is_said_beside_the_field(
    shop: Shop, vera: Browser, typed: str, status: int, said: str
) -> None:
    send(vera, "/friends/link")

    answer = vera.send("/friends", "/friends/word", word=typed)

    assert answer.status_code == status
    assert said in text_of(answer)
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert "<b>вера" not in answer.get_data(as_text=True)
    assert "own" not in codes(shop)


def test_a_word_is_chosen_changed_and_given_up(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    drawn = codes(shop)["drawn"]

    assert send(vera, "/friends/word", word=" Верочка ") == (303, "/friends?changed=word")
    assert (shown(vera), codes(shop)) == ("верочка", {"drawn": drawn, "own": "ВЕРОЧКА"})
    assert send(vera, "/friends/word", word="vera-77")[0] == 303
    assert shown(vera) == "vera-77"
    taken = send(vera, "/friends/word", word="верочка")
    assert taken[0] == 409
    assert "уже занято" in taken[1]

    assert send(vera, "/friends/word/drop") == (303, "/friends?changed=dropped")
    assert (shown(vera), codes(shop)) == (drawn, {"drawn": drawn})


def test_a_new_link_makes_the_old_one_dead(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    old = codes(shop)["drawn"]
    assert f"Код {old} сразу перестанет работать" in text_of(vera.get("/friends"))

    assert send(vera, "/friends/link/new") == (303, "/friends?changed=renewed")

    with here(shop.app).programme.open(readonly=True) as world:
        assert owner_of(world, old) is None
    assert shown(vera) == codes(shop)["drawn"] != old


def test_every_link_opens_its_page_until_it_is_replaced(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    send(vera, "/friends/word", word="Верочка")
    drawn = codes(shop)["drawn"]
    page = unquote(body(vera).replace("&amp;", "&"))
    paths = sorted(set(re.findall(r"http://localhost(/r/[^\s?&\"<]+\?c=\w+)", page)))
    friend = shop.browser()

    opened = [friend.get(path).status_code for path in (*paths, f"/r/{drawn}")]
    send(vera, "/friends/word/drop")
    send(vera, "/friends/link/new")
    dead = [friend.get(path).status_code for path in (*paths, f"/r/{drawn}")]

    assert paths == [f"/r/верочка?c={c}" for c in ("email", "share", "telegram", "vk", "whatsapp")]
    assert opened == [200] * 6
    assert dead == [303] * 6


def test_a_friend_who_has_not_bought_is_reminded_once_a_week(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    friend(shop, "Борис", "+79000000001")
    row = re.search(r'name="friend" value="(\d+)"', body(vera))
    assert row
    boris = shop.browser()
    boris.sign_in_by_code(shop, "+79000000001")

    first = send(vera, "/friends/remind", friend=row[1])
    words = text_of(vera.get("/friends"))
    again = send(vera, "/friends/remind", friend=row[1])
    stranger = boris.send("/settings/looks", "/friends/remind", friend=row[1])

    assert first == (303, "/friends?changed=reminded")
    assert again == (303, "/friends?changed=waits")
    assert stranger.status_code == 404
    assert send(vera, "/friends/remind", friend="7")[0] == 404
    assert "напомнили" in words
    assert "Первая покупка от 500 ₽ до 23 января 2027 принесёт вам 200 баллов" in text_of(
        boris.get("/inbox")
    ).replace("\xa0", " ")
    shop.now.move(days=7)
    assert send(vera, "/friends/remind", friend=row[1])[1] == "/friends?changed=reminded"


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 19, "1 OR 1"])
def test_a_reminder_of_nobody_is_refused(shop: Shop, vera: Browser, typed: str) -> None:
    assert send(vera, "/friends/remind", friend=typed)[0] == 400


def test_words_cannot_be_tried_without_end(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")

    answers = [send(vera, "/friends/word", word=f"слово-{n}")[0] for n in range(21)]

    assert answers == [303] * 19 + [429] * 2


def test_friends_stand_with_their_step_and_a_name_only_if_they_agreed(
    shop: Shop, vera: Browser
) -> None:
    send(vera, "/friends/link")
    friend(shop, "Борис Орлов", "+79000000001", agrees=True)
    friend(shop, "Глеб Тайный", "+79000000002")

    words = text_of(vera.get("/friends"))

    assert "Борис О. В клубе с 24 ноября, покупку ждём до 23 января 2027" in words
    assert "Глеб" not in words
    assert "Орлов" not in words
    assert "Друг В клубе с 24 ноября" in words


def test_the_funnel_takes_the_place_of_the_ready_message(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    empty = text_of(vera.get("/friends"))
    with here(shop.app).programme.open() as world:
        owner = owner_of(world, codes_of(world, vera_id(shop))["drawn"])
        assert owner is not None
        note_visits(world, [(owner.code_id, day_of_visit(world), "vk", 4)])
    friend(shop, "Борис", "+79000000001")

    words = text_of(vera.get("/friends"))

    assert "Готовое сообщение" in empty
    assert "Что вышло" not in empty
    assert "Готовое сообщение" not in words
    assert "Открыли ссылку 4 Вступили в клуб 25 % 1 Купили 0" in words.replace("\xa0", " ")


def test_the_menu_and_home_show_it_only_while_invitations_are_on(
    shop: Shop, guest: Browser
) -> None:
    shop.set_up()
    shop.member(name="Вера", phone=PHONE)
    guest.sign_in_by_code(shop, PHONE)
    never = (guest.get("/friends").status_code, 'href="/friends"' in body(guest, "/medals"))
    posted = guest.client.post("/friends/link", data={"csrf_token": guest.token("/settings/looks")})

    offer(shop)
    on = body(guest, "/medals")
    offer(shop, replace(TERMS, is_on=False))
    off = body(guest, "/medals")

    assert never == (404, False)
    assert posted.status_code == 404
    assert on.count('href="/friends"') == 2  # the rail and the tabs
    assert on.count('href="/settings"') == 2  # the rail and the top: tabs have no room for it
    assert 'href="/friends"' not in off


def test_while_invitations_rest_friends_stay_and_links_go(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    token = vera.token("/friends")
    friend(shop, "Борис", "+79000000001")
    offer(shop, replace(TERMS, is_on=False))

    words = text_of(vera.get("/friends"))
    answers = [
        vera.client.post(f"/friends/{path}", data={"csrf_token": token, "word": "верочка"})
        for path in ("link", "link/new", "word", "word/drop")
    ]

    assert "Приглашения сейчас закрыты" in words
    assert "Друг В клубе с 24 ноября" in words
    assert "Копировать" not in words
    assert [answer.status_code for answer in answers] == [404] * 4
    assert vera.get("/friends/qr").status_code == 404


def test_what_a_friend_brought_is_told_and_leads_there(shop: Shop, vera: Browser) -> None:
    offer(shop, replace(TERMS, minimum=1, hold_days=0))
    send(vera, "/friends/link")
    friend_id = friend(shop, "Борис", "+79000000001")
    with here(shop.app).programme.open() as world:
        bought = Receipt(
            type="purchase", source="till", external_id="b1", occurred_at=world.now,
            zone="Europe/Moscow", total=70_000, lines=(ReceiptLine("GOODS", None, 1000, 70_000),),
        )  # fmt: skip
        record_receipt(world, bought, MemberRef(member_id=friend_id))
    with here(shop.app).programme.open() as world:
        while settle_referrals(world):
            pass

    inbox, words = body(vera, "/inbox"), text_of(vera.get("/friends"))

    assert '<a href="/friends"' in inbox
    assert "Вы заработали 300" in words
    assert "баллы пришли 24 ноября" in words


@pytest.mark.parametrize("before", ["x", "1", "1.2.3", "-1.2", "1.9999999999999999999", "9" * 30])
def test_an_address_that_nobody_made_is_no_page(vera: Browser, before: str) -> None:
    assert vera.get(f"/friends?before={before}").status_code == 404


def test_a_stranger_and_the_staff_see_none_of_it(shop: Shop, vera: Browser) -> None:
    send(vera, "/friends/link")
    before = codes(shop)
    stranger, cashier = shop.browser(), shop.signed_in_as("cashier")

    for path in ("/friends", "/friends/qr", "/friends/code.svg"):
        assert (stranger.get(path).status_code, cashier.get(path).status_code) == (303, 403)
    for path in ("link", "link/new", "word", "word/drop"):
        answer = vera.client.post(f"/friends/{path}", data={"word": "верочка"})
        assert answer.status_code == 400, "without the form's token"
    assert codes(shop) == before
