"""The first questions: one a page, each skippable, none twice; then Home, and the first medal."""

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from gamification.commands.till import MemberRef, record_receipt
from gamification.members.tables import Consent, Member, Prompt
from gamification.notices.tables import NoticeChoice
from tests.shop import Receipt, ReceiptLine
from tests.webapp.cabinet.test_first_acts import PHONE, acts
from tests.webapp.shopfront import Browser, Shop, text_of

BIRTHDAY = "1990-03-10"


def join(shop: Shop, guest: Browser, contact: str = PHONE, **more: str) -> TestResponse:
    """Vera joins; answers where she is led."""
    guest.sign_in_by_code(shop, contact, **more)
    return guest.send("/join", name="Вера", **{"consent-programme": "yes"}, **more)


def sell(shop: Shop) -> None:
    """Somebody else has bought coffee twice and a bun once."""
    member_id = shop.member(name="Борис", origin="till")
    for number, category in enumerate(("Кофе", "Выпечка", "Кофе")):
        with shop.worlds.open() as world:
            line = ReceiptLine("X", category, 1000, 10_000)
            receipt = Receipt(
                type="purchase", source="till", external_id=f"r{number}", occurred_at=world.now,
                zone="Europe/Moscow", total=10_000, lines=(line,),
            )  # fmt: skip
            record_receipt(world, receipt, MemberRef(member_id=member_id))


def answer(browser: Browser, question: str, value: str = "", **more: str) -> TestResponse:
    return browser.send("/welcome", question=question, answer=value, **more)


def prompts(shop: Shop) -> dict[str, str | None]:
    with shop.worlds.open(readonly=True) as world:
        return {row.code: row.value for row in world.session.exec(select(Prompt)).all()}


def test_three_questions_lead_home_with_the_first_medal(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    sell(shop)
    before = len(acts(shop))

    door = join(shop, guest)
    pages = [text_of(guest.get("/welcome"))]
    first = answer(guest, "birthday", BIRTHDAY)
    pages.append(text_of(guest.get("/welcome")))
    second = answer(guest, "favourite", "Кофе")
    pages.append(text_of(guest.get("/welcome")))
    last = answer(guest, "messages", "inbox")
    scene = text_of(guest.get("/home", follow_redirects=True))

    assert door.location == "/welcome"
    assert [a.location for a in (first, second, last)] == ["/welcome", "/welcome", "/home"]
    assert "Медаль ваша" not in pages[0]
    assert "Медаль ваша, покажем её в конце" in pages[1]
    assert "5 шагов, 2 уже сделаны" in pages[0]
    assert "5 шагов, 3 уже сделаны" in pages[1]
    assert "5 шагов, 4 уже сделаны" in pages[2]
    assert ("profile_completed", "counted") in acts(shop)[before:]
    assert "Знакомство" in scene
    assert prompts(shop) == {"birthday": BIRTHDAY, "favourite": "Кофе", "messages": "inbox"}


def test_everything_can_be_skipped_and_nothing_comes_twice(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    sell(shop)
    join(shop, guest)

    for question in ("birthday", "favourite", "messages"):
        assert "Пропустить" in text_of(guest.get("/welcome"))
        answer(guest, question, skip="yes")
    again = guest.get("/welcome")

    assert (again.status_code, again.location) == (303, "/home")
    assert prompts(shop) == dict.fromkeys(("birthday", "favourite", "messages"))


def test_a_form_that_was_sent_twice_answers_once(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    join(shop, guest)
    form = {"csrf_token": guest.token("/welcome"), "question": "birthday", "answer": BIRTHDAY}

    codes = [guest.client.post("/welcome", data=form).status_code for _ in range(2)]

    assert codes == [303, 303]
    assert prompts(shop) == {"birthday": BIRTHDAY}


def test_a_shop_without_categories_asks_two_things(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    join(shop, guest)

    page = text_of(guest.get("/welcome"))
    answer(guest, "birthday", skip="yes")

    assert "4 шага, 2 уже сделаны" in page
    assert "Куда вам писать?" in text_of(guest.get("/welcome"))


def test_the_most_bought_category_is_preset(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    sell(shop)
    join(shop, guest)
    answer(guest, "birthday", skip="yes")

    page = guest.get("/welcome").get_data(as_text=True)
    wrong = answer(guest, "favourite", "Самолёты")

    assert page.index('value="Кофе" checked') < page.index('value="Выпечка"')
    assert wrong.status_code == 422
    assert "favourite" not in prompts(shop)


@pytest.mark.parametrize("typed", ["", "yesterday", "2990-01-01", "1500-01-01"])
def test_a_birthday_that_cannot_be_is_asked_again(shop: Shop, guest: Browser, typed: str) -> None:
    shop.set_up()
    join(shop, guest)

    refused = answer(guest, "birthday", typed)

    assert refused.status_code == 422
    assert "прошедшей датой" in text_of(refused)
    assert f'value="{typed}"' in refused.get_data(as_text=True)
    assert prompts(shop) == {}


@pytest.mark.parametrize(("born", "child"), [("2012-11-25", True), ("2012-11-24", False)])
def test_under_14_a_parent_is_asked(shop: Shop, guest: Browser, born: str, child: bool) -> None:
    shop.set_up()
    join(shop, guest)

    alone = answer(guest, "birthday", born)

    assert alone.status_code == (422 if child else 303)
    if child:
        assert "До 14 лет участвует и родитель" in text_of(alone)
        assert shop.count(Member, Member.birthday != None) == 0  # noqa: E711
        agreed = answer(guest, "birthday", born, parent="yes")
        assert agreed.status_code == 303
        assert shop.count(Consent, Consent.purpose == "parent", Consent.given) == 1
    assert prompts(shop) == {"birthday": born}


def test_messages_go_where_they_were_wanted(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    join(shop, guest, "vera@example.org")
    answer(guest, "birthday", skip="yes")

    page = text_of(guest.get("/welcome"))
    nothing = answer(guest, "messages")
    pigeons = answer(guest, "messages", "pigeon")
    answer(guest, "messages", "email")

    assert page.index("Когда скоро сгорят баллы") < page.index("Письмом")
    assert (nothing.status_code, pigeons.status_code) == (422, 422)
    with shop.worlds.open(readonly=True) as world:
        rows = world.session.exec(select(NoticeChoice)).all()
        assert {(row.channel, row.wanted) for row in rows} == {("email", True)}
        assert {row.kind for row in rows} == {
            "returned", "tier_reached", "medal", "expiring", "challenge_invitation", "birthday",
        }  # fmt: skip


def test_where_somebody_was_going_is_kept_to_the_end(shop: Shop, guest: Browser) -> None:
    shop.set_up()

    door = join(shop, guest, next="/history")
    first = guest.send(door.location, question="birthday", skip="yes", next="/history")
    last = guest.send(first.location, question="messages", skip="yes", next="/history")

    assert door.location == "/welcome?next=/history"
    assert last.location == "/celebrate?next=/history"
    assert guest.get(last.location).location == "/history"


def test_a_stranger_is_led_to_the_door_and_foreign_forms_change_nothing(
    shop: Shop, guest: Browser
) -> None:
    shop.set_up()
    stranger = shop.browser().get("/welcome")
    join(shop, guest)

    forged = guest.client.post("/welcome", data={"question": "birthday", "skip": "yes"})

    assert stranger.location == "/sign-in?next=/welcome"
    assert forged.status_code == 400
    assert prompts(shop) == {}


def test_not_today_by_a_plain_form(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    member_id = shop.member(phone="+79000000001", origin="till")
    with shop.worlds.open() as world:
        line = ReceiptLine("X", "Кофе", 1000, 10_000)
        receipt = Receipt(
            type="purchase", source="till", external_id="r", occurred_at=world.now,
            zone="Europe/Moscow", total=10_000, lines=(line,),
        )  # fmt: skip
        record_receipt(world, receipt, MemberRef(member_id=member_id))
    guest.sign_in_by_code(shop, "+79000000001")
    guest.get("/celebrate")
    before = text_of(guest.get("/home"))

    answered = guest.send("/home", to="/home/not-today")
    after = text_of(guest.get("/home"))

    assert "Не сегодня" in before
    assert answered.location == "/home"
    assert "Не сегодня" not in after
    assert "Можно потратить" in after
