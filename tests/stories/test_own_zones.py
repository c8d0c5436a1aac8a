"""A member may live by another clock than the shop: what is promised goes by the shop's."""

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.acts import note_act, set_act_terms
from tests.challenging import launch, terms
from tests.inviting import bind, let_clock_work, offer
from tests.shop import Person, Shop, plain_tiers
from tests.stories.test_challenge_edges import END, ONE, START, bring_back, brought, buy

ZONES = ("Pacific/Kiritimati", "Asia/Vladivostok", "Europe/Kaliningrad", "Pacific/Pago_Pago")


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


@pytest.fixture(params=ZONES)
def ana(shop: Shop, request: pytest.FixtureRequest) -> Person:
    """She lives ahead of Moscow, or behind it."""
    found = shop.join("Ana")
    with shop.world() as world:
        sql = sa.text("UPDATE member SET zone = :zone WHERE id = :id")
        world.connection.execute(sql, {"zone": request.param, "id": found.id})
    return found


def is_clean(shop: Shop, at: str) -> bool:
    with shop.world(at) as world:
        return run_audit(world, full=True).is_clean


def balances(person: Person, *moments: str) -> list[int]:
    return [person.balance(at) for at in moments]


def test_a_reward_can_be_spent_from_when_it_stays(shop: Shop, ana: Person) -> None:
    """Whoever lives ahead could spend it hours before the goods were to stay."""
    launch(shop, terms(ONE, hold_days=3), START, END)
    buy(ana, "1", "2026-03-02 09:00")
    bring_back(ana, "1", "2026-03-04 23:59")
    assert brought(ana) == 0

    buy(ana, "2", "2026-03-05 09:00")
    assert balances(ana, "2026-03-07 23:59", "2026-03-08 00:00") == [0, 200]
    bring_back(ana, "2", "2026-03-08 00:00")

    assert brought(ana) == 200
    assert balances(ana, "2027-03-08 23:59", "2027-03-09 00:00") == [200, 0]
    assert is_clean(shop, "2026-03-08 00:10")


def test_who_invited_can_spend_from_the_end_of_the_hold(shop: Shop, ana: Person) -> None:
    offer(shop)
    shop.at = "2026-03-02 10:00"
    boris = shop.join("Boris")
    assert bind(ana, boris) == "bound"
    boris.spend_money("b-1", "500", at="2026-03-02 11:00", now="2026-03-02 11:00")

    let_clock_work(shop, "2026-03-15 23:59")
    before = ana.balance("2026-03-15 23:59")
    let_clock_work(shop, "2026-03-16 00:00")

    assert (before, ana.balance("2026-03-16 00:00")) == (0, 300)
    assert balances(ana, "2027-03-16 23:59", "2027-03-17 00:00") == [300, 0]
    assert is_clean(shop, "2026-03-16 00:10")


def test_points_of_an_act_burn_at_the_end_of_the_shops_day(shop: Shop, ana: Person) -> None:
    with shop.world() as world:
        set_act_terms(world, "profile_completed", points=30)

    with shop.world("2026-03-01 12:30") as world:
        note_act(world, ana.id, "profile_completed")

    last, over = "2027-03-01 23:59", "2027-03-02 00:00"
    assert balances(ana, "2026-03-01 12:29", "2026-03-01 12:30", last, over) == [0, 30, 30, 0]
