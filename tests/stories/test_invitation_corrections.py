"""A rewarded invitation follows its purchase through corrections, whatever becomes of those."""

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.staff import accept_waiting, reject_waiting
from gamification.refusals import ReceiptClosed
from tests.inviting import bind, come, earned, let_clock_work, offer, state_of
from tests.shop import Person, Shop, plain_tiers

BOUGHT, KEPT = "2026-03-01 13:00", "2026-03-05 09:00"
SLIP = "1000000"


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    """A receipt of more than 100,000 waits for a person."""
    tiers = plain_tiers(("base", 0, 500))
    columns = {"review_over": 10_000_000}
    return Shop(engine, at="2026-03-01 12:00", tiers=tiers, columns=columns)


def pair(shop: Shop, **changed: int) -> tuple[Person, Person]:
    """Ana and a friend whose purchase of 1,000 was rewarded."""
    offer(shop, hold_days=3, **changed)
    ana, friend = come(shop, "ana", email="ana@mail.ru"), come(shop, "vera", email="vera@mail.ru")
    assert bind(ana, friend) == "bound"
    friend.spend_money("f1", "1000", at=BOUGHT, now=BOUGHT)
    let_clock_work(shop, KEPT)
    assert state_of(friend) == ("rewarded", None)
    return ana, friend


def correct(friend: Person, key: str, money: str, at: str, *, of: str = "f1") -> str:
    return friend.spend_money(key, money, at=BOUGHT, now=at, names_id=of).status


def standing(ana: Person, friend: Person, at: str) -> tuple[str, int, int]:
    """The invitation's state and what both have of it once the clock has looked; books hold."""
    let_clock_work(ana.shop, at)
    with ana.shop.world(at) as world:
        assert [f for f in run_audit(world, full=True).findings if f.count] == []
    return state_of(friend)[0], earned(ana), earned(friend)


def waiting(shop: Shop) -> int:
    rows = shop.rows("SELECT id FROM activity WHERE state = 'under_review'")
    return int(rows[0][0])


@pytest.mark.parametrize("fate", ["waits", "rejected", "accepted"])
def test_a_correction_with_a_slip_costs_nobody_the_reward(shop: Shop, fate: str) -> None:
    ana, friend = pair(shop)
    assert correct(friend, "c1", SLIP, "2026-03-05 10:00") == "under_review"
    if fate == "rejected":
        with shop.world("2026-03-05 10:01") as world:
            reject_waiting(world, waiting(shop), "a slip", "account:1")
    assert correct(friend, "c2", "1100", "2026-03-05 10:02") == "recorded"
    if fate == "accepted":
        with pytest.raises(ReceiptClosed), shop.world("2026-03-05 10:03") as world:
            accept_waiting(world, waiting(shop), "account:1")

    assert standing(ana, friend, "2026-03-05 10:04") == ("rewarded", 300, 200)


def test_a_correction_below_the_minimum_still_takes_the_reward_back(shop: Shop) -> None:
    ana, friend = pair(shop)
    assert correct(friend, "c1", SLIP, "2026-03-05 10:00") == "under_review"
    assert correct(friend, "c2", "100", "2026-03-05 10:01") == "recorded"

    assert standing(ana, friend, "2026-03-05 10:02") == ("reversed", 0, 0)


def test_the_last_of_several_corrections_decides(shop: Shop) -> None:
    ana, friend = pair(shop)
    assert correct(friend, "c1", "1100", "2026-03-05 10:00") == "recorded"
    assert correct(friend, "c2", SLIP, "2026-03-05 10:01", of="c1") == "under_review"
    assert correct(friend, "c3", "1200", "2026-03-05 10:02", of="c1") == "recorded"
    assert standing(ana, friend, "2026-03-05 10:03") == ("rewarded", 300, 200)

    goods = ("GOODS", None, "1", "1200")
    friend.bring_back("b1", goods, of="c3", at="2026-03-06 10:00", now="2026-03-06 10:00")

    assert standing(ana, friend, "2026-03-06 10:01") == ("reversed", 0, 0)


def test_the_share_of_a_corrected_purchase_is_that_of_its_correction(shop: Shop) -> None:
    ana, friend = pair(shop, share_percent=10)
    assert correct(friend, "c1", SLIP, "2026-03-05 10:00") == "under_review"
    assert correct(friend, "c2", "1200", "2026-03-05 10:01") == "recorded"

    assert standing(ana, friend, "2026-03-05 10:02") == ("rewarded", 300, 200)
    shares = shop.rows(
        "SELECT points_left FROM activity WHERE type = 'friend_bought' AND state = 'counted'"
    )
    assert shares == [(6,)], "a tenth of the 60 that the friend has for it"
