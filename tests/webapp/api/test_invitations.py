"""Somebody new names a friend's code at the till."""

import pytest

from gamification.commands.referrals import ReferralTerms, code_for, publish_terms
from tests.webapp.api.till import ANNA, OWN_ID, PHONE, Till, add_member, faults


@pytest.fixture
def code(till: Till) -> str:
    """Boris's code; Anna of the till joined today and has bought nothing."""
    with till.shop.worlds.open() as world:
        publish_terms(world, ReferralTerms(link_days=30))
        return code_for(world, add_member(world, card="4600000000002"))


def tell(till: Till, code: str, **member: str) -> tuple[int, str]:
    answer = till.post("/invitations", {"member": member or ANNA, "code": code})
    body = answer.get_json()
    return answer.status_code, body.get("status") if answer.status_code == 200 else body["code"]


def test_it_counts_once_and_is_told_apart(till: Till, code: str) -> None:
    first = tell(till, f"{code[:4].lower()} {code[4:]}")
    again = [tell(till, code, external_id=OWN_ID), tell(till, code, phone=PHONE)]

    assert first == (200, "bound")
    assert again == [(200, "already")] * 2
    assert till.rows("SELECT how, channel, state FROM referral") == [("till", "till", "registered")]


def test_why_it_does_not_count_is_said(till: Till, code: str) -> None:
    unknown, own = tell(till, "NOBODY22"), tell(till, code, card="4600000000002")
    till.buy("p-1", "100.00")
    late = tell(till, code)
    with till.shop.worlds.open() as world:
        publish_terms(world, ReferralTerms(is_on=False))
    till.shop.now.move(seconds=1)

    assert (unknown, own, late) == ((200, "unknown"), (200, "own"), (200, "late"))
    assert tell(till, code) == (200, "off")


def test_a_week_after_joining_it_is_late(till: Till, code: str) -> None:
    till.shop.now.move(days=8)

    assert tell(till, code) == (200, "late")


def test_bad_input_is_answered_field_by_field(till: Till, code: str) -> None:
    whole = {"member": ANNA, "code": code}
    bodies = (
        {},
        {"member": ANNA},
        whole | {"code": ""},
        whole | {"member": {}},
        whole | {"code": "x" * 41},
        whole | {"points": 5},
    )

    found = [faults(till.post("/invitations", body)) for body in bodies]

    assert found == [
        {"/member": "missing", "/code": "missing"},
        {"/code": "missing"},
        {"/code": "empty"},
        {"/member": "one_reference"},
        {"/code": "too_long"},
        {"/points": "unknown_field"},
    ]
    assert tell(till, code, card="1") == (404, "unknown_member")
    assert till.rows("SELECT 1 FROM referral") == []


def test_whoever_is_blocked_or_gone_is_not_bound(till: Till, code: str) -> None:
    answers = []
    for status in ("blocked", "erased"):
        with till.shop.worlds.open() as world:
            world.connection.exec_driver_sql(f"UPDATE member SET status = '{status}'")
        answers.append(tell(till, code))

    assert answers == [(403, "member_blocked"), (404, "unknown_member")]
