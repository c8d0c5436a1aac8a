"""Two people with one form open: a field that one of them left alone takes nothing back."""

import pytest

from tests.webapp.console.challenge_forms import PAGE, FormReader, fields_of, launched, now_of
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


def test_each_text_of_a_challenge_stays(open_shop: Shop, owner: Browser) -> None:
    number = launched(owner)
    colleague = open_shop.signed_in_as("marketer")
    here, act = f"{PAGE}/{number}", f"{PAGE}/{number}/act"
    hers, his = texts_of(owner, here), texts_of(colleague, here)

    owner.client.post(act, data=hers | {"name_en": "Three cups"})
    answer = colleague.client.post(act, data=his | {"about_en": "Come by!"})

    assert answer.status_code == 303
    words = now_of(open_shop, number).plan.words["en"]
    assert (words.name, words.about) == ("Three cups", "Come by!")


def texts_of(who: Browser, page: str) -> dict[str, str]:
    """The form of the texts as a browser fills it; other acts have forms with its address."""
    reader = FormReader(f"{page}/act")
    reader.feed(who.get(page).get_data(as_text=True))
    wanted = (
        "csrf_token",
        "seen",
        *(name for name in reader.fields if name[-3:] in ("_ru", "_en")),
    )
    return {name: reader.fields[name][0] for name in wanted} | {"act": "words"}


def test_an_act_that_was_refused_empties_no_other_form(open_shop: Shop, owner: Browser) -> None:
    number = launched(owner, name_en="Three cups")
    answer = owner.send(f"{PAGE}/{number}", f"{PAGE}/{number}/act", act="pause", reason=" ")

    assert answer.status_code == 422
    assert 'value="Three cups"' in answer.get_data(as_text=True)


def test_a_segment_that_somebody_changed_is_not_replaced_unseen(
    open_shop: Shop, owner: Browser
) -> None:
    edit, everybody = "/console/segments/edit", '{"kind": "stage", "stages": ["new"]}'
    owner.send(edit, do="save", name="Ours", all=everybody)
    page = f"{edit}?segment=1"
    seen = fields_of(owner, page, edit)
    owner.client.post(edit, data=seen | {"do": ["save"], "name": ["Hers"]})

    late = owner.client.post(edit, data=seen | {"do": ["save"], "name": ["His"]})
    reader = FormReader(edit)
    reader.feed(late.get_data(as_text=True))
    kept = fields_of(owner, page, edit)["name"]
    again = owner.client.post(edit, data=reader.fields | {"do": ["save"]})

    assert (late.status_code, kept, again.status_code) == (409, ["Hers"], 303)
    assert reader.fields["name"] == ["His"]
    assert fields_of(owner, page, edit)["name"] == ["His"]


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
