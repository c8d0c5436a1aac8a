"""A shop's own system tells where a member lives, and sees it."""

from typing import Any

import pytest

from tests.webapp.api.till import ANNA, Till, faults, new_key


def patch(till: Till, body: Any, **headers: str) -> Any:
    return till.patch("/members", body, **headers)


def test_a_city_is_told_seen_and_taken_away(till: Till) -> None:
    assert till.anna()["city"] is None

    told = patch(till, {"member": ANNA, "city": "г.  Орёл"})
    again = patch(till, {"member": ANNA, "city": "г. Орёл"})
    kept = till.rows("SELECT city, city_key FROM member WHERE city IS NOT NULL")
    seen = till.anna()["city"]
    gone = patch(till, {"member": ANNA, "city": None})

    assert (told.status_code, again.status_code, gone.status_code) == (200, 200, 200)
    assert told.get_json()["city"] == again.get_json()["city"] == seen == "г. Орёл"
    assert kept == [("г. Орёл", "орел")]
    assert gone.get_json()["city"] is till.anna()["city"] is None


@pytest.mark.parametrize(
    ("city", "code"),
    [("", "empty"), (" Орёл", "outer_blanks"), ("Й" * 81, "too_long"), ("?!", "no_city"),
     ("О\u0000", "control_letters"), (7, "text")],
)  # fmt: skip
def test_what_is_no_city_is_refused_at_its_field(till: Till, city: Any, code: str) -> None:
    answer = patch(till, {"member": ANNA, "city": city})

    assert answer.content_type.startswith("application/problem+json")
    assert faults(answer) == {"/city": code}
    assert till.anna()["city"] is None


def test_the_city_has_to_be_said(till: Till) -> None:
    assert faults(patch(till, {"member": ANNA})) == {"/city": "missing"}


def test_nobody_and_a_key_for_other_things_change_nothing(till: Till) -> None:
    stranger = patch(till, {"member": {"external_id": "nobody"}, "city": "Орёл"})
    other = new_key(till.shop, "eyes", "members:read")
    blind = patch(till, {"member": ANNA, "city": "Орёл"}, Authorization=f"Bearer {other}")

    assert (stranger.status_code, stranger.get_json()["code"]) == (404, "unknown_member")
    assert (blind.status_code, blind.get_json()["code"]) == (403, "scope_missing")
    assert till.anna()["city"] is None


def test_a_blocked_card_tells_nothing(till: Till) -> None:
    with till.shop.worlds.open() as world:
        world.connection.exec_driver_sql("UPDATE card SET state = 'blocked'")

    answer = patch(till, {"member": ANNA, "city": "Орёл"})

    assert (answer.status_code, answer.get_json()["code"]) == (403, "card_blocked")
    assert till.rows("SELECT id FROM member WHERE city IS NOT NULL") == []
