"""A shop that brings its receipts by file: a reward is held from the day of the file."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from gamification.activities.receipts import Receipt
from gamification.commands.intake import take_page
from tests.challenging import entry, launch, terms, work
from tests.shop import Person, Shop, plain_tiers
from tests.stories.test_challenge_edges import (
    BUN,
    END,
    ONE,
    START,
    bring_back,
    brought,
    buy,
    is_clean,
)

NIGHT = "2026-03-06 02:00"


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


@pytest.fixture
def ana(shop: Shop) -> Person:
    return shop.join("Ana")


def bring(shop: Shop, at: str, *receipts: Receipt, history: bool = False) -> None:
    """Bring a file of Ana's receipts, and let the clock work."""
    with shop.world(at) as world:
        day: datetime | None = None if history else world.now
        take_page(world.session, world.ids, [("Ana", receipts)], brought=day)
    work(shop, at)


def bought(shop: Shop, key: str, at: str) -> Receipt:
    return shop.receipt("purchase", key, [BUN], at=at)


def returned(shop: Shop, key: str, at: str) -> Receipt:
    return shop.receipt("return", f"back-{key}", [BUN], at=at, names_id=key)


def test_the_hold_of_a_file_runs_from_the_day_it_is_brought(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE, hold_days=3), START, END)
    work(shop, START)

    bring(shop, NIGHT, bought(shop, "Ana-1", "2026-03-02 09:00"))

    assert (brought(ana), ana.balance("2026-03-08 23:59")) == (200, 0)
    bring_back(ana, "1", "2026-03-08 09:00")
    assert (brought(ana), entry(ana, week)["score"]) == (0, 0)
    assert is_clean(shop, "2026-03-08 10:00")


@pytest.mark.parametrize(("night", "left"), [("2026-03-08 02:00", 0), ("2026-03-09 02:00", 200)])
def test_a_return_by_file_takes_only_what_is_not_firm_yet(
    shop: Shop, ana: Person, night: str, left: int
) -> None:
    launch(shop, terms(ONE, hold_days=3), START, END)
    work(shop, START)
    bring(shop, NIGHT, bought(shop, "i1", "2026-03-02 09:00"))

    bring(shop, night, returned(shop, "i1", "2026-03-07 09:00"))

    assert (brought(ana), ana.balance("2026-03-09 02:00")) == (left, left)
    assert is_clean(shop, "2026-03-09 10:00")


def test_a_return_of_a_file_that_is_dated_ahead_is_there_at_once(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, hold_days=3), START, END)
    work(shop, START)
    buy(ana, "1", "2026-03-02 09:00")
    assert brought(ana) == 200

    bring(shop, "2026-03-04 20:00", returned(shop, "Ana-1", "2026-03-05 10:00"))

    assert brought(ana) == 0, "it could not be spent yet when the file came"
    assert is_clean(shop, "2026-03-05 12:00")


def test_a_file_says_when_it_came_only_of_what_a_challenge_asks(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE), START, END)
    work(shop, START)
    early, now = bought(shop, "i1", "2026-02-20 09:00"), bought(shop, "i2", "2026-03-02 09:00")

    bring(shop, NIGHT, early, now)
    bring(shop, NIGHT, bought(shop, "i3", "2026-03-03 09:00"), history=True)

    bodies = dict(shop.rows("SELECT external_id, body FROM activity WHERE source = 'till'"))
    assert [bodies[key] is None for key in ("i1", "i2", "i3")] == [True, False, True]


def test_a_short_grace_loses_no_receipt_of_a_file(shop: Shop, ana: Person) -> None:
    days = launch(shop, terms(ONE, repeat="daily", grace_hours=0), START, END)
    work(shop, START)

    bring(shop, NIGHT, bought(shop, "i1", "2026-03-05 09:00"))

    assert (entry(ana, days, "2026-03-05")["state"], brought(ana)) == ("rewarded", 200)


def test_back_and_bought_again_in_one_file(shop: Shop, ana: Person) -> None:
    """A file takes goods back whose reward was paid, and brings others: one look of the clock."""
    launch(shop, terms(ONE, hold_days=3), START, END)
    work(shop, START)
    buy(ana, "1", "2026-03-02 09:00")
    again = bought(shop, "Ana-2", "2026-03-03 10:00")
    bring(shop, "2026-03-04 02:00", returned(shop, "Ana-1", "2026-03-03 09:00"), again)

    assert [ana.balance(at) for at in ("2026-03-04 23:59", "2026-03-05 00:00")] == [0, 200]
    bring_back(ana, "2", "2026-03-05 09:00")

    assert brought(ana) == 200, "it could be spent by then"
    assert is_clean(shop, "2026-03-05 10:00")


def test_what_comes_back_for_good_is_held_anew(shop: Shop, ana: Person) -> None:
    """As above, but the clock took the reward before other goods were bought."""
    launch(shop, terms(ONE, hold_days=3), START, END)
    work(shop, START)
    buy(ana, "1", "2026-03-02 09:00")
    bring(shop, "2026-03-04 02:00", returned(shop, "Ana-1", "2026-03-03 09:00"))
    assert brought(ana) == 0

    bring(shop, "2026-03-04 03:00", bought(shop, "Ana-2", "2026-03-03 10:00"))

    assert [ana.balance(at) for at in ("2026-03-06 23:59", "2026-03-07 00:00")] == [0, 200]
    bring_back(ana, "2", "2026-03-06 09:00")
    assert brought(ana) == 0
    assert is_clean(shop, "2026-03-06 10:00")
