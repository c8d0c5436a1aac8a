"""A purchase is recorded once, or told why not, field by field."""

import sqlite3
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.webapp.api.till import ANNA, CARD, PHONE, WHEN, Till, add_member, faults
from tests.webapp.shopfront import Shop
from webapp.app import create_app
from webapp.settings import Settings
from webapp.surroundings import here
from webapp.world import Worlds

PLAIN: dict[str, Any] = {"id": "p-1", "occurred_at": WHEN, "member": ANNA, "total": "1000.00"}
LINE: dict[str, Any] = {"sku": "TEA", "category": "tea", "quantity": 2, "amount": "500.00"}


def with_line(**more: Any) -> dict[str, Any]:
    """A purchase of one line; a value None leaves the field out."""
    line = {name: value for name, value in (LINE | more).items() if value is not None}
    return {key: value for key, value in PLAIN.items() if key != "total"} | {"lines": [line]}


RICH = PLAIN | {
    "total": "1100.50",
    "lines": [LINE, {"quantity": "0.350", "price": "1000"}],
    "store": "Noon",
    "channel": "store",
    "operator": "7",
}


def test_a_purchase_is_recorded(till: Till) -> None:
    answer = till.post("/purchases", RICH)

    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/receipts/p-1"
    assert "Idempotent-Replayed" not in answer.headers
    assert answer.get_json() == {
        "id": "p-1",
        "type": "purchase",
        "status": "recorded",
        "waits": None,
        "reason": None,
        "points": 33,
        "clawed_back": 0,
        "points_back": 0,
        "tier": "sprout",
        "medals": [{"code": "first_purchase", "level": 1, "subject": None}],
        "medals_withdrawn": [],
        "returns_applied": [],
        "challenges": [],
    }


def line_shown(number: int, quantity: str, amount: str, *, of: str | None) -> dict[str, Any]:
    names = {"sku": None, "category": None} if of is None else {"sku": of.upper(), "category": of}
    kept = {"quantity": quantity, "quantity_left": quantity, "amount": amount}
    return {"line": number, **names, **kept}


def test_a_recorded_purchase_is_shown(till: Till) -> None:
    answer = till.post("/purchases", RICH)

    shown = till.get("/receipts/p-1").get_json()

    assert shown == {
        "id": "p-1",
        "type": "purchase",
        "state": "recorded",
        "member_id": till.anna()["member_id"],
        "occurred_at": WHEN,
        "recorded_at": WHEN,
        "currency": "RUB",
        "total": "1100.50",
        "total_left": "1100.50",
        "points": 33,
        "points_left": 33,
        "purchase_id": None,
        "purchase_source": None,
        "supersedes": None,
        "store": "Noon",
        "channel": "store",
        "operator": "7",
        "lines": [
            line_shown(1, "2", "500.00", of="tea"),
            line_shown(2, "0.35", "350.00", of=None),
        ],
        "answer": answer.get_json(),
    }


def test_the_same_again_is_answered_alike_and_says_so(till: Till) -> None:
    first = till.post("/purchases", with_line())

    again = till.post("/purchases", with_line(quantity="2.000", amount="500"))

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.get_data() == first.get_data()


def test_another_body_under_the_same_number_changes_nothing(till: Till) -> None:
    till.post("/purchases", PLAIN)

    answer = till.post("/purchases", PLAIN | {"total": "2500.00"})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "conflicting_body")
    assert till.get("/receipts/p-1").get_json()["total"] == "1000.00"


def test_a_member_goes_by_card_phone_or_own_id(till: Till) -> None:
    names: list[dict[str, str | None]] = [
        {"card": CARD},
        {"phone": PHONE},
        {"phone": "8 (916) 123-45-67"},
        {"external_id": "13085"},
        {"card": CARD, "phone": None},
    ]

    answers = [till.post("/purchases", PLAIN | {"id": f"p-{n}", "member": name})
               for n, name in enumerate(names)]  # fmt: skip

    assert [answer.status_code for answer in answers] == [201] * 5
    assert till.rows("SELECT COUNT(DISTINCT member_id) FROM activity") == [(1,)]


def test_the_same_receipt_by_card_and_by_phone_is_the_same(till: Till) -> None:
    till.post("/purchases", PLAIN)

    again = till.post("/purchases", PLAIN | {"member": {"phone": PHONE}})

    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")


def test_a_local_time_is_meant_in_the_programmes_zone(till: Till) -> None:
    till.post("/purchases", PLAIN | {"occurred_at": "2026-11-24T12:00:00"})

    again = till.post("/purchases", PLAIN | {"occurred_at": "2026-11-24T09:00:00Z"})

    assert again.status_code == 200


def test_nobody_is_known_by_a_strange_card(till: Till) -> None:
    answer = till.post("/purchases", PLAIN | {"member": {"card": "1"}})

    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_member")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE card SET state = 'blocked'", "card_blocked"),
        ("UPDATE member SET status = 'blocked'", "member_blocked"),
    ],
)
def test_a_blocked_card_or_member_is_refused(till: Till, change: str, code: str) -> None:
    run(till.shop.worlds, change)

    answers = [till.post("/purchases", PLAIN), till.get("/members", ANNA)]

    assert [(answer.status_code, answer.get_json()["code"]) for answer in answers] == [
        (403, code)
    ] * 2


def run(worlds: Worlds, sql: str) -> None:
    with worlds.open() as world:
        world.session.connection().exec_driver_sql(sql)


def test_what_a_card_did_before_it_was_blocked_is_still_answered(till: Till) -> None:
    first = till.post("/purchases", PLAIN)
    run(till.shop.worlds, "UPDATE card SET state = 'blocked'")

    again = till.post("/purchases", PLAIN)

    assert (again.status_code, again.get_data()) == (200, first.get_data())


def test_a_busy_database_asks_to_come_again(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.api.purchases.record_receipt", be_busy)

    answer = till.post("/purchases", PLAIN)

    assert (answer.status_code, answer.get_json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]


def be_busy(*_given: object) -> None:
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorname = "SQLITE_BUSY"  # type: ignore[misc]
    raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, locked)


def test_a_past_day_takes_no_receipt(till: Till, settings: Settings) -> None:
    till.buy("p-0", "100.00")
    past = replace(settings, as_of=date(2026, 11, 24))
    shop = Shop(create_app(past, engine=here(till.shop.app).engine), till.shop.now)
    then = Till(shop, shop.app.test_client(), till.key)

    answer = then.post("/purchases", PLAIN)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "read_only_now")
    assert then.get("/receipts/p-0").status_code == 200
    assert then.anna()["pending_points"] == 3


def test_an_erased_member_is_unknown(till: Till) -> None:
    run(till.shop.worlds, "UPDATE member SET status = 'erased'")

    answers = [till.post("/purchases", PLAIN), till.get("/members", ANNA)]

    assert {answer.get_json()["code"] for answer in answers} == {"unknown_member"}


@pytest.mark.parametrize(
    ("occurred_at", "waits"),
    [("2026-11-24T12:06:00+03:00", "from_the_future"), ("2026-10-20T12:00:00+03:00", "too_late")],
)
def test_a_wrong_clock_waits_for_a_person(till: Till, occurred_at: str, waits: str) -> None:
    told = PLAIN | {"occurred_at": occurred_at}

    first, again = till.post("/purchases", told), till.post("/purchases", told)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.get_json()["status"] == "under_review"
    assert first.get_json()["waits"] == waits
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert till.anna()["pending_points"] == 0


WRONG_FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"id": ""}, "/id", "empty"),
    ({"id": 7}, "/id", "text"),
    ({"id": "x" * 121}, "/id", "too_long"),
    ({"id": "a\u0000b"}, "/id", "control_letters"),
    ({"id": " a"}, "/id", "outer_blanks"),
    ({"occurred_at": "2026-02-30T12:00:00Z"}, "/occurred_at", "no_such_moment"),
    ({"occurred_at": "24.11.2026"}, "/occurred_at", "moment"),
    ({"occurred_at": 1_795_000_000}, "/occurred_at", "moment"),
    ({"occurred_at": "0001-01-01T00:00:00Z"}, "/occurred_at", "moment"),
    ({"member": {}}, "/member", "one_reference"),
    ({"member": {"card": "1", "phone": PHONE}}, "/member", "one_reference"),
    ({"member": CARD}, "/member", "object"),
    ({"member": {"card": CARD, "name": "Anna"}}, "/member/name", "unknown_field"),
    ({"member": {"phone": "12"}}, "/member/phone", "phone"),
    ({"total": 1000}, "/total", "money"),
    ({"total": 1000.5}, "/total", "money"),
    ({"total": "1,000.00"}, "/total", "money"),
    ({"total": "-1.00"}, "/total", "money"),
    ({"total": "1e3"}, "/total", "money"),
    ({"total": "1000.005"}, "/total", "money_digits"),
    ({"total": None}, "", "lines_or_total"),
    ({"total": "10.00", "lines": [LINE]}, "/total", "total_too_small"),
    ({"lines": LINE}, "/lines", "list"),
    ({"lines": [LINE] * 1_001}, "/lines", "too_many"),
    ({"lines": ["TEA"]}, "/lines/0", "object"),
    ({"supersedes": "p-1"}, "", "names_itself"),
    ({"points": 10}, "/points", "points_need_presence"),
    ({"pay_with_points": 10}, "/pay_with_points", "points_need_presence"),
    ({"comment": "x"}, "/comment", "unknown_field"),
    ({"a/b~c": "x"}, "/a~1b~0c", "unknown_field"),
]
WRONG_LINES: list[tuple[dict[str, Any], str, str]] = [
    ({"amount": None}, "/lines/0", "amount_or_price"),
    ({"amount": 500}, "/lines/0/amount", "money"),
    ({"amount": "5.001"}, "/lines/0/amount", "money_digits"),
    ({"price": "1.0000001"}, "/lines/0/price", "price"),
    ({"quantity": 0.35}, "/lines/0/quantity", "quantity"),
    ({"quantity": -1}, "/lines/0/quantity", "quantity"),
    ({"quantity": True}, "/lines/0/quantity", "quantity"),
    ({"quantity": "1.0001"}, "/lines/0/quantity", "quantity"),
    ({"sku": 7}, "/lines/0/sku", "text"),
    ({"discounts": [{"kind": "promo"}]}, "/lines/0/discounts/0/amount", "missing"),
    ({"discounts": [{"kind": 1, "amount": "1"}]}, "/lines/0/discounts/0/kind", "text"),
]


def test_each_wrong_field_is_named(till: Till) -> None:
    told = [(PLAIN | change, place, code) for change, place, code in WRONG_FIELDS]
    told += [(with_line(**change), place, code) for change, place, code in WRONG_LINES]

    found = [faults(till.post("/purchases", body)) for body, _, _ in told]

    assert found == [{place: code} for _, place, code in told]
    assert till.rows("SELECT COUNT(*) FROM activity") == [(0,)]


def test_all_faults_come_at_once_in_the_readers_language(till: Till) -> None:
    answer = till.post("/purchases", {"total": 5, "more": 1}, **{"Accept-Language": "ru"})

    body = answer.get_json()
    assert faults(answer) == {
        "/id": "missing",
        "/occurred_at": "missing",
        "/member": "missing",
        "/total": "money",
        "/more": "unknown_field",
    }
    assert answer.headers["Content-Language"] == "ru"
    assert body["errors"][0]["detail"] == "Это поле нужно."


def test_a_price_times_a_quantity_is_rounded_half_up(till: Till) -> None:
    told = with_line(amount=None, price="33.333333", quantity="1.5")

    till.post("/purchases", told)

    assert till.get("/receipts/p-1").get_json()["total"] == "50.00"
    assert till.rows("SELECT amount, quantity FROM activity_line") == [(5000, 1500)]


@pytest.mark.parametrize("price", ["99999999999.99", "99999.99"])
def test_an_enormous_amount_is_refused(till: Till, price: str) -> None:
    run(till.shop.worlds, "UPDATE programme SET review_over = NULL, version = version + 1")
    lines = [{"price": price, "quantity": "999999"}]

    answer = till.post("/purchases", with_line() | {"lines": lines})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "amount_too_large")
    assert till.rows("SELECT COUNT(*) FROM activity") == [(0,)]


def test_a_correction_of_something_unknown_is_refused(till: Till) -> None:
    answer = till.post("/purchases", PLAIN | {"supersedes": "p-0"})

    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_receipt")


def test_a_receipt_of_somebody_else_under_the_same_number_conflicts(till: Till) -> None:
    till.post("/purchases", PLAIN)
    with till.shop.worlds.open() as world:
        add_member(world, card="2")

    answer = till.post("/purchases", PLAIN | {"member": {"card": "2"}})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "conflicting_body")


def test_before_the_programme_is_set_up_the_api_says_so(till: Till) -> None:
    run(till.shop.worlds, "DELETE FROM earn_rule_version")
    run(till.shop.worlds, "DELETE FROM programme")

    answers = [till.post("/purchases", PLAIN), till.get("/members", ANNA), till.get("/receipts/1")]

    assert {answer.get_json()["code"] for answer in answers} == {"programme_missing"}
    assert {answer.status_code for answer in answers} == {409}
