"""Receipts that come late, go back late or wait for a person, and challenges that are over."""

import pytest
import sqlalchemy as sa

from gamification.commands.challenge_clock import advance_challenges, close_challenges
from gamification.commands.challenges import (
    Rung,
    Step,
    cancel_challenge,
    pause_challenge,
    replace_live_terms,
    resume_challenge,
    stop_challenge,
)
from gamification.commands.intake import take_page
from tests.challenging import entry, launch, terms, work
from tests.shop import Person, Shop, plain_tiers
from tests.stories.test_challenge_edges import (
    BUN,
    END,
    ONE,
    START,
    TEN_THEN_FIFTY,
    TWO,
    bring_back,
    brought,
    buy,
    is_clean,
    set_status,
)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


@pytest.fixture
def ana(shop: Shop) -> Person:
    return shop.join("Ana")


def test_a_late_receipt_before_the_deciding_one_begins_the_hold(shop: Shop, ana: Person) -> None:
    launch(shop, terms(TWO, hold_days=3, grace_hours=14 * 24), START, END)
    buy(ana, "2", "2026-03-03 09:00")
    buy(ana, "1", "2026-03-02 09:00", told="2026-03-12 09:00")
    assert ana.balance("2026-03-12 09:02") == 0

    bring_back(ana, "1", "2026-03-12 09:03")

    assert brought(ana) == 0


def test_a_rung_that_was_paid_is_ripe_when_it_was_to_be(shop: Shop, ana: Person) -> None:
    ladder = (Rung(at=1, points=10), Rung(at=2, points=50))
    launch(shop, terms(TWO, ladder=ladder, hold_days=3, grace_hours=14 * 24), START, END)
    buy(ana, "2", "2026-03-03 09:00")
    buy(ana, "1", "2026-03-02 09:00", told="2026-03-12 09:00")
    assert ana.balance("2026-03-12 09:02") == 10

    bring_back(ana, "1", "2026-03-12 09:03")

    assert (brought(ana), ana.balance("2026-03-12 09:04")) == (10, 10)


def test_another_purchase_in_its_place_makes_a_reward_no_less_firm(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, hold_days=3), START, END)
    buy(ana, "1", "2026-03-02 09:00")
    buy(ana, "2", "2026-03-04 09:00")
    bring_back(ana, "1", "2026-03-04 10:00")
    shop.at = "2026-03-05 09:00"
    ana.pay(200, "spent")

    bring_back(ana, "2", "2026-03-06 10:00")
    buy(ana, "3", "2026-03-06 11:00")

    assert brought(ana) == 200
    assert is_clean(shop, "2026-03-06 12:00")


def test_a_stop_looks_at_no_receipt_that_waits(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO), START, END)
    work(shop, START)
    buy(ana, "1", "2026-03-02 09:00")
    buy(ana, "odd", "2027-03-02 09:00", told="2026-03-03 09:00")
    with shop.world("2026-03-04 09:00") as world:
        stop_challenge(world, week, reason="enough", actor="marketer")

    work(shop, "2026-03-07 09:00")

    assert shop.rows("SELECT state FROM challenge") == [("ended",)]


def test_an_archived_challenge_pays_by_the_terms_of_the_member(shop: Shop, ana: Person) -> None:
    three = Step(kind="count", at_least=3)
    ladder = (Rung(at=1, points=10), Rung(at=2, points=50), Rung(at=3, points=70))
    week = launch(shop, terms(three, ladder=ladder), START, END)
    work(shop, START)
    for n in range(3):
        ana.buy(f"r{n}", BUN, at="2026-03-02 09:00", now="2026-03-02 09:00")
    set_status(shop, ana, "blocked")
    with shop.world("2026-03-02 11:00") as world:
        replace_live_terms(world, week, terms(ONE, points=5), actor="marketer")
    for at in ("2026-03-20 09:00", "2026-07-20 09:00"):
        work(shop, at)
    assert shop.rows("SELECT state FROM challenge") == [("archived",)]
    set_status(shop, ana, "active")

    work(shop, "2026-07-20 12:00")

    assert brought(ana) == 130


def test_a_file_that_comes_after_the_end_pays_nothing(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE), START, END)
    for at in (START, "2026-03-20 09:00"):
        work(shop, at)
    told = shop.receipt("purchase", "i1", [BUN], at="2026-03-04 09:00")
    with shop.world("2026-04-20 09:00") as world:
        take_page(world.session, world.ids, [("Ana", [told])])
    work(shop, "2026-04-20 09:01")

    assert (entry(ana, week), brought(ana)) == ({}, 0)


def test_a_return_between_two_pages_of_the_closing_is_missed(shop: Shop, ana: Person) -> None:
    week, at = launch(shop, terms(ONE), START, END), "2026-03-11 00:01"
    work(shop, START)
    buy(ana, "1", "2026-03-08 09:00")
    for step in (advance_challenges, close_challenges):
        with shop.world(at) as world:
            step(world)

    bring_back(ana, "1", at)

    assert (entry(ana, week)["state"], brought(ana)) == ("missed", 0)


def test_what_goes_back_after_a_call_off_stays_called_off(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO, ladder=TEN_THEN_FIFTY), START, END)
    work(shop, START)
    for key in ("1", "2"):
        buy(ana, key, "2026-03-02 09:00")
    with shop.world("2026-03-03 09:00") as world:
        cancel_challenge(world, week, reason="rain", compensation=30, actor="marketer")
    for key in ("1", "2"):
        bring_back(ana, key, "2026-03-03 10:00")

    buy(ana, "3", "2026-03-03 12:00")

    assert (entry(ana, week)["state"], brought(ana)) == ("cancelled", 0)
    assert is_clean(shop, "2026-03-03 13:00")


def test_what_goes_back_before_it_was_paid_wins_no_place(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, max_winners=1, hold_days=3), START, END)
    boris = shop.join("Boris")
    work(shop, START)
    buy(ana, "1", "2026-03-02 09:00")
    buy(boris, "1", "2026-03-03 09:00")
    bring_back(ana, "1", "2026-03-08 09:00")

    work(shop, "2026-03-12 09:00")

    assert (brought(ana), brought(boris)) == (0, 200)


def test_what_goes_back_while_it_is_paused_is_not_paid(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE, hold_days=1), START, END)
    work(shop, START)
    with shop.world("2026-03-02 08:00") as world:
        pause_challenge(world, week, reason="stock", actor="marketer")
    buy(ana, "1", "2026-03-02 09:00")
    bring_back(ana, "1", "2026-03-04 09:00")
    with shop.world("2026-03-05 09:00") as world:
        resume_challenge(world, week, actor="marketer")

    work(shop, "2026-03-05 09:01")

    assert (brought(ana), entry(ana, week)["score"]) == (0, 0)
    assert is_clean(shop, "2026-03-05 10:00")
