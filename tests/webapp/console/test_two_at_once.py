"""Two people with one form open: a field that one of them left alone takes nothing back."""

import pytest

from tests.webapp.console.challenge_forms import fields_of
from tests.webapp.shopfront import Browser, Shop

FORMS = {
    "/console/acts": ("points-joined", "points-birthday", "40", "30"),
    "/console/programme": ("name", "pay_share", "Кафе «Сова»", "41"),
    "/console/messages/challenge_won": ("subject_ru", "subject_en", "Готово!", "Well done!"),
    "/console/invitations/rules": ("burst-day", "burst-week", "7", "21"),
}


@pytest.mark.parametrize("path", FORMS)
def test_each_change_stays(open_shop: Shop, owner: Browser, path: str) -> None:
    page, (one, other, hers, his) = path, FORMS[path]
    colleague = open_shop.signed_in_as("owner")
    seen, seen_too = fields_of(owner, page, page), fields_of(colleague, page, page)
    save = {"do": ["save"]}

    first = owner.client.post(page, data=seen | save | {one: [hers]})
    second = colleague.client.post(page, data=seen_too | save | {other: [his]})

    assert (first.status_code, second.status_code) == (303, 303)
    now = fields_of(owner, page, page)
    assert (now[one], now[other]) == ([hers], [his])


@pytest.mark.parametrize("told", ["", "{", "[1]", '{"points-joined": 1}', "[" * 50_000])
def test_an_odd_memory_of_what_was_seen_changes_nothing(
    open_shop: Shop, owner: Browser, told: str
) -> None:
    page = "/console/acts"
    fields = fields_of(owner, page, page) | {"seen": [told], "points-joined": ["44"]}

    assert owner.client.post(page, data=fields).status_code == 303
    assert fields_of(owner, page, page)["points-joined"] == ["44"]


def test_a_form_that_comes_back_with_an_error_remembers_what_was_seen(
    open_shop: Shop, owner: Browser
) -> None:
    page = "/console/acts"
    seen = fields_of(owner, page, page)
    bad = owner.client.post(page, data=seen | {"points-joined": ["many"]})

    assert bad.status_code == 422
    assert seen["seen"][0].replace('"', "&#34;") in bad.get_data(as_text=True)
