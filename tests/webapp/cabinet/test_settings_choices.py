"""What members choose for themselves: looks, zone, who sees them, how they are told."""

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from gamification.members.tables import Consent, Member
from gamification.readmodels.choices import KINDS, choices_of
from tests.webapp.console.owner import statements
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.words.settings import KIND_NAMES, KIND_NOTES
from webapp.world import Worlds

PHONE = "+79123456789"


def own(worlds: Worlds, member_id: int) -> Member:
    with worlds.open(readonly=True) as world:
        return world.session.get_one(Member, member_id)


@pytest.fixture
def anna(shop: Shop) -> int:
    shop.set_up()
    return shop.member(phone=PHONE, email="anna@example.org", origin="signup")


@pytest.fixture
def annas(shop: Shop, guest: Browser, anna: int) -> Browser:
    guest.sign_in_by_code(shop, PHONE)
    return guest


def part(annas: Browser, page: str, target: str, **fields: str) -> TestResponse:
    """Press as htmx does: the answer is the block and the toast alone."""
    headers = {"HX-Request": "true", "HX-Target": target}
    data = {"csrf_token": annas.token(page)} | fields
    return annas.client.post(page, data=data, headers=headers)


def test_every_section_is_in_the_list_and_opens(annas: Browser) -> None:
    page = annas.get("/settings").get_data(as_text=True)

    for section in ("profile", "contacts", "zone", "looks", "messages", "privacy", "devices",
                    "password", "copy", "leaving"):  # fmt: skip
        assert f'href="/settings/{section}"' in page
        assert annas.get(f"/settings/{section}").status_code == 200


PAGES = ("", "/looks", "/zone", "/contacts", "/messages", "/privacy", "/copy")
STATEMENTS = 5
"""Who is signed in, with the bell; who that is; and a member's choices in three."""


def test_a_page_asks_the_same_whatever_was_chosen_before(
    annas: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.frame.SHOP_SECONDS", 3600)
    before = asked(annas)
    for name in ("shelf", "friends"):
        for turn in ("yes", "no", "yes"):
            annas.send("/settings/privacy", **{name: turn})
    annas.send("/settings/messages", **{"medal.sms": "yes"})

    assert before == dict.fromkeys(PAGES, STATEMENTS)
    assert asked(annas) == before


def asked(annas: Browser) -> dict[str, int]:
    """How much each page asks of the database."""
    annas.get("/settings")
    found = {}
    for page in PAGES:
        with statements() as seen:
            annas.get(f"/settings{page}")
        found[page] = len(seen)
    return found


def test_staff_have_the_sections_that_are_theirs(shop: Shop) -> None:
    owner = shop.signed_in_as("owner")

    page = owner.get("/settings").get_data(as_text=True)

    assert all(f'href="/settings/{name}"' in page for name in ("looks", "devices", "password"))
    for name in ("contacts", "privacy", "copy", "leaving", "zone", "profile", "messages"):
        assert f'href="/settings/{name}"' not in page
        assert owner.get(f"/settings/{name}").status_code in (403, 404)


def test_the_zone_changes_once_in_thirty_days_and_says_when_next(
    shop: Shop, annas: Browser, anna: int
) -> None:
    first = annas.send("/settings/zone", zone="Asia/Novosibirsk")
    locked = text_of(annas.get("/settings/zone"))
    token = annas.token("/settings/zone")
    second = annas.client.post("/settings/zone", data={"csrf_token": token, "zone": "UTC"})
    shop.now.move(days=31)

    assert first.location == "/settings/zone?changed=zone"
    assert "24 декабря" in locked.replace("\u00a0", " ")
    assert second.status_code == 409
    assert own(shop.worlds, anna).zone == "Asia/Novosibirsk"
    assert annas.send("/settings/zone", zone="").status_code == 303
    assert own(shop.worlds, anna).zone is None


@pytest.mark.parametrize("zone", ["Mars/Phobos", "../etc/passwd", "x" * 200])
def test_a_zone_that_is_none_is_said(annas: Browser, zone: str) -> None:
    answer = annas.send("/settings/zone", zone=zone)

    assert answer.status_code == 422
    assert "Выберите" in text_of(answer)


def test_everything_is_off_until_it_is_switched_on(shop: Shop, annas: Browser) -> None:
    page = annas.get("/settings/privacy").get_data(as_text=True)

    assert page.count('role="switch"') == 5
    assert page.count('aria-checked="false"') == 5


def test_a_switch_is_kept_with_words_and_time_and_can_be_undone(
    shop: Shop, annas: Browser, anna: int
) -> None:
    answer = part(annas, "/settings/privacy", "privacy", friends="yes")
    body = answer.get_data(as_text=True)
    undone = part(annas, "/settings/privacy", "privacy", friends="no")

    assert body.lstrip().startswith('<div class="stack" id="privacy">')
    assert "<html" not in body
    assert 'hx-swap-oob="true"' in body
    assert 'class="undo" name="friends" value="no"' in body
    assert 'id="s-friends" role="switch" aria-checked="true"' in body
    assert undone.status_code == 200
    with shop.worlds.open(readonly=True) as world:
        rows = world.session.exec(
            select(Consent).where(Consent.member_id == anna, Consent.purpose == "friends")
        ).all()
        said = [(row.given, row.text_version.startswith("friends-1-ru-")) for row in rows]
        assert choices_of(world, anna).given == frozenset()
    assert said == [(True, True), (False, True)]


def test_without_scripts_the_same_button_leads_back_with_a_way_to_undo(annas: Browser) -> None:
    answer = annas.send("/settings/privacy", shelf="yes")
    page = annas.get(answer.location)

    assert (answer.status_code, answer.location) == (303, "/settings/privacy?changed=shelf")
    assert 'class="undo" name="shelf" value="no"' in page.get_data(as_text=True)


@pytest.mark.parametrize("fields", [{}, {"shelf": "maybe"}, {"nonsense": "yes"}])
def test_a_form_that_nobody_made_changes_nothing(
    shop: Shop, annas: Browser, fields: dict[str, str]
) -> None:
    for page in ("/settings/privacy", "/settings/messages", "/settings/looks"):
        assert annas.send(page, **fields).status_code == 400
    assert shop.count(Consent) == 0


def test_less_motion_and_sound_are_remembered_for_every_page(annas: Browser) -> None:
    before = annas.get("/home").get_data(as_text=True)
    annas.send("/settings/looks", still="yes")
    answer = part(annas, "/settings/looks", "moves", sound="yes")
    after = annas.get("/home").get_data(as_text=True)

    assert "data-still" not in before
    assert "data-sound" not in before
    assert "data-chime" in answer.get_data(as_text=True)
    assert " data-still data-sound>" in after


def test_every_kind_of_message_has_a_name() -> None:
    assert set(KIND_NAMES) == set(KINDS)
    assert set(KIND_NOTES) <= set(KINDS)


def test_messages_are_chosen_by_kind_and_channel(shop: Shop, annas: Browser, anna: int) -> None:
    part(annas, "/settings/messages", "messages", **{"medal.sms": "yes"})
    part(annas, "/settings/messages", "messages", **{"returned.email": "no"})

    with shop.worlds.open(readonly=True) as world:
        wanted = choices_of(world, anna).wanted
    assert ("medal", "sms") in wanted
    assert ("returned", "email") not in wanted
    assert {pair for pair in wanted if pair[1] == "sms"} == {("medal", "sms")}


def test_a_channel_without_an_address_cannot_be_switched_on(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    shop.member(email="boris@example.org", origin="signup")
    guest.sign_in_by_code(shop, "boris@example.org")

    page = guest.get("/settings/messages")

    assert page.get_data(as_text=True).count(" disabled") == len(KINDS)
    assert "подтверждённый телефон" in text_of(page)


def test_quiet_hours_are_set_undone_and_turned_off(shop: Shop, annas: Browser, anna: int) -> None:
    place = "/settings/messages/quiet"
    annas.send("/settings/messages", place, rest="yes", start="23", end="9")
    assert (own(shop.worlds, anna).quiet_from, own(shop.worlds, anna).quiet_to) == (23, 9)
    assert "С 23:00 до 9:00" in text_of(annas.get("/settings/messages")).replace("09:00", "9:00")

    token = annas.token("/settings/messages")
    headers = {"HX-Request": "true", "HX-Target": "messages"}
    data = {"csrf_token": token, "rest": "no"}
    answer = annas.client.post(place, data=data, headers=headers)
    assert 'name="hours" value="23-9"' in answer.get_data(as_text=True)
    assert own(shop.worlds, anna).quiet_from is None

    annas.client.post(place, data={"csrf_token": token, "hours": "23-9"}, headers=headers)
    assert own(shop.worlds, anna).quiet_from == 23


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"rest": "yes", "start": "7", "end": "7"}, 422),
        ({"rest": "yes", "start": "7", "end": "24"}, 400),
        ({"rest": "yes", "start": "night"}, 400),
        ({"hours": "7-"}, 400),
    ],
)
def test_hours_that_make_no_sense_change_nothing(
    shop: Shop, annas: Browser, anna: int, fields: dict[str, str], status: int
) -> None:
    answer = annas.send("/settings/messages", "/settings/messages/quiet", **fields)

    assert answer.status_code == status
    assert own(shop.worlds, anna).quiet_from is None


def test_a_password_is_set_and_taken_away_by_who_signed_in_lately(
    shop: Shop, annas: Browser
) -> None:
    annas.send("/settings/password", password="a walk along the river")
    has = text_of(annas.get("/settings/password"))
    shop.now.move(minutes=20)
    late = annas.get("/settings/password/remove")
    annas.send("/sign-in?again=1", "/sign-in", contact=PHONE)
    annas.send("/sign-in/code", code=shop.last_code())
    gone = annas.send("/settings/password/remove")

    assert "Сменить пароль" in has
    assert "again=1" in late.location
    assert gone.location == "/settings/password?changed=removed"
    assert "Задать пароль" in text_of(annas.get("/settings/password"))
