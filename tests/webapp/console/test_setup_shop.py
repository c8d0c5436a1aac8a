"""The wizard's first two steps: the shop, and its tiers."""

from typing import Any

import pytest

from gamification.commands.owner import usual_sum
from gamification.points import minor_digits
from gamification.readmodels.terms import terms_of
from tests.webapp.brand.test_pictures import png
from tests.webapp.console.owner import english, programme, tell, upload
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.console.places import CURRENCIES
from webapp.console.setup_tiers import whole_sum
from webapp.zones import known_zones, zone_choices

GOOD = {
    "name": "Кафе «Сова»", "colour": "#123456", "currency": "RUB", "zone": "Asia/Yekaterinburg",
    "worth": "0,5", "pending_days": "7",
}  # fmt: skip


def ladder(shop: Shop) -> list[tuple[str, int, int]]:
    with shop.worlds.open(readonly=True) as world:
        return [(t.name.names["ru"], t.need_minor, t.rate_bp) for t in terms_of(world).tiers]


def rungs(*tiers: tuple[str, str, str, str]) -> dict[str, str]:
    names = ("name_ru", "name_en", "rate", "need")
    return {f"{name}-{n}": text for n, tier in enumerate(tiers, 1)
            for name, text in zip(names, tier, strict=True)}  # fmt: skip


FOUR = (
    ("Росток", "Sprout", "1", "0"), ("Лист", "Leaf", "2,5", "10 000"),
    ("Ветвь", "Branch", "3", "30000"), ("Венок", "Wreath", "5 %", "60,000"),
)  # fmt: skip


def begin(owner: Browser, **more: str) -> None:
    answer = upload(owner, "/setup", {}, **(GOOD | more))
    assert answer.status_code == 303


def test_the_first_step_begins_a_programme_that_is_not_open(shop: Shop, owner: Browser) -> None:
    answer = upload(owner, "/setup", {"logo": (png(), "owl.png")}, **GOOD)

    row = programme(shop)
    assert (answer.status_code, answer.location) == (303, "/setup/tiers")
    assert row is not None
    assert (row.name, row.colour, row.zone) == ("Кафе «Сова»", "#123456", "Asia/Yekaterinburg")
    assert (row.point_worth, row.pending_days, row.live_at) == (50, 7, None)
    assert owner.get(f"/logo?v={row.logo}").data == png()
    assert ladder(shop)[3] == ("Венок", 6_000_000, 500)


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_lost(shop: Shop, owner: Browser) -> None:
    bad = {
        "name": "x" * 81, "colour": "blue", "currency": "XXX", "zone": "Mars/Base",
        "worth": "0", "pending_days": "400",
    }  # fmt: skip

    answer = upload(owner, "/setup", {"logo": ("GIF89a", "owl.gif")}, **bad)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in (*bad, "logo"):
        assert f'id="{field}-error"' in page
    assert f'value="{"x" * 81}"' in page
    assert 'value="400"' in page
    assert programme(shop) is None


def test_a_logo_stays_while_the_name_is_mended(shop: Shop, owner: Browser) -> None:
    wrong = upload(owner, "/setup", {"logo": (png(), "owl.png")}, **(GOOD | {"name": ""}))
    begin(owner)

    row = programme(shop)
    assert row is not None
    assert row.logo is not None
    assert f"/logo?v={row.logo}" in wrong.get_data(as_text=True)


def test_a_pale_colour_is_taken_and_the_page_says_what_will_be_shown(
    shop: Shop, owner: Browser
) -> None:
    begin(owner, colour="#FFD84D")

    said = text_of(english(owner, "/setup"))

    assert "#FFD84D is too pale for text. Buttons and links will be #" in said


@pytest.mark.parametrize("step", ["/setup", "/setup/tiers"])
def test_nothing_is_promised_that_cannot_be_changed(shop: Shop, owner: Browser, step: str) -> None:
    begin(owner)

    said = text_of(english(owner, step))
    russian = text_of(owner.get(step))

    assert "Everything can be changed later" not in said
    assert "Settled from the start: the currency, the time zone, what a point is worth" in said
    assert "Yours to change at any time: the name, the logo, the colour" in said
    assert "Закрепится, когда программа начнётся: валюта, часовой пояс" in russian


def test_the_language_of_customers_is_asked_and_kept(shop: Shop, owner: Browser) -> None:
    begin(owner, locale="en")
    row, page = programme(shop), owner.get("/setup").get_data(as_text=True)
    wrong = upload(owner, "/setup", {}, **(GOOD | {"locale": "tlh"}))

    assert row is not None
    assert row.locale == "en"
    assert '<option value="en" selected' in page
    assert (wrong.status_code, 'id="locale-error"' in wrong.get_data(as_text=True)) == (422, True)


def test_going_back_keeps_what_was_chosen(shop: Shop, owner: Browser) -> None:
    begin(owner)
    owner.send("/setup/tiers", **rungs(*FOUR[:2]))

    page = owner.get("/setup").get_data(as_text=True)
    begin(owner, name="Другое имя")

    assert "Кафе «Сова»" in page
    row = programme(shop)
    assert row is not None
    assert row.name == "Другое имя"
    assert ladder(shop) == [("Росток", 0, 100), ("Лист", 1_000_000, 250)]


def test_another_currency_brings_thresholds_that_make_sense_there(
    shop: Shop, owner: Browser
) -> None:
    begin(owner)

    begin(owner, currency="GBP", worth="0.01")

    row = programme(shop)
    assert row is not None
    assert (row.currency, row.point_worth) == ("GBP", 1)
    assert [need for _, need, _ in ladder(shop)] == [0, 20_000, 60_000, 120_000]


def test_a_preset_is_shown_and_saved_only_when_it_is_taken(shop: Shop, owner: Browser) -> None:
    begin(owner)

    answer = owner.send("/setup/tiers", preset="cafe")
    page = owner.get(answer.location).get_data(as_text=True)

    assert (answer.status_code, answer.location) == (303, "/setup/tiers?preset=cafe")
    assert 'name="rate-4" type="text" value="10"' in page
    assert ladder(shop)[3] == ("Венок", 6_000_000, 500)


def test_tiers_are_taken_as_they_were_typed(shop: Shop, owner: Browser) -> None:
    begin(owner)

    answer = owner.send("/setup/tiers", **rungs(*FOUR))

    assert (answer.status_code, answer.location) == (303, "/setup/files")
    assert ladder(shop) == [
        ("Росток", 0, 100), ("Лист", 1_000_000, 250), ("Ветвь", 3_000_000, 300),
        ("Венок", 6_000_000, 500),
    ]  # fmt: skip


def test_an_emptied_tier_is_left_out_and_a_name_serves_both_languages(
    shop: Shop, owner: Browser
) -> None:
    begin(owner)

    owner.send("/setup/tiers", **rungs(("Все", "", "4", "0"), ("", "", "", "")))

    assert ladder(shop) == [("Все", 0, 400)]
    with shop.worlds.open(readonly=True) as world:
        assert terms_of(world).tiers[0].name.names == {"ru": "Все", "en": "Все"}


@pytest.mark.parametrize(
    ("place", "texts", "field"),
    [
        (0, ("", "", "1", "0"), "name_ru-1"),
        (0, ("Росток", "Sprout", "1", "5"), "need-1"),
        (1, ("Лист", "Leaf", "0,5", "10000"), "rate-2"),
        (1, ("Лист", "Leaf", "101", "10000"), "rate-2"),
        (1, ("Лист", "Leaf", "1,001", "10000"), "rate-2"),
        (1, ("Лист", "Leaf", "2", "много"), "need-2"),
        (2, ("Ветвь", "Branch", "3", "10000"), "need-3"),
        (2, ("В" * 41, "Branch", "3", "30000"), "name_ru-3"),
    ],
)
def test_a_ladder_that_makes_no_sense_says_where(
    shop: Shop, owner: Browser, place: int, texts: tuple[str, str, str, str], field: str
) -> None:
    begin(owner)
    before = ladder(shop)
    tiers = list(FOUR)
    tiers[place] = texts

    answer = owner.send("/setup/tiers", **rungs(*tiers))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    for text in texts:
        assert f'value="{text}"' in page
    assert ladder(shop) == before


def test_without_any_tier_there_is_no_programme(shop: Shop, owner: Browser) -> None:
    begin(owner)

    assert owner.send("/setup/tiers", **rungs(("", "", "", ""))).status_code == 422


def test_once_somebody_bought_the_terms_stand(shop: Shop, owner: Browser) -> None:
    begin(owner)
    token = owner.token("/setup/tiers")
    anna = shop.member(name="Анна", phone="+79123456789")
    with shop.worlds.open() as world:
        tell(world, anna, "p-1", days=1)
    before = ladder(shop)

    answer = owner.client.post("/setup/tiers", data={"csrf_token": token, **rungs(FOUR[0])})

    assert answer.status_code == 409
    assert ladder(shop) == before
    assert [owner.get(path).location for path in ("/setup", "/setup/tiers")] == [
        "/setup/files", "/setup/files",
    ]  # fmt: skip
    assert owner.get("/setup/files").status_code == 200


@pytest.mark.parametrize("path", ["/setup", "/setup/tiers"])
def test_an_open_programme_is_not_set_up_again(open_shop: Shop, path: str) -> None:
    owner = open_shop.signed_in_as("owner")

    assert owner.get(path).location == "/console/programme"


@pytest.mark.parametrize("path", ["/setup", "/setup/tiers", "/setup/files", "/setup/live"])
def test_the_wizard_is_the_owners_alone(shop: Shop, guest: Browser, path: str) -> None:
    marketer = shop.signed_in_as("marketer")
    token = marketer.token("/settings")
    data: dict[str, Any] = {"csrf_token": token, **GOOD}

    answers = [marketer.get(path).status_code, guest.get(path).status_code]
    if path != "/setup/live":
        answers.append(marketer.client.post(path, data=data).status_code)

    assert answers == [403, 303, 403][: len(answers)]
    assert programme(shop) is None


def test_thresholds_are_round_in_every_currency() -> None:
    for code in CURRENCIES:
        needs = [usual_sum(roubles, code) for roubles in (2_000, 10_000, 30_000, 60_000)]
        assert needs == sorted(set(needs)), code
        assert minor_digits(code) in (0, 2, 3)


def test_zones_are_named_by_their_cities_once(shop: Shop) -> None:
    with shop.app.test_request_context(headers={"Accept-Language": "ru"}):
        choices = zone_choices(shop.now.read())

    labels = [label for _, label in choices]
    assert ("Europe/Moscow", "Москва, UTC+3") in choices
    assert len(labels) == len(set(labels))
    assert {name for name, _ in choices} <= known_zones()


@pytest.mark.parametrize(
    ("text", "value"),
    [("10 000", 10_000), ("10\u00a0000", 10_000), ("10,000", 10_000), ("10.000", 10_000),
     ("500", 500), ("1,5", None), ("-1", None), ("", None), ("1e3", 1_000), ("NaN", None)],
)  # fmt: skip
def test_a_whole_sum_is_read_however_its_thousands_are_grouped(
    text: str, value: int | None
) -> None:
    assert whole_sum(text) == value
