"""What a member does besides buying, as their own pages show and take it."""

import pytest
from werkzeug.test import TestResponse

from gamification.store import Store
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.surroundings import here

PHONE = "+79123456789"


def joined(shop: Shop, guest: Browser) -> Browser:
    """Vera has just joined with her phone."""
    shop.set_up()
    guest.sign_in_by_code(shop, PHONE)
    guest.send("/join", name="Вера", **{"consent-programme": "yes"})
    return guest


def plain(answer: TestResponse) -> str:
    """What a person reads, without the places where a long word may break."""
    return text_of(answer).replace("\u00ad", "")


def acts(shop: Shop) -> list[tuple[str, str]]:
    with here(shop.app).programme.open(readonly=True) as world:
        rows = world.connection.exec_driver_sql("SELECT type, state FROM activity ORDER BY id")
        return [(str(kind), str(state)) for kind, state in rows]


def test_joining_and_the_proved_phone_are_in_the_history(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)

    words = text_of(vera.get("/history"))

    assert acts(shop) == [("joined", "counted"), ("phone_confirmed", "counted")]
    assert "Вступление в программу" in words
    assert "Телефон подтверждён" in words
    assert words.count("Магазин не даёт за это баллов") == 2


def test_signing_in_again_confirms_nothing_new(shop: Shop, guest: Browser) -> None:
    joined(shop, guest)
    shop.now.move(minutes=5)

    shop.browser().sign_in_by_code(shop, PHONE)

    assert len(acts(shop)) == 2


def test_an_imported_member_did_not_just_join(shop: Shop, guest: Browser) -> None:
    shop.set_up()
    shop.member(phone=PHONE)

    guest.sign_in_by_code(shop, PHONE)

    assert acts(shop) == [("phone_confirmed", "counted")]


def test_a_day_is_counted_by_a_button_and_only_once(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)
    before = text_of(vera.get("/home"))

    token = vera.token("/home")
    answers = [vera.client.post("/check-in", data={"csrf_token": token}) for _ in range(3)]
    after = text_of(vera.get("/home"))

    assert "за дни подряд даётся медаль" in before
    assert [(a.status_code, a.location) for a in answers] == [(303, "/home")] * 3
    assert acts(shop).count(("daily_check_in", "counted")) == 1
    assert "Сегодня отмечено" in after
    assert "1 день подряд" in after
    assert "/check-in" not in vera.get("/home").get_data(as_text=True)


def test_the_run_goes_on_tomorrow(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)
    for _ in range(3):
        vera.send("/home", "/check-in")
        shop.now.move(hours=24)

    vera.get("/celebrate")
    words = plain(vera.get("/home"))

    assert "Уже 3 дня подряд" in words
    assert "Заглянул на огонёк" in words


def test_looking_at_a_page_counts_nothing(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)
    before = acts(shop)

    for path in ("/home", "/history", "/card", "/settings", "/settings/profile"):
        assert vera.get(path).status_code == 200

    assert acts(shop) == before
    assert vera.get("/check-in").status_code == 405


def test_a_strangers_form_counts_nothing(shop: Shop, guest: Browser) -> None:
    joined(shop, guest)
    before = acts(shop)

    assert shop.browser().client.post("/check-in").status_code in (303, 400)
    cashier = shop.signed_in_as("cashier")
    token = cashier.token("/settings")
    answer = cashier.client.post("/check-in", data={"csrf_token": token})

    assert answer.status_code in (403, 404)
    assert acts(shop) == before


def test_a_full_profile_is_a_medal(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)

    answer = vera.send("/settings/profile", name="Вера Павловна", birthday="1990-03-10")

    assert (answer.status_code, answer.location) == (303, "/settings/profile?changed=profile")
    assert ("profile_completed", "counted") in acts(shop)
    assert "Знакомство" in plain(vera.get("/celebrate"))
    assert "Знакомство" in plain(vera.get("/home"))
    page = vera.get("/settings/profile").get_data(as_text=True)
    assert 'value="1990-03-10"' in page
    assert 'value="Вера Павловна"' in page


def test_a_profile_that_makes_no_sense_says_where(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)

    for name, birthday in ((" ", ""), ("Вера", "2030-01-01"), ("Вера", "31.12.1990"),
                           ("Вера", "1000-01-01")):  # fmt: skip
        answer = vera.send("/settings/profile", name=name, birthday=birthday)

        assert answer.status_code == 422
        assert answer.get_data(as_text=True).count("aria-invalid") == 1

    assert ("profile_completed", "counted") not in acts(shop)


def cities(shop: Shop) -> list[tuple[object, ...]]:
    with shop.worlds.open(readonly=True) as world:
        return [
            tuple(row) for row in Store(world.connection).rows("SELECT city, city_key FROM member")
        ]


def test_a_city_is_told_changed_left_alone_and_taken_away(shop: Shop, guest: Browser) -> None:
    vera = joined(shop, guest)
    before = acts(shop)
    seen = []
    for more in ({"city": "  г.  Орёл "}, {}, {"city": "ОРЁЛ"}, {"city": " "}):
        assert vera.send("/settings/profile", name="Вера", birthday="", **more).status_code == 303
        seen += cities(shop)

    assert seen == [("г. Орёл", "орел"), ("г. Орёл", "орел"), ("ОРЁЛ", "орел"), (None, None)]
    assert acts(shop) == before, "no points for it"


@pytest.mark.parametrize(
    ("language", "about"),
    [("ru", "баллы от города не зависят"), ("en", "no points depend on it")],
)
def test_the_profile_says_what_the_city_is_for(
    shop: Shop, guest: Browser, language: str, about: str
) -> None:
    vera = joined(shop, guest)
    vera.send("/settings/profile", name="Вера", birthday="", city="Орёл")

    vera.send("/settings", "/prefs", locale=language, next="/settings")

    page = vera.get("/settings/profile")

    assert 'value="Орёл"' in page.get_data(as_text=True)
    assert about in plain(page)


@pytest.mark.parametrize("typed", ["...", "Й" * 81])
def test_what_is_no_city_stays_typed_beside_a_sentence(
    shop: Shop, guest: Browser, typed: str
) -> None:
    vera = joined(shop, guest)

    answer = vera.send("/settings/profile", name="Вера Новая", birthday="", city=typed)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert 'id="city-error"' in page
    assert f'value="{typed}"' in page
    assert 'value="Вера Новая"' in page
    assert cities(shop) == [(None, None)]


def test_a_strangers_profile_form_changes_nothing(shop: Shop, guest: Browser) -> None:
    joined(shop, guest)
    stranger = shop.signed_in_as("owner")
    token = stranger.token("/settings")

    answer = stranger.client.post(
        "/settings/profile", data={"csrf_token": token, "name": "Мария", "birthday": ""}
    )

    assert answer.status_code in (403, 404)
