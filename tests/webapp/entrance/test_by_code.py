"""A customer signs in by a code to the phone or e-mail on file."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from gamification.members.tables import Member
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.accounts.rules import CODE_TRIES, keyed_hash
from webapp.accounts.tables import BrowserSession, SigninCode

PHONE = "+79123456789"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def member_row(shop: Shop, member_id: int) -> Member:
    with shop.worlds.open(readonly=True) as world:
        return world.session.exec(select(Member).where(Member.id == member_id)).one()


def test_an_imported_customer_claims_the_history_by_the_code(shop: Shop, guest: Browser) -> None:
    member_id = shop.member(phone=PHONE)

    guest.send("/sign-in", contact="8 912 345-67-89")
    code = shop.letters()[-1]
    answer = guest.send(
        "/sign-in/code", code=f" {code.payload['code'][:3]} {code.payload['code'][3:]} "
    )

    assert (code.channel, code.recipient, code.kind) == ("sms", PHONE, "signin_code")
    assert answer.status_code == 303
    assert answer.location == "/year"
    assert member_row(shop, member_id).claimed_at == shop.now.read()
    assert guest.get("/settings").status_code == 200


def test_by_e_mail_and_back_to_the_page_that_was_wanted(shop: Shop, guest: Browser) -> None:
    shop.member(email="anna@example.org", origin="signup")
    door = guest.get("/settings")

    answer = guest.sign_in_by_code(shop, "Anna@Example.org", next="/settings")

    assert door.location == "/sign-in?next=/settings"
    assert answer.location == "/settings"


def test_known_and_unknown_get_the_same_answer_and_the_same_rows(shop: Shop) -> None:
    shop.member(phone=PHONE)
    known, unknown = shop.browser(), shop.browser()

    first = known.send("/sign-in", contact=PHONE)
    second = unknown.send("/sign-in", contact="+79120000000")

    assert (first.status_code, first.location) == (second.status_code, second.location)
    same = [
        text_of(b.get("/sign-in/code")).replace("67 89", "•").replace("00 00", "•")
        for b in (known, unknown)
    ]
    assert same[0] == same[1]
    assert len(shop.letters()) == 2
    assert shop.count(SigninCode) == 2


def test_what_is_no_contact_keeps_what_was_typed(shop: Shop, guest: Browser) -> None:
    answer = guest.send("/sign-in", contact="not a phone")

    assert answer.status_code == 422
    assert 'value="not a phone"' in answer.get_data(as_text=True)
    assert shop.letters() == []


def test_a_code_works_only_in_the_browser_that_asked(shop: Shop) -> None:
    shop.member(phone=PHONE)
    mine, other = shop.browser(), shop.browser()
    mine.send("/sign-in", contact=PHONE)
    stolen = shop.last_code()
    other.send("/sign-in", contact=PHONE)

    answer = other.send("/sign-in/code", code=stolen)

    assert answer.status_code == 422


def test_a_code_works_once_even_with_the_same_cookie(shop: Shop, guest: Browser) -> None:
    shop.member(phone=PHONE)
    guest.send("/sign-in", contact=PHONE)
    token = guest.token("/sign-in/code")
    copied = guest.client.get_cookie("laurel")
    assert copied is not None
    code = shop.last_code()
    guest.client.post("/sign-in/code", data={"csrf_token": token, "code": code})
    thief = shop.browser()
    thief.client.set_cookie("laurel", copied.value)

    answer = thief.client.post("/sign-in/code", data={"csrf_token": token, "code": code})

    assert answer.status_code == 422
    assert thief.get("/settings").status_code == 303


def test_a_code_dies_after_ten_minutes(shop: Shop, guest: Browser) -> None:
    shop.member(phone=PHONE)
    guest.send("/sign-in", contact=PHONE)
    shop.now.move(minutes=10)

    answer = guest.send("/sign-in/code", code=shop.last_code())

    assert answer.status_code == 422
    assert shop.count(BrowserSession) == 0


def test_five_wrong_tries_kill_a_code(shop: Shop, guest: Browser) -> None:
    shop.member(phone=PHONE)
    guest.send("/sign-in", contact=PHONE)
    right = shop.last_code()
    tries = [guest.send("/sign-in/code", code=wrong(right)) for _ in range(CODE_TRIES)]

    answer = guest.send("/sign-in/code", code=right)

    assert {one.status_code for one in tries} == {422}
    assert answer.status_code == 422
    assert shop.count(BrowserSession) == 0


def test_a_blocked_member_stays_outside(shop: Shop, guest: Browser) -> None:
    member_id = shop.member(phone=PHONE)
    with shop.worlds.open() as world:
        world.session.get_one(Member, member_id).status = "blocked"

    answer = guest.sign_in_by_code(shop, PHONE)

    assert answer.status_code == 403
    assert shop.count(BrowserSession) == 0


def test_the_code_itself_is_kept_nowhere(shop: Shop, guest: Browser) -> None:
    guest.send("/sign-in", contact=PHONE)

    with shop.worlds.open(readonly=True) as world:
        row = world.session.exec(select(SigninCode)).one()
    kept = [str(value) for value in row.model_dump().values()]

    assert all(shop.last_code() not in value for value in kept if len(value) < 64)
    assert row.code_hash != keyed_hash("another key", "", shop.last_code())


def test_a_new_code_may_be_asked_for_after_a_minute(shop: Shop, guest: Browser) -> None:
    guest.send("/sign-in", contact=PHONE)
    first = text_of(guest.get("/sign-in/code"))
    guest.send("/sign-in/code", "/sign-in/again")
    too_soon = len(shop.letters())
    shop.now.move(minutes=1)

    guest.send("/sign-in/code", "/sign-in/again")

    assert "60" in first
    assert too_soon == 1
    assert len(shop.letters()) == 2


def test_the_sixth_code_within_a_quarter_waits(shop: Shop) -> None:
    for _ in range(5):
        assert shop.browser().send("/sign-in", contact=PHONE).status_code == 303

    answer = shop.browser().send("/sign-in", contact=PHONE)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert len(shop.letters()) == 5
    shop.now.move(minutes=15)
    assert shop.browser().send("/sign-in", contact=PHONE).status_code == 303


def test_a_form_sent_twice_is_one_code(shop: Shop, guest: Browser) -> None:
    guest.send("/sign-in", contact=PHONE)
    guest.send("/sign-in", contact=PHONE)
    kept = len(shop.letters())
    guest.send("/sign-in", contact="+79120000000")

    assert kept == 1
    assert len(shop.letters()) == 2


def test_a_code_that_was_tried_out_is_not_kept(shop: Shop, guest: Browser) -> None:
    guest.send("/sign-in", contact=PHONE)
    for _ in range(CODE_TRIES):
        guest.send("/sign-in/code", code=wrong(shop.last_code()))

    guest.send("/sign-in", contact=PHONE)

    assert len(shop.letters()) == 2


def ask_all_day(shop: Shop, contact: str, address: str) -> list[int]:
    """A stranger asks as often as is let, from one address, with a new browser each time."""
    answers = []
    for _ in range(5):
        for _ in range(6):
            asked = shop.browser().at(address).send("/sign-in", contact=contact)
            answers.append(asked.status_code)
        shop.now.move(minutes=15)
    return answers


def test_a_stranger_who_asks_all_day_does_not_stop_the_owner(shop: Shop) -> None:
    shop.member(phone=PHONE)
    answers = ask_all_day(shop, PHONE, "198.51.100.7")
    owner = shop.browser().at("203.0.113.9")

    assert answers.count(303) == 20
    assert answers[-1] == 429
    assert owner.sign_in_by_code(shop, PHONE).status_code == 303


def test_many_strangers_stop_a_new_browser_for_half_an_hour_only(shop: Shop) -> None:
    shop.member(phone=PHONE)
    answers = [
        shop.browser().at(f"198.51.100.{n}").send("/sign-in", contact=PHONE).status_code
        for n in range(16)
    ]

    waiting = shop.browser().at("203.0.113.9").send("/sign-in", contact=PHONE)

    assert answers == [303] * 15 + [429]
    assert waiting.status_code == 429
    assert 0 < int(waiting.headers["Retry-After"]) <= 1800
    shop.now.move(minutes=30)
    assert shop.browser().at("203.0.113.9").send("/sign-in", contact=PHONE).status_code == 303


def test_a_browser_that_came_in_before_passes_full_limits(shop: Shop, guest: Browser) -> None:
    shop.member(phone=PHONE)
    guest.sign_in_by_code(shop, PHONE)
    guest.send("/settings", "/sign-out")
    ask_all_day(shop, PHONE, "127.0.0.1")
    for n in range(16):
        shop.browser().at(f"198.51.100.{n}").send("/sign-in", contact=PHONE)

    assert shop.browser().send("/sign-in", contact=PHONE).status_code == 429
    assert guest.sign_in_by_code(shop, PHONE).status_code == 303
    assert guest.get("/settings").status_code == 200


def test_a_known_browser_is_counted_too_and_known_for_its_own_contact_only(
    shop: Shop, guest: Browser
) -> None:
    shop.member(phone=PHONE)
    guest.sign_in_by_code(shop, PHONE)
    answers = []
    for _ in range(6):
        guest.client.delete_cookie("laurel")
        answers.append(guest.send("/sign-in", contact=PHONE).status_code)
    for _ in range(5):
        shop.browser().send("/sign-in", contact="+79120000000")

    assert answers == [303] * 5 + [429]
    assert guest.send("/sign-in", contact="+79120000000").status_code == 429


def test_a_forged_mark_of_a_known_browser_counts_for_nothing(shop: Shop, guest: Browser) -> None:
    shop.member(phone=PHONE)
    guest.sign_in_by_code(shop, PHONE)
    mark = guest.client.get_cookie("laurel-known")
    assert mark is not None
    for _ in range(5):
        shop.browser().send("/sign-in", contact=PHONE)
    forger = shop.browser()
    forger.client.set_cookie("laurel-known", f"x{mark.value}")

    assert PHONE[1:] not in mark.value
    assert forger.send("/sign-in", contact=PHONE).status_code == 429


@pytest.mark.parametrize("path", ["/sign-in/code", "/join"])
def test_later_steps_lead_back_to_the_first(guest: Browser, path: str) -> None:
    assert guest.get(path).location == "/sign-in"


def test_signing_in_makes_forms_from_before_worthless(shop: Shop, guest: Browser) -> None:
    shop.member(phone=PHONE)
    guest.send("/sign-in", contact=PHONE)
    before = guest.token("/sign-in/code")
    guest.send("/sign-in/code", code=shop.last_code())

    answer = guest.client.post("/settings/sessions/end-others", data={"csrf_token": before})

    assert answer.status_code == 400


def test_a_second_sign_in_ends_the_first_session(shop: Shop, guest: Browser) -> None:
    shop.member(phone=PHONE)
    guest.sign_in_by_code(shop, PHONE)
    guest.send("/sign-in?again=1", "/sign-in", contact=PHONE)
    guest.send("/sign-in/code", code=shop.last_code())

    assert shop.count(BrowserSession) == 2
    assert shop.count(BrowserSession, col(BrowserSession.ended_at).is_(None)) == 1


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil", ""],
)
def test_nobody_is_led_to_another_site(shop: Shop, elsewhere: str) -> None:
    shop.member(phone=PHONE, origin="signup")
    guest = shop.browser()

    answer = guest.sign_in_by_code(shop, PHONE, next=elsewhere)

    assert answer.location in ("/home", "/settings")


def test_signing_in_does_not_wait_for_the_post(shop: Shop, guest: Browser) -> None:
    guest.send("/sign-in", contact=PHONE)

    letter = shop.letters()[-1]

    assert letter.state == "open"
    assert letter.payload["good_until"] == (shop.now.read() + timedelta(minutes=10)).isoformat()
