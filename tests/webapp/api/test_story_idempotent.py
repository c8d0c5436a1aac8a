"""Semantics 7 told over HTTP, number for number: 5 % of every purchase, spendable at once."""

import threading
from collections import Counter
from typing import Any

import pytest

from gamification.commands.owner import publish_rule
from tests.webapp.api.till import (
    ANNA,
    CARD,
    OWN_ID,
    PHONE,
    Till,
    add_member,
    five_per_cent,
    open_programme,
    till_of,
)
from tests.webapp.shopfront import Shop
from webapp.api import purchases


@pytest.fixture
def till(shop: Shop) -> Till:
    with shop.worlds.open() as world:
        open_programme(world, pending_days=0)
        five_per_cent(world)
        add_member(world, card=CARD, phone=PHONE, own_id=OWN_ID)
    return till_of(shop)


def receipts(till: Till) -> int:
    return int(till.rows("SELECT COUNT(*) FROM activity")[0][0])


def balance(till: Till) -> int:
    return int(till.anna()["balance"])


def test_the_same_body_five_times_is_one_purchase(till: Till) -> None:
    answers = [till.buy("evt-1", "2000.00") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 200]
    assert {answer.get_json()["points"] for answer in answers} == {100}
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [
        None,
        *["true"] * 4,
    ]
    assert (balance(till), receipts(till)) == (100, 1)


def test_twenty_at_once_are_one_purchase(till: Till) -> None:
    answers: list[Any] = []
    tills = [Till(till.shop, till.shop.app.test_client(), till.key) for _ in range(20)]
    threads = [
        threading.Thread(target=lambda one=one: answers.append(one.buy("evt-1", "2000.00")))
        for one in tills
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert len({answer.get_data() for answer in answers}) == 1
    assert (balance(till), receipts(till)) == (100, 1)


def test_another_body_under_the_same_id_changes_nothing(till: Till) -> None:
    till.buy("evt-1", "2000.00")

    answer = till.buy("evt-1", "2500.00")

    assert (answer.status_code, balance(till)) == (409, 100)


def test_a_correction_books_only_the_difference(till: Till) -> None:
    till.buy("evt-1", "2000.00")

    answer = till.buy("evt-1b", "2500.00", supersedes="evt-1")
    again = till.buy("evt-1b", "2500.00", supersedes="evt-1")

    assert (answer.status_code, answer.get_json()["points"]) == (201, 25)
    assert (again.status_code, balance(till)) == (200, 125)
    assert till.get("/receipts/evt-1").get_json()["state"] == "superseded"
    assert till.get("/receipts/evt-1b").get_json()["supersedes"] == "evt-1"


def test_a_return_before_its_purchase_is_parked_and_nets_to_nothing(till: Till) -> None:
    parked = till.bring_back("r-9", "evt-9")

    bought = till.buy("evt-9", "500.00")

    assert (parked.status_code, parked.get_json()["status"]) == (202, "parked")
    told = bought.get_json()
    assert (bought.status_code, told["points"], told["returns_applied"]) == (201, 0, ["r-9"])
    assert till.rows("SELECT kind, points FROM transfer ORDER BY id") == [
        ("purchase", 25),
        ("clawback", 25),
    ]
    assert balance(till) == 0


def test_a_crash_before_the_answer_and_a_retry_count_once(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(purchases, "answer_receipt", fail)
        lost = till.buy("evt-1", "2000.00")

    again = till.buy("evt-1", "2000.00")

    assert (lost.status_code, again.status_code) == (500, 200)
    assert (again.headers["Idempotent-Replayed"], again.get_json()["points"]) == ("true", 100)
    assert (balance(till), receipts(till)) == (100, 1)


def test_a_crash_before_the_commit_leaves_nothing(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("gamification.commands.till.write_rows", fail)
        lost = till.buy("evt-1", "2000.00")
    nothing = (balance(till), receipts(till))

    again = till.buy("evt-1", "2000.00")

    assert (lost.status_code, nothing, again.status_code) == (500, (0, 0), 201)
    assert balance(till) == 100


def fail(*_given: object, **_named: object) -> None:
    raise RuntimeError("the power went out")


def test_an_offline_till_is_judged_by_the_rate_of_that_day(till: Till) -> None:
    with till.shop.worlds.open() as world:
        tiers = ("sprout", "leaf", "branch", "wreath")
        ten = {"rates": dict.fromkeys(tiers, 1_000)}
        publish_rule(world, code="tier_rate", kind="tier_rate", params=ten)
    till.shop.now.move(days=2)

    old = till.buy("evt-1", "2000.00", occurred_at="2026-11-23T12:00:00+03:00")
    new = till.buy("evt-2", "2000.00", occurred_at="2026-11-26T12:00:00+03:00")

    assert (old.get_json()["points"], new.get_json()["points"]) == (100, 200)


def test_each_key_has_its_own_numbers(till: Till) -> None:
    other = till_of(till.shop, "till-2")
    till.buy("evt-1", "2000.00")

    theirs = other.bring_back("r-1", "evt-1")

    assert (theirs.status_code, theirs.get_json()["status"]) == (202, "parked")
    assert other.get("/receipts/evt-1").status_code == 404
    assert balance(till) == 100
    assert other.post("/members", ANNA).status_code == 405
