"""A key opens what its scopes say, while it works, and nothing is kept by which to guess it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.webapp.api.till import ANNA, WHEN, Till, new_key, till_of
from tests.webapp.shopfront import Shop
from webapp.app import create_app
from webapp.keys.actions import add_key, revoke_keys, rotate_key
from webapp.keys.refusals import BadKeyPlan, KeyExists, NoSuchKey
from webapp.keys.tables import ApiKey
from webapp.settings import Settings
from webapp.surroundings import here

PURCHASE = {"id": "p-1", "occurred_at": WHEN, "member": ANNA, "total": "100.00"}


def rotated(shop: Shop, name: str, **overlap: float) -> str:
    with shop.worlds.open() as world:
        return rotate_key(world, name, overlap=timedelta(**overlap))[1]


def test_without_a_key_nothing_opens(till: Till) -> None:
    till.key = ""

    answer = till.post("/purchases", PURCHASE)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "key_missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="laurel"'
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1] + ("x" if key[-1] != "x" else "y"),
        lambda key: key.replace("laurel_", "Laurel_"),
        lambda key: key.split("_", 2)[1],
        lambda key: "laurel__",
        lambda key: "laurel_é_é",
    ],
)
def test_a_key_that_is_not_quite_right_opens_nothing(till: Till, spoil: object) -> None:
    till.key = spoil(till.key)  # type: ignore[operator]

    answer = till.post("/purchases", PURCHASE)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "key_unknown")
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_another_scheme_is_no_key(till: Till) -> None:
    answer = till.client.get("/api/v1/members", headers={"Authorization": f"Basic {till.key}"})

    assert answer.get_json()["code"] == "key_missing"


@pytest.mark.parametrize(
    ("scope", "statuses"), [("receipts:write", (201, 200, 403)), ("members:read", (403, 403, 200))]
)
def test_a_key_does_what_its_scopes_say(
    till: Till, scope: str, statuses: tuple[int, int, int]
) -> None:
    till.buy("p-0", "10.00")
    till.key = new_key(till.shop, "till-2", scope)

    answers = (
        till.post("/purchases", PURCHASE),
        till.get("/receipts/p-1"),
        till.get("/members", ANNA),
    )

    assert tuple(answer.status_code for answer in answers) == statuses
    refused = [answer for answer in answers if answer.status_code == 403]
    assert {answer.get_json()["code"] for answer in refused} == {"scope_missing"}
    assert all("insufficient_scope" in answer.headers["WWW-Authenticate"] for answer in refused)


def test_only_a_hash_is_kept(till: Till) -> None:
    with till.shop.worlds.open(readonly=True) as world:
        (key,) = world.session.exec(select(ApiKey)).all()

    secret = till.key.split("_", 2)[2]
    assert key.hash not in till.key
    assert not any(secret in str(value) for value in key.model_dump().values())


def test_a_rotated_key_works_on_for_the_overlap(till: Till) -> None:
    old, till.key = till.key, rotated(till.shop, "till-1", hours=24)
    new = till.key

    assert till.buy("p-1", "10.00").status_code == 201
    till.key = old
    assert till.buy("p-1", "10.00").headers["Idempotent-Replayed"] == "true"

    till.shop.now.move(hours=24)
    assert till.buy("p-1", "10.00").get_json()["code"] == "key_unknown"
    till.key = new
    assert till.buy("p-1", "10.00").status_code == 200


def test_a_key_rotated_without_overlap_ends_at_once(till: Till) -> None:
    rotated(till.shop, "till-1", hours=0)

    assert till.get("/members", ANNA).status_code == 401


def test_rotating_twice_never_makes_an_older_key_live_longer(till: Till) -> None:
    oldest = till.key
    rotated(till.shop, "till-1", hours=1)
    till.key = rotated(till.shop, "till-1", hours=48)

    till.shop.now.move(hours=2)

    assert till.get("/members", ANNA).status_code == 200
    till.key = oldest
    assert till.get("/members", ANNA).status_code == 401


def test_a_revoked_name_has_no_working_key_left(till: Till) -> None:
    successor = rotated(till.shop, "till-1", hours=24)
    with till.shop.worlds.open() as world:
        revoke_keys(world, "till-1")

    answers = [
        till.get("/members", ANNA, Authorization=f"Bearer {k}") for k in (successor, till.key)
    ]

    assert {answer.get_json()["code"] for answer in answers} == {"key_unknown"}


def test_one_key_is_revoked_by_its_prefix(till: Till) -> None:
    successor = rotated(till.shop, "till-1", hours=24)
    with till.shop.worlds.open() as world:
        revoke_keys(world, till.key.split("_")[1])

    assert till.get("/members", ANNA).status_code == 401
    till.key = successor
    assert till.get("/members", ANNA).status_code == 200


def test_a_key_for_some_days_ends_after_them(till: Till) -> None:
    with till.shop.worlds.open() as world:
        end = world.now + timedelta(days=3)
        till.key = add_key(world, "guest", ["members:read"], expires_at=end)[1]

    assert till.get("/members", ANNA).status_code == 200
    till.shop.now.move(days=3)
    assert till.get("/members", ANNA).status_code == 401


def test_the_use_is_noted_once_in_ten_minutes(till: Till) -> None:
    first = till.shop.now.read()
    for minutes in (0, 9, 1):
        till.shop.now.move(minutes=minutes)
        till.get("/members", ANNA)

    with till.shop.worlds.open(readonly=True) as world:
        (key,) = world.session.exec(select(ApiKey)).all()
    assert key.last_used == first + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("name", "scopes", "what"),
    [
        ("", ["members:read"], "name"),
        ("till 1", ["members:read"], "name"),
        ("-till", ["members:read"], "name"),
        ("t" * 61, ["members:read"], "name"),
        ("till-2", ["everything"], "scope"),
        ("till-2", [], "scope"),
    ],
)
def test_a_senseless_plan_makes_no_key(till: Till, name: str, scopes: list[str], what: str) -> None:
    with till.shop.worlds.open() as world, pytest.raises(BadKeyPlan) as refused:
        add_key(world, name, scopes)

    assert refused.value.values["what"] == what


def test_a_working_name_is_rotated_and_not_added_again(till: Till) -> None:
    with till.shop.worlds.open() as world, pytest.raises(KeyExists):
        add_key(world, "till-1", ["members:read"])
    with till.shop.worlds.open() as world, pytest.raises(NoSuchKey):
        rotate_key(world, "till-9", overlap=timedelta(hours=1))
    with till.shop.worlds.open() as world, pytest.raises(NoSuchKey):
        revoke_keys(world, "till-9")


def test_a_revoked_name_may_be_given_again_and_keeps_its_receipts(till: Till) -> None:
    till.buy("p-1", "10.00")
    with till.shop.worlds.open() as world:
        revoke_keys(world, "till-1")
        till.key = add_key(world, "till-1", ["receipts:write"])[1]

    assert till.buy("p-1", "10.00").status_code == 200


def test_two_tills_may_use_the_same_number(till: Till) -> None:
    other = till_of(till.shop, "till-2")

    answers = [till.buy("p-1", "100.00"), other.buy("p-1", "200.00")]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert other.get("/receipts/p-1").get_json()["total"] == "200.00"
    assert till.get("/receipts/p-1").get_json()["total"] == "100.00"


def test_a_past_day_does_not_note_that_a_key_was_used(till: Till, settings: Settings) -> None:
    past = replace(settings, as_of=date(2026, 11, 24))
    shop = Shop(create_app(past, engine=here(till.shop.app).engine), till.shop.now)
    used = "SELECT last_used FROM api_key"

    answers = [Till(shop, shop.app.test_client(), till.key).get("/members", ANNA).status_code]
    then = till.rows(used)
    answers.append(till.get("/members", ANNA).status_code)

    assert answers == [200, 200]
    assert then == [(None,)]
    assert till.rows(used) != [(None,)]
