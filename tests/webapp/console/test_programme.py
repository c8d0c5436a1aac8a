"""The programme in sentences, and the few settings that can be changed at once."""

from datetime import UTC, datetime

import pytest

from gamification.commands.owner import publish_rule
from tests.webapp.brand.test_pictures import png
from tests.webapp.console.owner import english, programme, upload
from tests.webapp.shopfront import Browser, Shop, text_of

PAGE = "/console/programme"
GOOD = {"name": "Кафе «Сова»", "colour": "#123456", "pay_share": "50"}


def test_the_terms_are_said_in_sentences(open_shop: Shop, owner: Browser) -> None:
    with open_shop.worlds.open() as world:
        publish_rule(
            world, code="happy", kind="multiplier", valid_from=datetime(2026, 1, 1, tzinfo=UTC),
            params={"percent": 200, "weekdays": [6, 7], "hours": [900, 1020]},
            names={"en": "Happy hours"},
        )  # fmt: skip
        publish_rule(world, code="cap", kind="cap", params={"points": 300})
        publish_rule(world, code="gift", kind="exclusion", params={"categories": ["Подарки"]})
        publish_rule(world, code="big", kind="bonus", params={"threshold": 200_000, "points": 50})

    said = text_of(english(owner, PAGE)).replace("\u00a0", " ")

    assert "Sprout 1% in points from the first day" in said
    assert "Wreath 5% in points from ₽60,000 in 365 days" in said
    assert "Happy hours." in said
    assert "2 times the points for everything, Sat Sun, from 15:00 to 17:00." in said
    assert "At most 300 points for one receipt." in said
    assert "No points for “Подарки”, and no paying for it with points." in said
    assert "50 points more from ₽2,000 on." in said
    assert "Points arrive 14 days after the purchase." in said
    assert "20 medals can be earned." in said
    assert "so they stay as they were when the programme started." in said
    assert "new versions" not in said


def test_a_change_is_seen_on_every_page(open_shop: Shop, owner: Browser) -> None:
    answer = upload(owner, PAGE, {"logo": (png(), "owl.png")}, **GOOD)

    assert (answer.status_code, answer.location) == (303, f"{PAGE}?saved=1")
    row = programme(open_shop)
    assert row is not None
    assert (row.name, row.colour, row.pay_share) == ("Кафе «Сова»", "#123456", 50)
    page = english(owner, "/club").get_data(as_text=True)
    assert "Кафе «Сова»" in page
    assert f"/logo?v={row.logo}" in page
    assert "/brand.css?v=123456" in page
    assert owner.get("/logo").data == png()


@pytest.mark.parametrize(
    ("typed", "kept"), [("250000,50", 25_000_050), ("250 000.5", 25_000_050), ("", None)]
)
def test_the_largest_sum_that_counts_by_itself_can_be_changed(
    open_shop: Shop, owner: Browser, typed: str, kept: int | None
) -> None:
    upload(owner, PAGE, {}, review_over=typed, **GOOD)

    row = programme(open_shop)
    assert row is not None
    assert row.review_over == kept
    page = english(owner, PAGE).get_data(as_text=True)
    shown = "250000.5" if kept else ""
    assert f'name="review_over" type="text" value="{shown}"' in page
    assert ("A receipt of more than ₽250,000.50 waits for your decision" in page) == bool(kept)


def test_a_largest_sum_of_nothing_is_refused(open_shop: Shop, owner: Browser) -> None:
    answer = upload(owner, PAGE, {}, review_over="0", **GOOD)

    row = programme(open_shop)
    assert row is not None
    assert (answer.status_code, row.review_over, row.pay_share) == (422, 10_000_000, 30)


def test_a_photo_for_a_logo_is_refused_on_its_field(open_shop: Shop, owner: Browser) -> None:
    photo = png() + b"0" * 3_000_000

    answer = upload(owner, PAGE, {"logo": (photo, "owl.png")}, **GOOD | {"name": "Сова"})

    answer.request.environ["wsgi.input"].close()  # the client's own file, not the app's
    assert answer.status_code == 422
    assert "Картинка слишком велика: можно до 512 КБ." in text_of(answer).replace("\xa0", " ")
    assert 'value="Сова"' in answer.get_data(as_text=True)


def test_a_sum_that_is_too_large_is_told_so(open_shop: Shop, owner: Browser) -> None:
    for typed in ("200000000000", "9" * 40, "1e99999"):
        answer = upload(owner, PAGE, {}, review_over=typed, **GOOD)

        said = text_of(answer).replace("\xa0", " ")
        assert (answer.status_code, "Сумма может быть до 100 000 000 000 ₽." in said) == (422, True)


def test_the_logo_can_go_again(open_shop: Shop, owner: Browser) -> None:
    upload(owner, PAGE, {"logo": (png(), "owl.png")}, **GOOD)

    upload(owner, PAGE, {}, no_logo="1", **GOOD)

    row = programme(open_shop)
    assert row is not None
    assert row.logo is None
    assert owner.get("/logo").status_code == 404


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    open_shop: Shop, owner: Browser
) -> None:
    bad = {"name": " ", "colour": "green", "pay_share": "101"}

    answer = upload(owner, PAGE, {"logo": ("<svg/>", "logo.png")}, **bad)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in ("name", "colour", "pay_share", "logo"):
        assert f'id="{field}-error"' in page
    assert 'value="green"' in page
    assert 'value="101"' in page
    row = programme(open_shop)
    assert row is not None
    assert (row.name, row.colour, row.pay_share) == ("Полдень", None, 30)


def test_a_good_logo_is_kept_while_another_field_is_mended(open_shop: Shop, owner: Browser) -> None:
    upload(owner, PAGE, {"logo": (png(), "owl.png")}, **(GOOD | {"pay_share": "x"}))

    assert owner.get("/logo").data == png()


def test_a_picture_that_is_too_large_is_refused_with_a_sentence(
    open_shop: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("webapp.brand.pictures", "webapp.console.fields"):
        monkeypatch.setattr(f"{place}.LARGEST_BYTES", 100)

    answer = upload(owner, PAGE, {"logo": (png() + b"\0" * 1_000, "owl.png")}, **GOOD)

    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.get_data(as_text=True)
    assert owner.get("/logo").status_code == 404


def test_nobody_else_changes_it(open_shop: Shop, guest: Browser) -> None:
    cashier = open_shop.signed_in_as("cashier")
    token = cashier.token("/settings")

    answers = [
        cashier.client.post(PAGE, data={"csrf_token": token, **GOOD}),
        guest.client.post(PAGE, data=GOOD),
    ]

    assert [answer.status_code for answer in answers] == [403, 303]
    row = programme(open_shop)
    assert row is not None
    assert row.name == "Полдень"


def test_the_page_for_the_till_names_the_address_and_the_key(
    open_shop: Shop, owner: Browser
) -> None:
    said = text_of(english(owner, "/console/tills"))

    assert "laurel keys add" in said
    assert 'href="/console/keys"' in owner.get("/console/tills").get_data(as_text=True)
    assert "/api/v1/purchases" in said
