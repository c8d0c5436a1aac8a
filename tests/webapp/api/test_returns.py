"""A return takes back what its goods earned, finds them, waits for them, or is refused."""

from typing import Any

import pytest

from tests.webapp.api.till import ANNA, WHEN, Till, faults, till_of

GOODS: list[dict[str, Any]] = [
    {"sku": "TEA", "category": "tea", "quantity": 2, "amount": "400.00"},
    {"sku": "MUG", "category": "mugs", "amount": "600.00"},
]
LINE = {"line": 1, "quantity": 1, "amount": "200.00"}


def buy_goods(till: Till, receipt_id: str = "p-1") -> None:
    body = {"id": receipt_id, "occurred_at": WHEN, "member": ANNA, "lines": GOODS}
    assert till.post("/purchases", body).status_code == 201


def test_a_line_comes_back_by_its_number(till: Till) -> None:
    buy_goods(till)

    answer = till.bring_back("r-1", "p-1", lines=[LINE])

    assert answer.status_code == 201
    assert (answer.get_json()["clawed_back"], answer.get_json()["points"]) == (6, 0)
    kept = till.get("/receipts/p-1").get_json()
    assert (kept["state"], kept["total_left"], kept["points_left"]) == (
        "partly_returned",
        "800.00",
        24,
    )
    assert [line["quantity_left"] for line in kept["lines"]] == ["1", "1"]
    shown = till.get("/receipts/r-1").get_json()
    assert (shown["type"], shown["purchase_id"], shown["total"], shown["total_left"]) == (
        "return",
        "p-1",
        "200.00",
        None,
    )


def test_goods_come_back_by_sku(till: Till) -> None:
    buy_goods(till)

    lines = [{"sku": "MUG", "amount": "600.00"}]
    answer = till.bring_back("r-1", "p-1", lines=lines)

    assert answer.get_json()["clawed_back"] == 18


def test_goods_without_a_receipt_are_found_by_sku_and_price(till: Till) -> None:
    buy_goods(till)

    body = {"id": "r-1", "occurred_at": WHEN, "member": ANNA}
    answer = till.post("/returns", body | {"lines": [{"sku": "TEA", "price": "200"}]})

    assert answer.get_json()["clawed_back"] == 6


def test_the_whole_receipt_comes_back_once(till: Till) -> None:
    buy_goods(till)
    first = till.bring_back("r-1", "p-1")

    again, other = till.bring_back("r-1", "p-1"), till.bring_back("r-2", "p-1")

    assert (first.status_code, first.get_json()["clawed_back"]) == (201, 30)
    assert first.get_json()["medals_withdrawn"] == [
        {"code": "first_purchase", "level": 1, "subject": None}
    ]
    assert (again.status_code, again.get_data()) == (200, first.get_data())
    assert (other.status_code, other.get_json()["code"]) == (409, "receipt_closed")
    assert till.get("/receipts/p-1").get_json()["state"] == "returned"


@pytest.mark.parametrize(
    "line",
    [
        {"line": 1, "quantity": 3, "amount": "600.00"},
        {"line": 1, "quantity": 1, "amount": "300.00"},
        {"line": 3, "amount": "1.00"},
        {"sku": "PIE", "amount": "1.00"},
    ],
)
def test_more_than_was_bought_is_refused(till: Till, line: dict[str, Any]) -> None:
    buy_goods(till)

    answer = till.bring_back("r-1", "p-1", lines=[line])

    assert (answer.status_code, answer.get_json()["code"]) == (422, "returns_too_much")
    assert till.get("/receipts/r-1").status_code == 404


def test_a_line_of_other_goods_is_refused(till: Till) -> None:
    buy_goods(till)

    wrong = till.bring_back("r-1", "p-1", lines=[LINE | {"sku": "MUG"}])
    right = till.bring_back("r-1", "p-1", lines=[LINE | {"sku": "TEA"}])

    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "goods_differ")
    assert right.status_code == 201


def test_an_early_return_waits_and_is_applied_when_its_purchase_comes(till: Till) -> None:
    waiting = till.bring_back("r-1", "p-1", lines=[LINE])
    repeated = till.bring_back("r-1", "p-1", lines=[LINE])

    buy_goods(till)

    assert (waiting.status_code, waiting.get_json()["waits"]) == (202, "purchase_unknown")
    assert (repeated.status_code, repeated.headers["Idempotent-Replayed"]) == (202, "true")
    applied = till.bring_back("r-1", "p-1", lines=[LINE])
    assert (applied.status_code, applied.get_json()["status"]) == (200, "recorded")
    assert applied.get_json()["clawed_back"] == 6
    assert till.anna()["pending_points"] == 24


def test_a_return_names_no_purchase_of_somebody_else(till: Till) -> None:
    buy_goods(till)
    till.shop.member(phone="+79990000000")

    body = {"id": "r-1", "occurred_at": WHEN, "member": {"phone": "+79990000000"}}
    answer = till.post("/returns", body | {"purchase_id": "p-1", "whole": True})

    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_receipt")


NOTHING = LINE | {"quantity": 0}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "whole_or_lines"),
    ({"whole": True}, "", "whole_of_nothing"),
    ({"whole": "yes"}, "/whole", "yes_or_no"),
    ({"whole": 1}, "/whole", "yes_or_no"),
    ({"whole": True, "purchase_id": "p-1", "lines": [LINE]}, "", "whole_and_lines"),
    ({"whole": True, "purchase_id": "p-1", "total": "1.00"}, "", "whole_and_lines"),
    ({"lines": [LINE]}, "", "line_of_nothing"),
    ({"purchase_id": "r-1", "lines": [LINE]}, "", "names_itself"),
    ({"purchase_id": "p-1", "lines": [{"amount": "1"}]}, "/lines/0", "line_or_sku"),
    ({"purchase_id": "p-1", "lines": [{"line": 1}]}, "/lines/0", "amount_or_price"),
    ({"purchase_id": "p-1", "lines": [LINE | {"line": 0}]}, "/lines/0/line", "out_of_bounds"),
    ({"purchase_id": "p-1", "lines": [LINE | {"line": "1"}]}, "/lines/0/line", "whole_number"),
    ({"purchase_id": "p-1", "lines": [NOTHING]}, "/lines/0/quantity", "quantity_zero"),
    ({"purchase_id": "p-1", "lines": [LINE], "total": "1"}, "/total", "total_too_small"),
    ({"purchase_id": "p-1", "lines": [LINE], "points": 1}, "/points", "points_need_presence"),
]


def test_each_wrong_field_is_named(till: Till) -> None:
    plain = {"id": "r-1", "occurred_at": WHEN, "member": ANNA}

    found = [faults(till.post("/returns", plain | change)) for change, _, _ in WRONG]

    assert found == [{place: code} for _, place, code in WRONG]


def test_goods_of_another_till_come_back_where_its_key_is_named(till: Till) -> None:
    other = till_of(till.shop, "till-2")
    buy_goods(other, "117")
    buy_goods(till, "117")

    answer = till.bring_back("r-1", "117", purchase_source="till-2")

    assert (answer.status_code, answer.get_json()["clawed_back"]) == (201, 30)
    assert other.get("/receipts/117").get_json()["state"] == "returned"
    assert till.get("/receipts/117").get_json()["state"] == "recorded"
    shown = till.get("/receipts/r-1").get_json()
    assert (shown["purchase_id"], shown["purchase_source"]) == ("117", "till-2")
    again = till.bring_back("r-1", "117", purchase_source="till-2")
    assert (again.status_code, again.get_json()["clawed_back"]) == (200, 30)
    assert till.bring_back("r-1", "117").status_code == 409


def test_a_return_that_overtook_the_purchase_of_another_till_waits_for_that_one(
    till: Till,
) -> None:
    other = till_of(till.shop, "till-2")
    buy_goods(other, "116")
    early = till.bring_back("r-1", "117", purchase_source="till-2")

    buy_goods(till, "117")
    buy_goods(other, "117")

    assert early.status_code == 202
    assert till.get("/receipts/117").get_json()["state"] == "recorded"
    assert other.get("/receipts/117").get_json()["state"] == "returned"


def test_a_name_that_nobody_told_under_is_said_to_be_unknown(till: Till) -> None:
    buy_goods(till, "117")

    answer = till.bring_back("r-1", "117", purchase_source="till-3")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_source")
    assert "till-3" in answer.get_json()["detail"]
    assert till.get("/receipts/r-1").status_code == 404
    assert till.bring_back("r-1", "117", purchase_source="till-1").status_code == 201


def test_who_told_is_asked_only_of_a_purchase_and_never_of_the_return_itself(till: Till) -> None:
    body = {"id": "r-1", "occurred_at": WHEN, "member": ANNA, "purchase_source": "till-1"}

    assert faults(till.post("/returns", body | {"lines": [{"sku": "TEA", "price": "200"}]})) == {
        "": "source_of_nothing"
    }
    assert faults(till.bring_back("r-1", "r-1", purchase_source="till-1")) == {
        "/purchase_id": "names_itself"
    }
