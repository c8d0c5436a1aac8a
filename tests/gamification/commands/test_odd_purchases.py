"""What rules see of purchases: a shared card, gift cards, who rang up, who had bought before."""

import pytest
import sqlalchemy as sa

from gamification.commands.suspicions import set_rule
from gamification.readmodels.referral_reviews import review_groups
from tests.inviting import bind, come, fired, let_clock_work, offer, state_of
from tests.odd_invitations import BOUGHT, LATER, STAFF, buy, invite, settled
from tests.shop import Person, Shop


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at="2026-03-02 12:00", tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


@pytest.mark.parametrize("also", ["", "email"])
def test_friends_who_pay_with_one_card_wait_for_a_person(shop: Shop, also: str) -> None:
    ana = come(shop, "ana", email="ana@mail.ru")
    boris = come(shop, "boris", email="ana+1@mail.ru" if also else "boris@mail.ru")
    bind(ana, boris)
    buy(ana, "300", payment="fp_1")

    buy(boris, payment="fp_1")
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert fired(boris) == {"same_person": "block" if also else "hold"}
    assert state_of(boris)[0] == ("blocked" if also else "in_review")


def test_cards_that_differ_in_capitals_are_two(shop: Shop) -> None:
    ana = come(shop, "ana", email="ana@mail.ru")
    (boris,) = invite(ana, "boris")
    buy(ana, "300", payment="fp_a")

    buy(boris, payment="fp_A")
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)[0]) == ({}, "rewarded")


def test_after_a_purchase_of_gift_cards_another_one_may_count(shop: Shop) -> None:
    (boris,) = settled(shop, "excluded_goods", odd=True)
    assert state_of(boris) == ("registered", "excluded")

    buy(boris, "900", at="2026-03-21 12:00")
    let_clock_work(shop, "2026-03-21 12:01")
    assert state_of(boris) == ("purchased", None)
    let_clock_work(shop, "2026-04-04 00:00")

    assert state_of(boris) == ("rewarded", None)
    kept = shop.rows("SELECT rule, state, decided_by, evidence FROM referral_signal")
    assert [row[:3] for row in kept] == [("excluded_goods", "confirmed", "engine")]


def test_gift_cards_that_went_back_spoil_nothing(shop: Shop) -> None:
    shop.rule("gift_cards", "exclusion", {"categories": ["gift"]})
    (boris,) = invite(come(shop, "ana", email="ana@mail.ru"), "boris")
    coffee = ("CAP", "coffee", "2", "600")
    boris.buy("b-1", ("CARD", "gift", "1", "900"), coffee, at=BOUGHT, now=BOUGHT)
    later = "2026-03-05 12:00"
    boris.bring_back("r-1", ("CARD", "gift", "1", "900"), of="b-1", at=later, now=later)

    let_clock_work(shop, later)
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)) == ({}, ("rewarded", None))


@pytest.mark.parametrize(("action", "ends"), [("hold", "in_review"), ("flag", "rewarded")])
def test_a_purchase_of_gift_cards_may_count_and_be_looked_at(
    shop: Shop, action: str, ends: str
) -> None:
    with shop.world() as world:
        set_rule(world, "excluded_goods", action=action)

    (boris,) = settled(shop, "excluded_goods", odd=True)

    assert (fired(boris), state_of(boris)[0]) == ({"excluded_goods": action}, ends)


def test_a_worker_who_rings_up_their_friends_is_told(shop: Shop) -> None:
    friends = invite(come(shop, "olga", email="boss@gmail.com"), "boris", "vera")
    for friend, operator in zip(friends, (" OLGA ", "till 2"), strict=True):
        buy(friend, operator=operator)

    let_clock_work(shop, BOUGHT, STAFF)
    let_clock_work(shop, LATER, STAFF)

    with shop.world(LATER) as world:
        (group,) = review_groups(world)
    assert group.rule == "staff_referrer"
    assert sorted(tuple(one.evidence.values()) for one in group.cases) == [
        (False, ""), (True, " OLGA "),
    ]  # fmt: skip


EARLIER = "2026-03-01 12:00"


@pytest.mark.parametrize("told_first", [True, False])
@pytest.mark.parametrize("action", ["block", "hold", "off"])
def test_who_bought_before_joining_is_not_new_whenever_the_receipt_comes(
    shop: Shop, told_first: bool, action: str
) -> None:
    with shop.world() as world:
        set_rule(world, "not_new", action=action)
    ana, boris = (come(shop, name, email=f"{name}@mail.ru") for name in ("ana", "boris"))
    steps = [lambda: bind(ana, boris), lambda: buy_earlier(boris)]
    for step in steps if told_first else reversed(steps):
        step()

    buy(boris)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert fired(boris) == ({} if action == "off" else {"not_new": action})
    ends = {"block": "blocked", "hold": "in_review", "off": "rewarded"}
    assert state_of(boris)[0] == ends[action]


def buy_earlier(person: Person) -> None:
    """A receipt from the day before joining that the till tells now."""
    person.spend_money(f"early:{person.name}", "900", at=EARLIER, now="2026-03-02 12:00")


def test_the_receipt_with_which_the_card_was_given_makes_nobody_old(shop: Shop) -> None:
    ana, boris = (come(shop, name, email=f"{name}@mail.ru") for name in ("ana", "boris"))
    boris.spend_money("b-1", "900", at="2026-03-02 11:58", now="2026-03-02 12:00")

    assert bind(ana, boris, at="2026-03-02 12:00") == "bound"
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)) == ({}, ("rewarded", None))


def test_a_purchase_between_joining_and_the_code_that_came_late_is_seen(shop: Shop) -> None:
    ana, boris = (come(shop, name, email=f"{name}@mail.ru") for name in ("ana", "boris"))
    bind(ana, boris, at="2026-03-04 10:00")
    boris.spend_money("b-1", "900", at="2026-03-03 12:00", now="2026-03-05 12:00")
    buy(boris, at="2026-03-05 13:00")

    let_clock_work(shop, "2026-03-05 14:00")
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)) == ({"not_new": "block"}, ("blocked", "not_new"))
