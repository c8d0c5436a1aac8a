"""The owner makes keys, sees them once, rotates them, and closes them with a way back."""

import re

import pytest

from tests.webapp.api.till import Till
from tests.webapp.console.owner import english, statements
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.keys.tables import ApiKey

PAGE = "/console/keys"
SECRET = re.compile(r"laurel_[a-z2-9]{8}_[A-Za-z0-9_-]{43}")


def made(owner: Browser, name: str = "till-1", **more: str) -> str:
    """Make a key with every right; its secret text."""
    answer = owner.client.post(
        PAGE,
        data={"csrf_token": owner.token(PAGE), "name": name}
        | {"scope": ["receipts:write", "members:read"]}
        | more,
    )
    found = SECRET.search(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert found is not None
    return found.group()


def opens(shop: Shop, text: str) -> int:
    return Till(shop, shop.app.test_client(), text).get("/members", {"card": "1"}).status_code


def prefix_of(text: str) -> str:
    return text.split("_")[1]


def test_a_key_is_shown_once_and_works(open_shop: Shop, owner: Browser) -> None:
    assert "No key works yet" in text_of(english(owner, PAGE))
    text = made(owner)

    page = english(owner, PAGE)
    said = text_of(page).replace("\u00a0", " ")

    assert opens(open_shop, text) == 404  # the key is let in, the member is unknown
    assert text not in page.get_data(as_text=True)
    assert f"till-1 {prefix_of(text)}…, send receipts, look at a member" in said
    assert "Made on 24 November 2026. Not used yet. Works until it is revoked." in said
    used = text_of(english(owner, PAGE)).replace("\u00a0", " ")
    assert "Last used on 24 November 2026, 12:00" in used


def test_a_new_key_changes_no_member_unless_that_is_asked_for(
    open_shop: Shop, owner: Browser
) -> None:
    page = owner.get(PAGE).get_data(as_text=True)
    boxes = re.findall(r"<input[^>]*name=\"scope\"[^>]*>", page)

    assert [("members:write" in box, " checked" in box) for box in boxes] == [
        (False, True), (False, True), (False, True), (True, False),
    ]  # fmt: skip


def test_a_key_with_fewer_rights_and_an_end(open_shop: Shop, owner: Browser) -> None:
    text = made(owner, "site", scope="receipts:write", days="3")

    assert opens(open_shop, text) == 403
    said = text_of(english(owner, PAGE)).replace("\u00a0", " ")
    assert "Works until 27 November 2026, 12:00." in said
    open_shop.now.move(days=3)
    assert opens(open_shop, text) == 401
    said = text_of(english(open_shop.signed_in_as("owner"), PAGE)).replace("\u00a0", " ")
    assert f"site, {prefix_of(text)}…: ended on 27 November 2026" in said


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "касса"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "till-1"}, "name"),
        ({"name": "till-2", "scope": "all"}, "scope"),
        ({"name": "till-2", "scope": "members:read", "days": "0"}, "days"),
    ],
)
def test_a_wrong_key_is_told_beside_its_field(
    open_shop: Shop, owner: Browser, fields: dict[str, str], field: str
) -> None:
    made(owner)

    answer = owner.send(PAGE, **({"scope": "members:read"} | fields))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert f'value="{fields["name"]}"' in page
    assert SECRET.search(page) is None
    assert open_shop.count(ApiKey) == 1


def test_a_successor_comes_while_the_old_key_works_on(open_shop: Shop, owner: Browser) -> None:
    old = made(owner)

    answer = owner.send(PAGE, f"{PAGE}/rotate", name="till-1", hours="24")
    new = SECRET.search(answer.get_data(as_text=True))

    assert new is not None
    assert [opens(open_shop, key) for key in (old, new.group())] == [404, 404]
    open_shop.now.move(hours=24)
    assert [opens(open_shop, key) for key in (old, new.group())] == [401, 404]


def test_an_old_key_can_end_at_once_and_nobody_has_no_successor(
    open_shop: Shop, owner: Browser
) -> None:
    old = made(owner)

    gone = owner.send(PAGE, f"{PAGE}/rotate", name="nobody", hours="0")
    owner.send(PAGE, f"{PAGE}/rotate", name="till-1", hours="0")

    assert (gone.status_code, opens(open_shop, old)) == (409, 401)


def test_a_revoked_key_opens_nothing_until_that_is_undone(open_shop: Shop, owner: Browser) -> None:
    text, other = made(owner), made(owner, "till-2")

    answer = owner.send(PAGE, f"{PAGE}/revoke", key=prefix_of(text))
    closed = [opens(open_shop, key) for key in (text, other)]
    said = text_of(english(owner, answer.location))
    back = owner.send(answer.location, f"{PAGE}/reopen", key=prefix_of(text))

    assert (answer.status_code, answer.location) == (303, f"{PAGE}?revoked={prefix_of(text)}")
    assert closed == [401, 404]
    assert f"The key {prefix_of(text)} of till-1 opens nothing any more." in said
    assert (back.status_code, back.location) == (303, PAGE)
    assert opens(open_shop, text) == 404


def test_a_revocation_stays_after_ten_minutes(open_shop: Shop, owner: Browser) -> None:
    text = made(owner)
    owner.send(PAGE, f"{PAGE}/revoke", key=prefix_of(text))
    open_shop.now.move(minutes=11)

    answers = [
        owner.send(PAGE, f"{PAGE}/reopen", key=prefix_of(text)),
        owner.send(PAGE, f"{PAGE}/revoke", key=prefix_of(text)),
        owner.send(PAGE, f"{PAGE}/revoke", key="till-1"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert opens(open_shop, text) == 401


def test_a_name_closes_no_keys_here(open_shop: Shop, owner: Browser) -> None:
    text = made(owner)

    answer = owner.send(PAGE, f"{PAGE}/revoke", key="till-1")

    assert (answer.status_code, opens(open_shop, text)) == (409, 404)


@pytest.mark.parametrize("role", ["customer", "cashier", "marketer"])
def test_nobody_else_comes_near_the_keys(open_shop: Shop, owner: Browser, role: str) -> None:
    text = made(owner)
    stranger = open_shop.signed_in_as(role)
    token = stranger.token("/settings")

    told = {"csrf_token": token, "name": "till-1", "scope": "members:read", "hours": "0"}
    answers = [stranger.get(PAGE)] + [
        stranger.client.post(f"{PAGE}{verb}", data=told | {"key": prefix_of(text)})
        for verb in ("", "/rotate", "/revoke", "/reopen")
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert (open_shop.count(ApiKey), opens(open_shop, text)) == (1, 404)


def test_a_form_of_another_site_makes_no_key(open_shop: Shop, owner: Browser) -> None:
    answer = owner.client.post(PAGE, data={"name": "till-1", "scope": "members:read"})

    assert (answer.status_code, open_shop.count(ApiKey)) == (400, 0)


def test_one_key_and_three_cost_the_same(open_shop: Shop, owner: Browser) -> None:
    made(owner)
    owner.get(PAGE)
    with statements() as one:
        owner.get(PAGE)
    for name in ("till-2", "till-3"):
        made(owner, name)
    with statements() as three:
        owner.get(PAGE)

    assert len(one) == len(three)


def test_what_cannot_be_taken_is_said_beside_its_field(open_shop: Shop, owner: Browser) -> None:
    data = {"csrf_token": owner.token(PAGE), "name": "касса 1"}

    answer = owner.client.post(PAGE, data=data, headers={"Accept-Language": "en"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    said = dict(re.findall(r'id="(name|scope)-error">.*?<span>(.*?)</span>', page))
    assert said == {
        "name": "The name may have up to 60 Latin letters, digits, points and dashes, and begins"
        " with a letter or a digit.",
        "scope": "Choose at least one thing that the key may do.",
    }
    assert "No key works yet" in page
