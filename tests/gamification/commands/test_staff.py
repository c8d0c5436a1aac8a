"""Receipts that wait for a person: they count as if believed, or nowhere, once."""

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.staff import accept_waiting, reject_waiting, reopen_rejected
from gamification.commands.till import Outcome
from gamification.refusals import (
    MemberBlocked,
    NotEnoughPoints,
    NotWaiting,
    ReturnsTooMuch,
    StillAhead,
)
from tests.shop import Person, Shop, plain_tiers

LATE = "2026-01-01 10:00"
NOW = "2026-03-01 12:00"


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    tiers = plain_tiers(("bronze", 0, 500), ("silver", 1_000, 1_000))
    return Shop(engine, at="2026-01-01 09:00", tiers=tiers)


@pytest.fixture
def anna(shop: Shop) -> Person:
    anna = shop.join("anna")
    shop.at = NOW
    return anna


def accept(shop: Shop, waiting: Outcome) -> Outcome:
    with shop.world() as world:
        return accept_waiting(world, waiting.activity_id, "account:1")


def reject(shop: Shop, waiting: Outcome, reason: str = "") -> None:
    with shop.world() as world:
        reject_waiting(world, waiting.activity_id, reason, "account:1")


def state_and_body(shop: Shop, activity_id: int) -> tuple[str, dict[str, Any]]:
    ((state, body),) = shop.rows("SELECT state, body FROM activity WHERE id = ?", activity_id)
    return state, json.loads(body) if isinstance(body, str) else body


def assert_sound(shop: Shop) -> None:
    with shop.world() as world:
        report = run_audit(world, full=True)
    assert [finding for finding in report.findings if finding.count] == []


def test_an_accepted_purchase_earns_as_on_its_own_day(shop: Shop, anna: Person) -> None:
    waiting = anna.spend_money("late", "2000", at=LATE)

    accepted = accept(shop, waiting)

    assert (waiting.status, accepted.status) == ("under_review", "recorded")
    assert accepted.activity_id == waiting.activity_id
    assert accepted.answer["points"] == 100
    assert anna.balance(NOW) == 100
    assert anna.tier() == "silver"
    assert_sound(shop)


def test_the_till_that_sends_it_again_gets_the_new_answer(shop: Shop, anna: Person) -> None:
    waiting = anna.spend_money("late", "2000", at=LATE)
    accepted = accept(shop, waiting)

    again = anna.spend_money("late", "2000", at=LATE)

    assert (again.status, again.answer) == ("replayed", accepted.answer)
    assert anna.balance(NOW) == 100


def test_an_accepted_return_takes_from_the_purchase_it_names(shop: Shop, anna: Person) -> None:
    mug = ("MUG", None, "1", "400")
    anna.buy("p-1", mug, ("CUP", None, "1", "600"), at="2026-02-20 10:00")
    waiting = anna.bring_back("r-1", mug, of="p-1", at="2026-01-20 10:00")

    accepted = accept(shop, waiting)

    assert accepted.answer["clawed_back"] == 20
    assert_sound(shop)


def test_a_return_that_waited_still_knows_the_line_it_named(shop: Shop, anna: Person) -> None:
    anna.buy("p-1", ("MUG", None, "1", "400"), ("MUG", None, "1", "600"), at="2026-02-20 10:00")
    receipt = shop.receipt("return", "r-1", [("MUG", None, "1", "600")], names_id="p-1", at=LATE)
    second = replace(receipt.lines[0], line_no=2)
    waiting = anna.tell(replace(receipt, lines=(second,)))

    accept(shop, waiting)

    assert shop.rows("SELECT purchase_line_no FROM return_match") == [(2,)]


def test_an_accepted_return_that_names_an_unknown_purchase_waits_for_it(
    shop: Shop, anna: Person
) -> None:
    waiting = anna.bring_back("r-1", ("MUG", None, "1", "400"), of="p-1", at=LATE)

    accepted = accept(shop, waiting)

    assert accepted.status == "parked"
    anna.buy("p-1", ("MUG", None, "1", "400"), at="2026-02-20 10:00")
    assert anna.pending(NOW) == 0
    assert_sound(shop)


def test_a_receipt_from_the_future_waits_until_its_time_has_come(shop: Shop, anna: Person) -> None:
    waiting = anna.spend_money("early", "2000", at="2026-03-02 12:00")

    with pytest.raises(StillAhead) as refused:
        accept(shop, waiting)
    shop.at = "2026-03-02 12:00"
    accepted = accept(shop, waiting)

    assert refused.value.values == {"until": shop.when("2026-03-02 12:00")}
    assert accepted.answer["points"] == 100


def test_what_was_decided_once_cannot_be_decided_again(shop: Shop, anna: Person) -> None:
    waiting = anna.spend_money("late", "2000", at=LATE)
    accept(shop, waiting)

    for decide in (accept, reject):
        with pytest.raises(NotWaiting):
            decide(shop, waiting)

    assert anna.balance(NOW) == 100


def test_a_purchase_that_was_never_doubted_is_no_matter_for_review(
    shop: Shop, anna: Person
) -> None:
    counted = anna.spend_money("today", "2000")

    for decide in (accept, reject):
        with pytest.raises(NotWaiting):
            decide(shop, counted)


def test_a_rejected_receipt_counts_nowhere_and_says_who_and_why(shop: Shop, anna: Person) -> None:
    waiting = anna.spend_money("late", "2000", at=LATE)

    reject(shop, waiting, "  the till's clock was wrong  ")

    state, body = state_and_body(shop, waiting.activity_id)
    assert state == "rejected"
    assert body["reason"] == "the till's clock was wrong"
    assert [(one["by"], one["decision"]) for one in body["decisions"]] == [
        ("account:1", "rejected")
    ]
    assert shop.rows("SELECT COUNT(*) FROM transfer") == [(0,)]
    assert_sound(shop)


def test_a_rejection_can_be_undone(shop: Shop, anna: Person) -> None:
    waiting = anna.spend_money("late", "2000", at=LATE)
    reject(shop, waiting)

    with shop.world() as world:
        reopen_rejected(world, waiting.activity_id, "account:1")
    accepted = accept(shop, waiting)

    assert accepted.answer["points"] == 100


def test_only_a_rejected_receipt_is_opened_again(shop: Shop, anna: Person) -> None:
    waiting = anna.spend_money("late", "2000", at=LATE)

    with shop.world() as world, pytest.raises(NotWaiting):
        reopen_rejected(world, waiting.activity_id, "account:1")


def test_what_cannot_be_done_leaves_the_receipt_waiting(shop: Shop, anna: Person) -> None:
    anna.buy("p-1", ("MUG", None, "1", "400"), at="2026-02-20 10:00")
    too_much = anna.bring_back("r-1", ("MUG", None, "2", "800"), of="p-1", at=LATE)
    paid = anna.spend_money("late", "2000", points_paid=50, at=LATE)

    for waiting, refusal in ((too_much, ReturnsTooMuch), (paid, NotEnoughPoints)):
        with pytest.raises(refusal), shop.world() as world:
            accept_waiting(world, waiting.activity_id, "account:1")

    waits = shop.rows("SELECT external_id FROM activity WHERE state = 'under_review' ORDER BY 1")
    assert waits == [("late",), ("r-1",)]


def test_a_blocked_member_earns_nothing_from_the_past(shop: Shop, anna: Person) -> None:
    waiting = anna.spend_money("late", "2000", at=LATE)
    with shop.world() as world:
        world.session.execute(sa.text("UPDATE member SET status = 'blocked'"))

    with pytest.raises(MemberBlocked):
        accept(shop, waiting)
