"""Rewards whose goods went back, while the clock had not come by or the challenge paused."""

import pytest
import sqlalchemy as sa

from gamification.commands.challenges import pause_challenge, resume_challenge
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
