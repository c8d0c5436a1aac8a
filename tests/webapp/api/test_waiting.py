"""What a till is told of receipts that waited: for their purchase, or for a person's decision."""

from typing import Any

import pytest

from gamification.commands.owner import change_programme
from gamification.commands.staff import accept_waiting, reject_waiting, reopen_rejected
from tests.webapp.api.till import ANNA, WHEN, Till, add_member, open_programme, till_of
from tests.webapp.shopfront import Shop

LARGEST, LARGER = "100000.00", "100000.01"
GOODS = [{"sku": "TEA", "quantity": 2, "amount": "400.00"}, {"sku": "MUG", "amount": "600.00"}]


def decide(shop: Shop, till: Till, receipt_id: str, decision: str, reason: str = "") -> None:
    ((activity_id,),) = till.rows("SELECT id FROM activity WHERE external_id = ?", receipt_id)
    with shop.worlds.open() as world:
        if decision == "accept":
            accept_waiting(world, activity_id, "account:1")
        elif decision == "reject":
            reject_waiting(world, activity_id, reason, "account:1")
        else:
            reopen_rejected(world, activity_id, "account:1")


def limit(shop: Shop, review_over: int | None) -> None:
    with shop.worlds.open() as world:
        change_programme(world, review_over=review_over)


def short(answer: Any) -> tuple[Any, ...]:
    body = answer.get_json()
    return answer.status_code, body["status"], body["waits"], body["points"]


def test_an_unusually_large_sum_waits_for_a_person(shop: Shop, till: Till) -> None:
    largest, larger = till.buy("p-1", LARGEST), till.buy("p-2", LARGER)
    again = till.buy("p-2", LARGER)

    assert short(largest)[:3] == (201, "recorded", None)
    assert short(larger) == short(again) == (202, "under_review", "large_amount", 0)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert till.get("/receipts/p-2").get_json()["state"] == "under_review"
    earned = largest.get_json()["points"]
    assert till.anna()["pending_points"] == earned

    decide(shop, till, "p-2", "accept")

    accepted = till.buy("p-2", LARGER)
    assert short(accepted)[:2] == (200, "recorded")
    assert till.anna()["pending_points"] == earned + accepted.get_json()["points"] > earned


def test_the_owner_sets_what_is_unusual(shop: Shop, till: Till) -> None:
    limit(shop, 50_000)
    small = till.buy("p-1", "500.01")
    limit(shop, None)
    large = till.buy("p-2", "5000000.00")

    assert short(small)[1:3] == ("under_review", "large_amount")
    assert short(large)[1:3] == ("recorded", None)


def test_a_large_return_waits_unless_its_purchase_bounds_it(shop: Shop, till: Till) -> None:
    till.post("/purchases", {"id": "p-1", "occurred_at": WHEN, "member": ANNA, "lines": GOODS})
    limit(shop, 50_000)
    mug = [{"sku": "MUG", "amount": "600.00"}]

    named = till.bring_back("r-1", "p-1", lines=mug)
    unnamed = till.post(
        "/returns", {"id": "r-2", "occurred_at": WHEN, "member": ANNA, "lines": mug}
    )

    assert short(named)[1] == "recorded"
    assert short(unnamed)[1:3] == ("under_review", "large_amount")


def test_a_return_of_a_purchase_under_review_waits_with_it(shop: Shop, till: Till) -> None:
    till.buy("p-1", LARGER)

    early = till.bring_back("r-1", "p-1")
    decide(shop, till, "p-1", "accept")

    assert short(early)[:3] == (202, "parked", "purchase_unknown")
    told = till.buy("p-1", LARGER).get_json()
    assert (told["points"], told["returns_applied"]) == (0, ["r-1"])
    assert till.get("/receipts/p-1").get_json()["state"] == "returned"
    assert till.anna()["pending_points"] == 0


@pytest.mark.parametrize("whole", [True, False])
def test_a_purchase_tells_of_the_return_that_came_before_it(till: Till, whole: bool) -> None:
    lines = {} if whole else {"lines": [{"sku": "MUG", "quantity": 1, "amount": "600.00"}]}
    till.bring_back("r-1", "p-1", **lines)
    told = {"id": "p-1", "occurred_at": WHEN, "member": ANNA, "lines": GOODS}

    first, again = till.post("/purchases", told), till.post("/purchases", told)

    points = 0 if whole else 12  # 3 % of what is kept
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert first.get_json()["points"] == points
    assert first.get_json()["returns_applied"] == ["r-1"]
    assert till.anna()["pending_points"] == points
    assert till.get("/receipts/p-1").get_json()["points_left"] == points
    back = till.bring_back("r-1", "p-1", **lines).get_json()
    assert (back["status"], back["clawed_back"]) == ("recorded", 30 - points)


def test_a_rejected_receipt_is_told_so_with_the_reason(shop: Shop, till: Till) -> None:
    till.buy("p-1", LARGER)
    decide(shop, till, "p-1", "reject", "Проба кассы")

    again, shown = till.buy("p-1", LARGER), till.get("/receipts/p-1").get_json()

    assert short(again) == (200, "rejected", None, 0)
    assert again.get_json()["reason"] == "Проба кассы"
    assert again.headers["Idempotent-Replayed"] == "true"
    assert shown["answer"] == again.get_json()

    decide(shop, till, "p-1", "reopen")

    reopened = till.buy("p-1", LARGER)
    assert short(reopened) == (202, "under_review", "large_amount", 0)
    assert reopened.get_json()["reason"] is None


def test_nobody_is_named_by_what_was_asked(shop: Shop) -> None:
    with shop.worlds.open() as world:
        open_programme(world)
        add_member(world, card="1")
    till = till_of(shop)
    asked: list[tuple[dict[str, str], str]] = [
        ({"card": "2"}, "No member has this card."),
        ({"phone": "+79161234500"}, "No member has this phone."),
        ({"external_id": "x"}, "Nobody is known by this id of yours (external_id)."),
    ]

    english = {"Accept-Language": "en"}
    said = [till.get("/members", query, **english).get_json()["detail"] for query, _ in asked]
    bodies = [
        {"id": "p-1", "occurred_at": WHEN, "total": "10.00", "member": who} for who, _ in asked
    ]
    told = [till.post("/purchases", body, **english).get_json()["detail"] for body in bodies]

    assert said == told == [sentence for _, sentence in asked]
