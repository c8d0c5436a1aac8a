"""Semantics 7: an event told twice, told otherwise, told too early, told late."""

import threading

import pytest
import sqlalchemy as sa

from gamification.refusals import ConflictingBody
from tests.shop import Person, Shop


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    return Shop(engine, columns={"pending_days": 0}).join("anna")


def purchases(anna: Person) -> int:
    return int(anna.shop.rows("SELECT COUNT(*) FROM activity WHERE type = 'purchase'")[0][0])


def test_the_same_body_five_times_is_one_purchase(anna: Person) -> None:
    answers = [anna.spend_money("evt-1", "2000") for _ in range(5)]

    assert [a.status for a in answers] == ["recorded", *["replayed"] * 4]
    assert {a.answer["points"] for a in answers} == {100}
    assert (anna.balance(), purchases(anna)) == (100, 1)


def test_twenty_at_once_are_one_purchase(anna: Person) -> None:
    answers: list[str] = []

    def post() -> None:
        while True:
            try:
                answers.append(anna.spend_money("evt-1", "2000").status)
                return
            except sa.exc.OperationalError:
                continue

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["recorded", *["replayed"] * 19]
    assert (anna.balance(), purchases(anna)) == (100, 1)


def test_another_body_under_the_same_id_is_refused(anna: Person) -> None:
    anna.spend_money("evt-1", "2000")

    with pytest.raises(ConflictingBody):
        anna.spend_money("evt-1", "2500")

    assert (anna.balance(), purchases(anna)) == (100, 1)


def test_a_correction_books_only_the_difference(anna: Person) -> None:
    anna.spend_money("evt-1", "2000")

    answer = anna.spend_money("evt-1b", "2500", names_id="evt-1").answer

    assert answer["points"] == 25
    assert anna.balance() == 125
    assert anna.shop.rows("SELECT SUM(value) FROM day_sum") == [(250_000,)]


def test_a_correction_downwards_takes_the_difference(anna: Person) -> None:
    anna.spend_money("evt-1", "2000")

    answer = anna.spend_money("evt-1b", "1500", names_id="evt-1").answer

    assert (answer["points"], answer["clawed_back"]) == (0, 25)
    assert anna.balance() == 75


def test_returning_a_corrected_purchase_leaves_nothing(anna: Person) -> None:
    anna.spend_money("evt-1", "2000")
    anna.spend_money("evt-1b", "2500", names_id="evt-1")

    anna.bring_back("r-1", of="evt-1b", whole=True, total="0")

    assert anna.balance() == 0


def test_a_return_before_its_purchase_waits_for_it(anna: Person) -> None:
    parked = anna.bring_back("r-9", ("GOODS", None, "1", "500"), of="evt-9")
    before = anna.balance()

    anna.spend_money("evt-9", "500")

    assert (parked.status, before) == ("parked", 0)
    moved = anna.shop.rows("SELECT kind, points FROM transfer ORDER BY id")
    assert moved == [("purchase", 25), ("clawback", 25)]
    assert anna.balance() == 0


def test_an_offline_till_is_judged_by_the_old_rate(anna: Person) -> None:
    anna.shop.at = "2026-01-04 12:00"
    anna.shop.rule("tier_rate", "tier_rate", {"rates": {"bronze": 1_000}}, since="2026-01-03 00:00")

    old = anna.spend_money("old", "2000", at="2026-01-01 12:00")
    new = anna.spend_money("new", "2000")

    assert (old.answer["points"], new.answer["points"]) == (100, 200)


def test_a_clock_far_ahead_or_far_behind_waits_for_a_person(anna: Person) -> None:
    anna.shop.at = "2026-03-01 12:00"

    future = anna.spend_money("future", "2000", at="2026-03-01 12:06")
    past = anna.spend_money("past", "2000", at="2026-01-30 11:00")

    assert [future.status, past.status] == ["under_review", "under_review"]
    assert anna.shop.rows("SELECT COUNT(*) FROM transfer") == [(0,)]
