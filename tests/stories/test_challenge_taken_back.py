"""Rewards whose goods went back, while the clock had not come by or the challenge paused."""

import pytest
import sqlalchemy as sa

from gamification.commands.challenges import (
    cancel_challenge,
    pause_challenge,
    resume_challenge,
)
from gamification.commands.staff import accept_waiting
from tests.challenging import entry, launch, rewards, terms, work
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


def test_what_went_back_twice_before_the_clock_looked_is_taken(shop: Shop, ana: Person) -> None:
    """A paid rung that went back is not firm by waiting, however late the clock comes."""
    launch(shop, terms(ONE, hold_days=3), START, END)
    work(shop, START)
    buy(ana, "1", "2026-03-02 09:00")
    ana.bring_back("b1", BUN, of="Ana-1", at="2026-03-04 09:00", now="2026-03-04 09:00")
    ana.buy("Ana-2", BUN, at="2026-03-04 09:01", now="2026-03-04 09:01")
    ana.bring_back("b2", BUN, of="Ana-2", at="2026-03-04 09:02", now="2026-03-04 09:02")
    ana.buy("Ana-3", BUN, at="2026-03-04 09:03", now="2026-03-04 09:03")
    ana.bring_back("b3", BUN, of="Ana-3", at="2026-03-04 09:04", now="2026-03-04 09:04")

    work(shop, "2026-03-06 10:00")

    assert brought(ana) == 0
    assert is_clean(shop, "2026-03-06 10:00")


def test_a_rung_that_went_back_leaves_the_one_below(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO, ladder=TEN_THEN_FIFTY, hold_days=3), START, END)
    buy(ana, "1", "2026-03-02 09:00")
    buy(ana, "2", "2026-03-03 09:00")
    ana.bring_back("b2", BUN, of="Ana-2", at="2026-03-04 09:00", now="2026-03-04 09:00")
    assert is_clean(shop, "2026-03-04 09:01"), "the clock has not come by"

    work(shop, "2026-03-04 10:00")
    buy(ana, "3", "2026-03-04 11:00")

    assert rewards(ana)[-1] == ("challenge_completed", 50)
    moments = ("2026-03-05 00:00", "2026-03-06 00:00", "2026-03-07 00:00")
    assert [ana.balance(at) for at in moments] == [10, 10, 60]
    assert entry(ana, week)["points"] == 60
    assert is_clean(shop, "2026-03-04 12:00")


def test_a_pause_keeps_no_reward_whose_goods_went_back(shop: Shop, ana: Person) -> None:
    """It would be ripe before anybody goes on, and could be spent."""
    week = launch(shop, terms(ONE, hold_days=3), START, END)
    buy(ana, "1", "2026-03-02 09:00")
    with shop.world("2026-03-03 09:00") as world:
        pause_challenge(world, week, reason="a look", actor="marketer")
    bring_back(ana, "1", "2026-03-04 09:00")
    assert (brought(ana), ana.balance("2026-03-05 09:00")) == (0, 0)
    buy(ana, "2", "2026-03-05 10:00")
    assert brought(ana) == 0, "a pause pays nothing"

    with shop.world("2026-03-06 09:00") as world:
        resume_challenge(world, week, actor="marketer")
    work(shop, "2026-03-06 09:01")

    assert brought(ana) == 200
    assert [ana.balance(at) for at in ("2026-03-07 23:59", "2026-03-08 00:00")] == [0, 200]
    assert is_clean(shop, "2026-03-06 09:02")


@pytest.mark.parametrize("is_early", [True, False])
def test_a_lower_rung_of_goods_that_went_back_before_the_clock_is_not_paid(
    engine: sa.Engine, is_early: bool
) -> None:
    """A receipt is accepted after the closing; its goods were back before, or went at once."""
    shop = Shop(engine, at="2026-03-01 12:00", columns={"review_over": 300_000})
    ana = shop.join("Ana")
    week = launch(shop, terms(TWO, ladder=TEN_THEN_FIFTY, hold_days=3), START, END)
    work(shop, START)
    cake = ("CAKE", "bread", "1", "5000")
    waits = ana.buy("big", cake, at="2026-03-03 09:00", now="2026-03-03 09:05")
    back = {"of": "big", "whole": True}
    if is_early:
        ana.bring_back("b", **back, at="2026-03-04 09:00", now="2026-03-04 09:00")
    work(shop, "2026-03-12 09:00")

    with shop.world("2026-03-12 10:00") as world:
        accept_waiting(world, waits.activity_id, "account:1")
    if not is_early:
        ana.bring_back("b", **back, at="2026-03-12 10:00", now="2026-03-12 10:00")
    work(shop, "2026-03-12 10:01")

    assert (entry(ana, week)["score"], rewards(ana)) == (0, [])
    assert is_clean(shop, "2026-03-12 11:00")


def test_who_was_locked_out_is_paid_for_nothing_that_went_back(shop: Shop, ana: Person) -> None:
    launch(shop, terms(TWO, ladder=TEN_THEN_FIFTY, hold_days=14), START, END)
    work(shop, START)
    ana.buy("Ana-1", BUN, at="2026-03-08 09:00", now="2026-03-08 09:00")
    set_status(shop, ana, "blocked")
    work(shop, "2026-03-12 09:00")
    set_status(shop, ana, "active")
    ana.bring_back("b", BUN, of="Ana-1", at="2026-03-12 09:10", now="2026-03-12 09:10")

    work(shop, "2026-03-12 11:00")

    assert rewards(ana) == []
    assert is_clean(shop, "2026-03-12 12:00")


def test_what_goes_back_after_a_calling_off_changes_no_compensation(
    shop: Shop, ana: Person
) -> None:
    week = launch(shop, terms(TWO, ladder=TEN_THEN_FIFTY), START, END)
    work(shop, START)
    for key in ("1", "2"):
        at = f"2026-03-03 09:0{key}"
        ana.buy(f"Ana-{key}", BUN, at=at, now=at)
    with shop.world("2026-03-03 10:00") as world:
        cancel_challenge(world, week, reason="rain", compensation=30, actor="marketer")
    work(shop, "2026-03-03 10:00")

    bring_back(ana, "2", "2026-03-03 10:01")
    bring_back(ana, "1", "2026-03-03 10:02")

    assert rewards(ana) == [("challenge_compensation", 30)]
    assert shop.rows("SELECT spent FROM challenge") == [(30,)]
    assert is_clean(shop, "2026-03-03 11:00")
